"""Alarms are known at once, on disk with the next commit, and there again after a restart."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import RLock
from typing import Any

import pytest

from bmsreader.model import Alarm, Category, EdgeKind, Severity, Source, StoreError
from bmsreader.store import Reader, Store
from bmsreader.store.alarmbook import LATELY, AlarmBook
from bmsreader.store.writer import Writer
from tests.clock import START

HOUSE, CARAVAN = "02:00:07:00:00:01", "02:00:07:00:00:02"
RAISED, CLEARED, SEEN = EdgeKind.RAISED, EdgeKind.CLEARED, EdgeKind.ACKNOWLEDGED

ALARM = Alarm(
    id=1,
    battery=HOUSE,
    name="low_charge",
    category=Category.CHARGE,
    severity=Severity.WARNING,
    source=Source.RULE,
    raised_at=START,
    value=14.0,
    limit=15.0,
    unit="%",
    text="State of charge: 14 %, below 15 %.",
)


def alarm(store: Store, seconds: float = 0.0, **values: Any) -> Alarm:
    """An alarm that is raised now: known to the store, not on disk."""
    found = replace(ALARM, id=store.alarm_book.new_id(), raised_at=START + timedelta(seconds=seconds), **values)
    store.alarm_book.put(RAISED, found.raised_at, found)
    return found


def over(store: Store, one: Alarm, seconds: float = 60.0) -> Alarm:
    at = START + timedelta(seconds=seconds)
    ended = replace(one, cleared_at=at, note="it ended")
    store.alarm_book.put(CLEARED, at, ended)
    return ended


def seen(store: Store, one: Alarm, seconds: float = 120.0) -> Alarm:
    at = START + timedelta(seconds=seconds)
    known = replace(one, acknowledged_at=at)
    store.alarm_book.put(SEEN, at, known)
    return known


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history"


def test_an_alarm_is_known_before_it_is_on_disk(file: Path) -> None:
    with Store(file) as store:
        one = alarm(store)

        assert store.alarms() == [one]
        with Reader(file) as reader:
            assert reader.alarms() == []


def test_a_commit_brings_alarms_to_disk_as_they_are(file: Path) -> None:
    with Store(file) as store:
        one = over(store, alarm(store))
        store.commit()

        with Reader(file) as reader:
            assert reader.alarms() == [one]


def test_an_alarm_that_changed_since_the_commit_is_there_once(file: Path) -> None:
    with Store(file) as store:
        one = alarm(store)
        store.commit()
        ended = over(store, one)

        assert store.alarms() == [ended]
        assert store.alarms(state="active") == []
        assert store.alarms(state="open") == [ended]


def test_alarms_can_be_asked_for_by_battery_state_and_time(file: Path) -> None:
    with Store(file) as store:
        first = seen(store, over(store, alarm(store), 60))
        second = over(store, alarm(store, 300), 400)
        third = alarm(store, 500, battery=CARAVAN)
        store.commit()

        assert store.alarms() == [first, second, third]
        assert store.alarms(state="open") == [second, third]
        assert store.alarms(state="active") == [third]
        assert store.alarms(battery=HOUSE) == [first, second]
        assert store.alarms(since=START + timedelta(seconds=100)) == [second, third]
        assert store.alarms(limit=1) == [third]


def test_what_was_open_is_open_after_a_restart(file: Path) -> None:
    with Store(file) as store:
        seen(store, over(store, alarm(store)))
        left = [over(store, alarm(store, 300)), seen(store, alarm(store, 500))]

    with Store(file) as store:
        assert store.alarm_book.opened() == left
        assert alarm(store, 600).id == left[-1].id + 1


def test_edges_are_numbered_in_order_and_as_they_were(file: Path) -> None:
    with Store(file) as store:
        one = alarm(store)
        ended = over(store, one)

        found = store.alarm_book.edges(0)
        assert [(edge.number, edge.kind, edge.alarm) for edge in found] == [(1, RAISED, one), (2, CLEARED, ended)]

    with Store(file) as store:
        assert store.alarm_book.edges(0) == found
        assert store.alarm_book.edges(1) == found[1:]
        assert store.alarm_book.edges(2) == []
        assert store.alarm_book.last_edge == 2


def test_edges_are_found_beyond_what_memory_holds(file: Path) -> None:
    with Store(file) as store:
        for second in range(LATELY + 50):
            alarm(store, second)
        store.commit()

        assert [edge.number for edge in store.alarm_book.edges(0, limit=3)] == [1, 2, 3]
        assert [edge.number for edge in store.alarm_book.edges(LATELY + 48)] == [LATELY + 49, LATELY + 50]


def test_how_far_a_destination_was_told_survives_a_restart(file: Path) -> None:
    with Store(file) as store:
        assert store.alarm_book.told("phone") is None
        alarm(store)
        store.alarm_book.save_told("phone", 1)

    with Store(file) as store:
        assert store.alarm_book.told("phone") == 1


def test_nobody_is_told_on_disk_what_is_not_on_disk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, Store(file) as store:
        patch.setattr(Writer, "write", _full)
        alarm(store)
        store.alarm_book.save_told("phone", 1)

    with Store(file) as store:
        assert (store.alarm_book.told("phone"), store.alarms()) == (None, [])


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_what_a_full_disk_did_not_take_is_written_later(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(file) as store:
        one = alarm(store)
        with monkeypatch.context() as patch:
            patch.setattr(Writer, "write", _full)
            with pytest.raises(StoreError):
                store.commit()
        assert store.alarms() == [one]
        store.commit()

    with Reader(file) as reader:
        assert reader.alarms() == [one]


def test_open_alarms_are_taken_over_into_a_new_file_when_the_old_one_is_gone(file: Path) -> None:
    with Store(file) as store:
        one = alarm(store)
        store.commit()
        for companion in file.parent.glob("history*"):
            companion.unlink()
        over(store, alarm(store, 10))
        with pytest.raises(StoreError):
            store.commit()
        store.commit()

        with Reader(file) as reader:
            assert [found.id for found in reader.alarms()] == [one.id, one.id + 1]


def test_without_a_file_the_newest_are_remembered() -> None:
    book = AlarmBook(RLock(), None)
    for _ in range(LATELY + 10):
        one = replace(ALARM, id=book.new_id())
        book.put(RAISED, START, one)

    assert len(book.alarms(battery=None, state="all", since=None, limit=-1)) == LATELY
    assert [edge.number for edge in book.edges(0, limit=2)] == [11, 12]
    assert book.last_alarm == LATELY + 10
