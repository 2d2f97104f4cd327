"""The open alarms."""

from datetime import timedelta
from itertools import count

from bmsreader.alarms import Board, Change, Finding
from bmsreader.model import Alarm, Category, EdgeKind, Severity, Source
from tests.clock import START

LOW = Finding(
    battery="a",
    name="low_charge",
    category=Category.CHARGE,
    severity=Severity.WARNING,
    source=Source.RULE,
    text="State of charge: 14 %, below 15 %.",
)


def board() -> tuple[Board, list[Change]]:
    numbers, heard = count(1), list[Change]()
    return Board(new_id=lambda: next(numbers), heard=heard.append), heard


def told(changes: list[Change]) -> list[tuple[int, str]]:
    return [(one.alarm.id, str(one.kind)) for one in changes]


def test_an_alarm_stays_open_until_it_is_over_and_seen() -> None:
    found, heard = board()
    found.raise_(LOW, START)
    found.clear(LOW.key, START)
    assert [one.id for one in found.of("a")] == [1]

    found.acknowledge(1, START)
    assert found.of("a") == ()
    assert told(heard) == [(1, "raised"), (1, "cleared"), (1, "acknowledged")]


def test_an_active_alarm_is_not_raised_again() -> None:
    found, heard = board()
    found.raise_(LOW, START)
    found.raise_(LOW, START)

    assert told(heard) == [(1, "raised")]


def test_an_alarm_that_comes_back_takes_the_place_of_the_one_before() -> None:
    found, heard = board()
    found.raise_(LOW, START)
    found.clear(LOW.key, START)
    found.raise_(LOW, START)

    assert told(heard) == [(1, "raised"), (1, "cleared"), (1, "acknowledged"), (2, "raised")]
    assert [one.id for one in found.all()] == [2]


def test_an_alarm_is_acknowledged_once() -> None:
    found, heard = board()
    found.raise_(LOW, START)
    first = found.acknowledge(1, START)
    again = found.acknowledge(1, START + timedelta(hours=1))

    assert first == again
    assert found.acknowledge(2, START) is None
    assert len(heard) == 2


def test_an_alarm_never_ends_before_it_began() -> None:
    found, heard = board()
    found.raise_(LOW, START)
    found.clear(LOW.key, START - timedelta(hours=1))

    ended: Alarm = heard[-1].alarm
    assert (heard[-1].kind, ended.cleared_at) == (EdgeKind.CLEARED, START)


def test_what_is_not_active_cannot_end() -> None:
    found, heard = board()
    found.clear(LOW.key, START)

    assert heard == []
