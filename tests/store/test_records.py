"""The event record is bounded."""

from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.model.record import Record
from bmsreader.store import database, records
from tests.clock import START


def test_only_the_newest_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST", 100)
    monkeypatch.setattr(records, "SLACK", 10)
    connection = database.open_for_writing(path)
    for number in range(300):
        records.write(connection, [Record(at=START + timedelta(seconds=number), kind="connected")])
        records.bound(connection, START)
    found = records.read(connection, battery=None, kinds=None, since=None, limit=1000)
    connection.close()

    assert 100 <= len(found) <= 110
    assert found[-1].at == START + timedelta(seconds=299)


def test_what_is_older_than_a_month_goes(path: Path) -> None:
    connection = database.open_for_writing(path)
    old = [Record(at=START - timedelta(days=40), kind="old")] * (records.SLACK + 2)
    records.write(connection, [*old, Record(at=START, kind="new")])
    records.bound(connection, START)
    found = records.read(connection, battery=None, kinds=None, since=None, limit=1000)
    connection.close()

    assert [record.kind for record in found] == ["new"]


def test_records_in_memory_are_chosen_in_the_same_way() -> None:
    record = Record(at=START, kind="rejected", battery="house")

    assert records.wanted(record, battery="house", kinds=["rejected"], since=START)
    assert not records.wanted(record, battery="van", kinds=None, since=None)
    assert not records.wanted(record, battery=None, kinds=["state"], since=None)
    assert not records.wanted(record, battery=None, kinds=None, since=START + timedelta(seconds=1))
