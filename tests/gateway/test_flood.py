"""A battery that babbles does not push everything else out of the event record."""

from datetime import timedelta

from bmsreader.gateway.flood import BURST, Flood
from bmsreader.model.record import Record
from tests.clock import START


def rejected(seconds: float, battery: str = "A") -> Record:
    return Record(at=START + timedelta(seconds=seconds), kind="rejected", battery=battery, detail="checksum")


def test_what_comes_now_and_then_is_kept() -> None:
    flood = Flood()
    records = [rejected(number * 10) for number in range(1000)]

    assert [kept for record in records for kept in flood.take(record)] == records


def test_of_ten_thousand_in_a_second_twenty_are_kept_and_then_their_number() -> None:
    flood = Flood()
    kept = [one for number in range(10_000) for one in flood.take(rejected(number / 10_000))]
    later = flood.take(rejected(61))

    assert len(kept) == BURST
    assert [record.detail for record in later] == ["9980 more in 61 s, left out of this record", "checksum"]


def test_another_battery_and_another_kind_are_not_concerned() -> None:
    flood = Flood()
    for number in range(1000):
        flood.take(rejected(number / 1000))
    other, state = rejected(1, "B"), Record(at=START, kind="state", battery="A")

    assert flood.take(other) == (other,)
    assert flood.take(state) == (state,)


def test_the_number_is_told_even_when_it_falls_silent_again() -> None:
    flood = Flood()
    for number in range(100):
        flood.take(rejected(number / 100))

    (told,) = flood.flush(START + timedelta(seconds=30))
    assert (told.kind, told.battery, told.detail) == ("rejected", "A", "80 more in 30 s, left out of this record")
    assert flood.flush(START + timedelta(seconds=90)) == ()


def test_a_clock_that_is_set_back_begins_a_new_minute() -> None:
    flood = Flood()
    for number in range(100):
        flood.take(rejected(number / 100))
    kept = flood.take(rejected(-3600))

    assert [record.detail for record in kept] == ["80 more in 0 s, left out of this record", "checksum"]
