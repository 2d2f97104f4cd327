"""The tables of alarms: what they hold is bounded, and an older file has none."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import Alarm, Category, Edge, EdgeKind, Severity, Source
from bmsreader.store import Reader, alarms, migrations
from bmsreader.store.alarms import AlarmBegin, AlarmWork
from tests.clock import START


def alarm(identity: int, *, active: bool = False) -> Alarm:
    at = START + timedelta(seconds=identity)
    return Alarm(
        id=identity,
        battery="a",
        name="low_charge",
        category=Category.CHARGE,
        severity=Severity.WARNING,
        source=Source.RULE,
        raised_at=at,
        cleared_at=None if active else at + timedelta(seconds=1),
        text="State of charge: 14 %, below 15 %.",
    )


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    found = sqlite3.connect(":memory:")
    found.executescript(alarms.TABLES)
    yield found
    found.close()


def test_of_very_many_alarms_the_oldest_go_but_never_one_that_is_active(connection: sqlite3.Connection) -> None:
    most = alarms.MOST + alarms.SLACK
    numbers = count(1)
    some = [alarm(1, active=True), alarm(2), alarm(most), alarm(most + 1)]
    edges = [Edge(number=next(numbers), kind=EdgeKind.RAISED, at=one.raised_at, alarm=one) for one in some]
    alarms.write(connection, AlarmWork(alarms=some, edges=edges))
    alarms.bound(connection)

    left = alarms.read(connection, battery=None, state="all", since=None, limit=-1)
    assert [one.id for one in left] == [1, most, most + 1]
    assert [edge.alarm.id for edge in alarms.edges(connection, 0, 10)] == [1, most, most + 1]


def test_few_alarms_stay_for_ever(connection: sqlite3.Connection) -> None:
    alarms.write(connection, AlarmWork(alarms=[alarm(1), alarm(2)]))
    alarms.bound(connection)

    assert len(alarms.read(connection, battery=None, state="all", since=None, limit=10)) == 2


def test_the_oldest_edges_go_too(connection: sqlite3.Connection) -> None:
    most = alarms.EDGES_EACH * (alarms.MOST + alarms.SLACK)
    one = alarm(1, active=True)
    edges = [Edge(number=number, kind=EdgeKind.RAISED, at=one.raised_at, alarm=one) for number in (1, most + 1)]
    alarms.write(connection, AlarmWork(alarms=[one], edges=edges))
    alarms.bound(connection)

    assert [edge.number for edge in alarms.edges(connection, 0, 10)] == [most + 1]


def test_a_history_of_before_has_no_alarms(tmp_path: Path) -> None:
    file = sqlite3.connect(tmp_path / "history", isolation_level=None)
    migrations.migrate(file, "old", migrations.MIGRATIONS[:1])
    assert alarms.load(file) == AlarmBegin()
    file.close()

    with Reader(tmp_path / "history") as reader:
        assert reader.alarms() == []


@given(
    first=st.lists(st.integers(1, 9), unique=True),
    second=st.lists(st.integers(1, 9), unique=True),
    limit=st.integers(-1, 10),
)
def test_of_old_and_new_the_newest_are_taken_once_and_in_order(first: list[int], second: list[int], limit: int) -> None:
    found = [one.id for one in alarms.merged(map(alarm, first), map(alarm, second), limit)]

    everything = sorted({*first, *second})
    assert found == (everything if limit < 0 else everything[len(everything) - min(limit, len(everything)) :])
