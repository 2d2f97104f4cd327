from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bmsreader.gateway.logbook import ANSWERED, LATELY, Logbook
from bmsreader.model import Record


class Paper:
    """A store that only keeps records."""

    def __init__(self) -> None:
        self.notes: list[Record] = []

    def note(self, record: Record) -> None:
        self.notes.append(record)

    def records(self, **_: object) -> list[Record]:
        return self.notes


class Now:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def test_what_happened_is_kept_in_order_and_can_be_asked_by_battery_and_kind() -> None:
    logbook = Logbook(None, Now())
    for battery, kind in (("a", "connected"), ("b", "connected"), ("a", "rejected")):
        logbook.note(kind, battery=battery)

    assert [one.kind for one in logbook.records(battery="a")] == ["connected", "rejected"]
    assert [one.battery for one in logbook.records(kinds=["connected"])] == ["a", "b"]
    assert [one.kind for one in logbook.records(limit=1)] == ["rejected"]


def test_memory_is_bounded() -> None:
    logbook = Logbook(None, Now())
    for _ in range(LATELY + 10):
        logbook.note("connected")

    assert len(logbook.records(limit=10 * LATELY)) == LATELY


def test_successful_readings_reach_the_disk_as_one_line_each_quarter_of_an_hour() -> None:
    now, paper = Now(), Paper()
    logbook = Logbook(paper, now)  # type: ignore[arg-type]
    for _ in range(90):
        logbook.note(ANSWERED, battery="a", duration=0.15)
        now.time += timedelta(seconds=10)
    logbook.note(ANSWERED, battery="a", duration=0.9)

    assert [(one.kind, one.detail) for one in paper.notes] == [("reads", "91 answers, median 0.15 s, longest 0.90 s")]


def test_everything_else_reaches_the_disk_as_it_is() -> None:
    paper = Paper()
    Logbook(paper, Now()).note("rejected", battery="a", detail="checksum BD, expected B6", frame=b":00~")  # type: ignore[arg-type]

    assert [(one.kind, one.frame) for one in paper.notes] == [("rejected", b":00~")]


def test_what_is_older_than_memory_comes_from_disk() -> None:
    now, paper = Now(), Paper()
    paper.notes = [Record(at=now.time - timedelta(days=1), kind="connected")]
    logbook = Logbook(paper, now)  # type: ignore[arg-type]
    logbook.note(ANSWERED)

    assert [one.kind for one in logbook.records()] == ["connected", "answered"]


def test_what_is_in_memory_and_in_whole_milliseconds_on_disk_is_told_once() -> None:
    now, paper = Now(), Paper()
    now.time = now.time.replace(microsecond=255_600)
    logbook = Logbook(paper, now)  # type: ignore[arg-type]
    logbook.note("connected")
    (record,) = paper.notes
    paper.notes = [replace(record, at=record.at.replace(microsecond=255_000))]

    assert logbook.records() == [record]


def test_a_battery_that_babbles_does_not_fill_the_record() -> None:
    now, paper = Now(), Paper()
    logbook = Logbook(paper, now)  # type: ignore[arg-type]
    logbook.note("connected", battery="b")
    for _ in range(2 * LATELY):
        logbook.note("rejected", battery="a")
    logbook.sum_up()

    assert len(paper.notes) < 30
    assert paper.notes[-1].detail.startswith(f"{2 * LATELY - 20} more")
    assert logbook.records(battery="b", kinds=["connected"])[-1].battery == "b"
