"""Which adapter is deaf, what is done about it, and how often."""

from typing import Any

import pytest

from bmsreader.links.adapters import LocalAdapter
from bmsreader.links.bus import Bus
from bmsreader.links.recovery import DEAF_AFTER, LISTEN_AGAIN_AFTER, RESET_PAUSE, Hearing, Treatment, reset
from bmsreader.model import NoBluetooth
from tests.clock import run

ADAPTER = LocalAdapter(name="hci0", address="02:00:00:00:00:FE")


def treatments(hearing: Hearing, until: float, *, links: int = 0, every: float = 30.0) -> list[tuple[float, Treatment]]:
    """Return what is done when an adapter is looked at every 30 s."""
    done: list[tuple[float, Treatment]] = []
    now = 0.0
    while now <= until:
        treatment = hearing.treatment(now, links=links)
        hearing.treated(treatment, now)
        if treatment is not Treatment.NOTHING:
            done.append((now, treatment))
        now += every
    return done


def test_an_adapter_that_hears_is_left_alone() -> None:
    hearing = Hearing(quiet_since=0.0)
    for now in range(0, 7200, 60):
        hearing.heard(float(now))
        assert hearing.treatment(now + 59.0, links=0) is Treatment.NOTHING


def test_a_quiet_adapter_first_begins_to_listen_anew() -> None:
    done = treatments(Hearing(quiet_since=0.0, heard_before=True), DEAF_AFTER - 1)

    assert done[0] == (LISTEN_AGAIN_AFTER, Treatment.LISTEN_AGAIN)
    assert {treatment for _, treatment in done} == {Treatment.LISTEN_AGAIN}


def test_an_adapter_that_stays_deaf_is_reset() -> None:
    hearing = Hearing(quiet_since=0.0, heard_before=True)

    assert (DEAF_AFTER, Treatment.RESET) in treatments(hearing, DEAF_AFTER)


def test_resets_that_do_not_help_become_rare() -> None:
    hearing = Hearing(quiet_since=0.0, heard_before=True)
    resets = [at for at, treatment in treatments(hearing, 86_400.0) if treatment is Treatment.RESET]

    assert resets[:3] == [DEAF_AFTER, DEAF_AFTER + RESET_PAUSE, DEAF_AFTER + 3 * RESET_PAUSE]
    assert len(resets) <= 8  # a day long


def test_an_adapter_in_a_lonely_place_is_never_reset() -> None:
    done = treatments(Hearing(quiet_since=0.0), 86_400.0)

    assert {treatment for _, treatment in done} == {Treatment.LISTEN_AGAIN}
    assert len(done) < 40


def test_where_all_batteries_are_connected_silence_is_normal() -> None:
    done = treatments(Hearing(quiet_since=0.0, heard_before=True), 86_400.0, links=2)

    assert Treatment.RESET not in {treatment for _, treatment in done}


def test_one_advertisement_ends_the_silence() -> None:
    hearing = Hearing(quiet_since=0.0, heard_before=True)
    treatments(hearing, 3600.0)
    hearing.heard(3610.0)

    assert hearing.treatment(3611.0, links=0) is Treatment.NOTHING
    assert (hearing.resets, hearing.listened_again) == (0, 0)


def test_two_deaf_times_in_a_row_are_not_reset_twice_within_half_an_hour() -> None:
    hearing = Hearing(quiet_since=0.0, heard_before=True)
    treatments(hearing, DEAF_AFTER)
    hearing.heard(DEAF_AFTER + 10)

    assert hearing.treatment(2 * DEAF_AFTER + 20, links=0) is not Treatment.RESET
    assert hearing.treatment(DEAF_AFTER + RESET_PAUSE, links=0) is Treatment.RESET


class Switch(Bus):
    """A Bluetooth service that only switches, and may refuse to."""

    def __init__(self, *, off_fails: bool = False, on_fails: bool = False) -> None:
        super().__init__()
        self.switched: list[bool] = []
        self._fails = {False: off_fails, True: on_fails}

    async def power(self, adapter: str, *, on: bool) -> None:
        self.switched.append(on)
        if self._fails[on]:
            raise NoBluetooth("does not answer")


def switched(bus: Switch) -> Any:
    return run(reset(ADAPTER, bus, thoroughly=False))


def test_without_rights_the_service_is_asked_to_switch_the_adapter_off_and_on() -> None:
    bus = Switch()

    assert (switched(bus), bus.switched) == ("switched off and on", [False, True])


def test_what_cannot_be_switched_off_is_still_switched_on() -> None:
    bus = Switch(off_fails=True)
    switched(bus)

    assert bus.switched == [False, True]


def test_an_adapter_that_stays_off_is_told() -> None:
    with pytest.raises(NoBluetooth):
        switched(Switch(on_fails=True))
