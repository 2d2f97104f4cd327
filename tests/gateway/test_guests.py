from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.configuration import Configuration
from bmsreader.configuration.settings import GatewaySettings
from bmsreader.descriptions import shipped
from bmsreader.gateway.guests import REMEMBERED, guest, remembered
from bmsreader.gateway.roster import strangers
from bmsreader.gateway.wanted import Plan
from bmsreader.links.radio import Heard
from bmsreader.model import BatteryInfo
from bmsreader.store import Store
from tests.contributed import TAKEN_AT
from tests.gateway.world import reading

ADDRESS = "02:00:07:00:15:44"
PLAN = Plan(stranger=strangers(Configuration(gateway=GatewaySettings(discover=True)), shipped()))
SOMEBODY = Heard(address=ADDRESS, name="LT-12V-1544", signal=-60, age=0.1, adapter="hci0")


def met(heard: Heard = SOMEBODY, plan: Plan = PLAN, *, taken: str = "", refused: str = "") -> str | None:
    """Return the slug of a guest."""
    others = [BatteryInfo(id=taken, name=taken, slug=taken)] if taken else []
    found = guest(heard, plan, read=(), taken=others, refused={refused})
    return None if found is None else found.info.slug


def test_who_looks_like_a_battery_is_read() -> None:
    assert met() == "lt-12v-1544"


def test_a_guest_does_not_take_the_name_of_a_bank() -> None:
    assert met(taken="lt-12v-1544") == "lt-12v-1544-2"


def test_headphones_are_not_read() -> None:
    assert met(replace(SOMEBODY, name="Headphones")) is None


def test_who_proved_to_be_no_battery_is_not_read_again() -> None:
    assert met(refused=ADDRESS) is None


def test_who_is_to_be_left_alone_is_left_alone() -> None:
    assert met(plan=replace(PLAN, left_alone=frozenset({"lt-12v"}))) is None


def test_whoever_wants_listed_batteries_only_has_no_guests() -> None:
    assert met(plan=Plan()) is None


@pytest.mark.slow
@pytest.mark.parametrize(("later", "names"), [(REMEMBERED / 2, ["House"]), (REMEMBERED * 2, [])])
def test_a_battery_of_an_earlier_run_is_expected_back_for_some_days(
    tmp_path: Path, later: timedelta, names: list[str]
) -> None:
    with Store(tmp_path / "history.sqlite3") as store:
        store.put_info(BatteryInfo(id=ADDRESS, name="House", slug="house", address=ADDRESS))
        store.put_info(BatteryInfo(id="bank:boat", name="Boat", slug="boat", kind="bank"))
        store.append(reading(battery=ADDRESS))
        store.append(reading(battery="bank:boat"))

        assert [one.info.name for one in remembered(store, PLAN, TAKEN_AT + later)] == names
        assert remembered(store, Plan(), TAKEN_AT) == []
