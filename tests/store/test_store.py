"""The history as the gateway uses it."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.errors import StoreError
from bmsreader.model.record import Record
from bmsreader.store import Store, store
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, bare, fill, reading, readings

INFO = BatteryInfo(id=HOUSE, name="House", slug="house", cells=4, fields=("soc", "current"))


@pytest.fixture
def mine(path: Path) -> Iterator[Store]:
    with Store(path, now=lambda: START) as opened:
        yield opened


def everything(found: Store) -> list[object]:
    return list(found.readings(HOUSE, START - A_DAY, START + 100 * A_DAY))


def test_a_reading_is_returned_as_it_will_be_stored(mine: Store) -> None:
    kept = mine.append(reading(START + timedelta(microseconds=1999)))

    assert kept == bare(reading(START + timedelta(milliseconds=1)))
    assert everything(mine) == [kept]


def test_readings_are_found_before_and_after_the_commit_and_after_a_restart(path: Path) -> None:
    with Store(path) as first:
        kept = [first.append(one) for one in readings(10)]
        assert everything(first) == kept
        first.commit()
        kept += [first.append(one) for one in readings(5, start=START + timedelta(seconds=10))]
        assert everything(first) == kept
        assert first.last(HOUSE) == (15, kept[-1])
    with Store(path) as second:
        assert everything(second) == kept
        assert second.last(HOUSE) == (15, kept[-1])
        assert second.committed(HOUSE) == 15


def test_ordinals_count_from_one_and_go_on(mine: Store) -> None:
    kept = fill(mine, readings(25), every=10)

    assert mine.after(HOUSE, 0, 100) == list(enumerate(kept, 1))
    assert mine.after(HOUSE, 12, 3) == [(13, kept[12]), (14, kept[13]), (15, kept[14])]
    mine.append(reading(START + A_DAY))
    assert [ordinal for ordinal, _ in mine.after(HOUSE, 24, 9)] == [25, 26]
    assert mine.after(HOUSE, 26, 9) == []


def test_of_a_battery_that_nobody_knows_there_is_nothing(mine: Store) -> None:
    assert (mine.last("x"), mine.after("x", 0, 9), mine.totals("x"), mine.committed("x")) == (None, [], None, 0)
    assert mine.history("x", ["soc"], START, START + A_DAY, 10).stamps == []


def test_batteries_do_not_mix(mine: Store) -> None:
    fill(mine, [one for pair in zip(readings(20), readings(20, battery="van"), strict=True) for one in pair])

    assert {one.battery for _, one in mine.after("van", 0, 99)} == {"van"}
    assert mine.committed("van") == mine.committed(HOUSE) == 20


def test_totals_are_those_on_disk_never_ahead(path: Path) -> None:
    with Store(path) as first:
        first.append(reading(), totals=Totals(energy_in=5.0))
        assert first.totals(HOUSE) is None
        first.commit()
        first.append(reading(START + A_DAY))  # whoever counts nothing leaves the totals as they are
        first.commit()
        assert first.totals(HOUSE) == Totals(energy_in=5.0)
    with Store(path) as second:
        assert second.totals(HOUSE) == Totals(energy_in=5.0)


def test_a_position_on_disk_is_never_beyond_the_readings_on_disk(path: Path) -> None:
    mine = Store(path)
    fill(mine, readings(3))
    mine.append(reading(START + A_DAY))
    mine.save_position("influx", HOUSE, 2)
    mine.save_position("webhook", HOUSE, 900)
    mine.commit()

    assert (mine.position("influx", HOUSE), mine.position("mqtt", HOUSE)) == (2, 0)
    with sqlite3.connect(path) as file:
        assert dict(file.execute("SELECT publisher, ordinal FROM position")) == {"influx": 2, "webhook": 4}
    mine.close()


def test_who_a_battery_is_is_remembered(path: Path) -> None:
    with Store(path) as first:
        first.put_info(INFO)
        first.append(reading(battery="Van 2"))
        assert first.infos()[0] == INFO
    with Store(path) as second:
        assert second.infos() == [INFO, BatteryInfo(id="Van 2", name="Van 2", slug="van_2")]


def test_event_records_are_kept_in_order_and_can_be_chosen(path: Path) -> None:
    records = [
        Record(at=START + timedelta(minutes=number), kind=kind, battery=battery, duration=0.5, frame=b":00~")
        for number, (kind, battery) in enumerate([("connected", HOUSE), ("rejected", "van"), ("rejected", HOUSE)])
    ]
    with Store(path, now=lambda: START) as mine:
        for record in records[:2]:
            mine.note(record)
        mine.commit()
        mine.note(records[2])
        assert mine.records() == records
        assert mine.records(limit=1) == records[2:]
        assert mine.records(battery=HOUSE, kinds=["rejected"]) == records[2:]
        assert mine.records(since=START + timedelta(minutes=1)) == records[1:]
        mine.commit()
        assert mine.records(kinds=["rejected"], battery="van") == records[1:2]


def test_a_clock_that_jumps_back_an_hour_makes_no_two_readings_of_one_moment(path: Path) -> None:
    with Store(path) as mine:
        first = fill(mine, (reading(START + timedelta(seconds=n)) for n in range(30)), every=10)
    with Store(path) as mine:  # the moments before the restart are on disk only
        second = fill(mine, (reading(START + timedelta(seconds=n)) for n in range(20, 50)), every=10)
        found = mine.after(HOUSE, 0, 99)

        assert [one for _, one in found] == [*first, *second]
        assert len({one.taken_at for _, one in found}) == 60
        assert [one.taken_at.microsecond for one in second] == [1000] * 10 + [0] * 20
        stamps = mine.history(HOUSE, ["soc"], START, START + A_DAY).stamps
        assert list(stamps) == sorted(stamps)


def test_a_commit_without_news_writes_nothing(mine: Store, path: Path) -> None:
    mine.append(reading())
    mine.commit()
    log = Path(f"{path}-wal").stat().st_mtime_ns
    mine.commit()

    assert Path(f"{path}-wal").stat().st_mtime_ns == log


def test_a_file_that_cannot_be_had_at_all_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError):
        Store(tmp_path / "file" / "history.sqlite3")
    with pytest.raises(StoreError):
        Store(tmp_path)


def test_a_second_gateway_takes_over_and_the_first_one_says_so(path: Path) -> None:
    first = Store(path)
    first.append(reading())
    first.commit()
    with Store(path) as second:
        first.append(reading(START + A_DAY))
        with pytest.raises(StoreError, match="another bmsreader"):
            first.commit()
        second.append(reading(START + 2 * A_DAY))
    assert first.health().problem.startswith("another bmsreader")
    first.close()
    with Store(path) as third:
        assert len(everything(third)) == 2


# ---- a disk that is full or broken


class Full(sqlite3.OperationalError):
    sqlite_errorcode = sqlite3.SQLITE_FULL


def break_disk(mine: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Full("database or disk is full")

    monkeypatch.setattr(mine._writer, "write", refuse)


def test_while_the_disk_is_full_readings_wait_and_can_be_read(mine: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = fill(mine, readings(5))
    with monkeypatch.context() as patch:
        break_disk(mine, patch)
        for one in readings(5, start=START + A_DAY):
            kept.append(mine.append(one))
            with pytest.raises(StoreError, match="full"):
                mine.commit()
        health = mine.health()
        assert (health.ok, health.pending, health.lost) == (False, 5, 0)
        assert mine.committed(HOUSE) == 5
        assert [one for _, one in mine.after(HOUSE, 0, 99)] == everything(mine) == kept
        assert mine.history(HOUSE, ["soc"], START, START + 2 * A_DAY, 2).series["soc"].count == [5, 5]
    mine.commit()

    assert mine.health().ok
    assert mine.committed(HOUSE) == 10
    assert everything(mine) == kept
    assert [record.detail[:26] for record in mine.records(kinds=["store"])] == [
        "the history is not written",
        "the history is written aga",
    ]


def test_what_waits_is_bounded_and_what_is_given_up_is_counted(mine: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "HEAVIEST", 1000)
    with monkeypatch.context() as patch:
        break_disk(mine, patch)
        for number in range(20):
            mine.append(reading(START + timedelta(minutes=number)))
            with pytest.raises(StoreError):
                mine.commit()
    mine.commit()
    kept = mine.after(HOUSE, 0, 99)

    assert mine.health().lost + len(kept) == 20
    assert [ordinal for ordinal, _ in kept] == list(range(mine.health().lost + 1, 21))
    assert 0 < len(kept) < 15


# ---- a damaged file


def test_a_damaged_file_is_moved_aside_and_a_new_one_begins(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 20)
    with Store(path, now=lambda: START) as mine:
        kept = mine.append(reading())
        mine.commit()

        assert everything(mine) == [kept]
        assert mine.moved_aside == path.with_name("history.sqlite3.damaged-20260301T120000Z")
        assert mine.moved_aside.exists()
        assert mine.health().ok
        assert "was damaged; it is kept as" in mine.health().problem
        assert [record.kind for record in mine.records()] == ["store"]


def test_what_can_be_read_of_a_damaged_file_is_taken_over(path: Path) -> None:
    with Store(path) as mine:
        mine.put_info(INFO)
        fill(mine, readings(5))
        mine.save_position("influx", HOUSE, 4)
        mine.commit()
        mine.note(Record(at=START, kind="connected", detail="x" * 5000))
    damage(path, "record")
    with Store(path) as mine:
        assert mine.moved_aside is not None
        assert mine.infos() == [INFO]
        assert mine.totals(HOUSE) == Totals(energy_in=5.0)
        assert mine.position("influx", HOUSE) == 4
        mine.append(reading(START + A_DAY))
        assert [ordinal for ordinal, _ in mine.after(HOUSE, 0, 9)] == [6]
    with Store(path) as again:
        assert (again.moved_aside, again.totals(HOUSE), again.position("influx", HOUSE)) == (
            None,
            Totals(energy_in=5.0),
            4,
        )
        assert again.committed(HOUSE) == 6


def damage(path: Path, table: str) -> None:
    """Overwrite the first page of a table."""
    with sqlite3.connect(path) as file:
        (page,) = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    file.close()
    with path.open("rb+") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xff" * size)


def test_a_file_that_becomes_damaged_while_in_use_is_replaced_too(path: Path) -> None:
    with Store(path, now=lambda: START) as mine:
        mine.put_info(INFO)
        fill(mine, readings(5))
    mine = Store(path, now=lambda: START)
    damage(path, "journal")
    mine._writer._connection.execute("PRAGMA shrink_memory")  # type: ignore[union-attr] # what it read before is gone
    kept = mine.append(reading(START + A_DAY))
    with pytest.raises(StoreError):
        mine.commit()
    assert not mine.health().ok
    mine.commit()

    assert mine.health().ok
    assert mine.totals(HOUSE) == Totals(energy_in=5.0)
    assert mine.after(HOUSE, 0, 9) == [(6, kept)]
    mine.close()
    with Store(path) as again:
        assert again.infos() == [INFO]
        assert again.after(HOUSE, 0, 9) == [(6, kept)]
        assert again.totals(HOUSE) == Totals(energy_in=5.0)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody remove a file that is in use")
def test_a_file_that_somebody_removes_is_begun_anew_with_all_that_is_known(path: Path) -> None:
    with Store(path, now=lambda: START) as mine:
        mine.put_info(INFO)
        fill(mine, readings(5))
        path.unlink()
        kept = mine.append(reading(START + A_DAY))
        with pytest.raises(StoreError, match="was removed"):
            mine.commit()
        mine.commit()
        assert "was removed while it was in use" in mine.health().problem
        assert mine.health().ok
    with Store(path) as again:
        assert again.after(HOUSE, 0, 9) == [(6, kept)]
        assert again.totals(HOUSE) == Totals(energy_in=5.0)
        assert again.infos() == [INFO]
