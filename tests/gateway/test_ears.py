import pytest

from bmsreader.descriptions import shipped
from bmsreader.gateway.ears import address_of, looks_like_a_battery
from bmsreader.links.radio import Heard
from bmsreader.model import NotHeard, UsageError


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
