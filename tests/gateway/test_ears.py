from dataclasses import dataclass

import pytest

from bmsreader.descriptions import shipped
from bmsreader.gateway.ears import address_of, in_the_air, looks_like_a_battery
from bmsreader.gateway.wanted import Wanted
from bmsreader.links.radio import Heard
from bmsreader.model import BatteryInfo, NotHeard, Reading, UsageError
from tests.gateway.made import reading


def heard(address: str, name: str | None, *ids: int) -> Heard:
    return Heard(address=address, name=name, signal=-60, age=1.0, adapter="hci0", manufacturer_ids=ids)


AIR = [
    heard("02:00:07:00:15:44", "LT-12V-1544"),
    heard("02:00:07:00:15:45", "LT-12V-1545"),
    heard("02:00:07:00:00:09", None),
]


def test_an_address_is_an_address_whether_it_is_heard_or_not() -> None:
    assert address_of("AA:BB:CC:DD:EE:FF", []) == "AA:BB:CC:DD:EE:FF"


def test_a_battery_is_found_by_its_name_in_any_case() -> None:
    assert address_of("lt-12v-1544", AIR) == "02:00:07:00:15:44"


def test_the_beginning_of_a_name_is_enough_when_it_is_unique() -> None:
    assert address_of("LT-12V-1545", AIR) == "02:00:07:00:15:45"
    with pytest.raises(UsageError, match="not unique"):
        address_of("LT-12V", AIR)


def test_a_name_that_nobody_advertises_is_not_heard() -> None:
    with pytest.raises(NotHeard):
        address_of("V-12V", AIR)


def test_a_battery_is_recognised_by_name_or_by_manufacturer_and_a_headphone_is_not() -> None:
    assert looks_like_a_battery(AIR[0], shipped())
    assert looks_like_a_battery(heard("02:00:07:00:00:01", None, 33384), shipped())
    assert not looks_like_a_battery(heard("02:00:07:00:00:01", "WH-1000XM4"), shipped())


@dataclass
class OneThatIsRead:
    """A battery of the gateway, as far as the air is concerned."""

    wanted: Wanted
    info: BatteryInfo
    reading: Reading | None = None
    signal: int | None = None


def read(address: str, name: str, *, guessed: bool, read_once: bool = True) -> OneThatIsRead:
    info = BatteryInfo(id=address, name=name, slug="one", address=address)
    wanted = Wanted(info=info, address=address, codecs=(), guessed=guessed)
    return OneThatIsRead(wanted, info, reading(0) if read_once else None, -58)


def test_a_battery_that_was_read_and_that_nobody_named_comes_first_and_is_supported() -> None:
    guest = read("02:00:07:00:15:44", "LT-12V-1544", guessed=True)

    first, *others = in_the_air(AIR, [guest], set(), shipped())

    assert (first.address, first.supported, first.named) == ("02:00:07:00:15:44", True, False)
    assert [one.supported for one in others] == [None, None]


def test_a_listed_battery_is_named_whether_it_is_heard_by_address_or_by_name() -> None:
    listed = [read("02:00:07:00:15:44", "House", guessed=False), read("LT-12V-1545", "LT-12V-1545", guessed=False)]

    found = {one.address: one.named for one in in_the_air(AIR, listed, set(), shipped())}

    assert found == {"02:00:07:00:15:44": True, "LT-12V-1545": True, "02:00:07:00:00:09": False}


def test_what_proved_to_be_no_battery_is_not_supported() -> None:
    found = in_the_air(AIR, [], {"02:00:07:00:15:45"}, shipped())

    assert {one.address: one.supported for one in found}["02:00:07:00:15:45"] is False
