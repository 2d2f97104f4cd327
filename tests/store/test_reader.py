"""The history read from outside."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.errors import StoreError
from bmsreader.model.record import Record
from bmsreader.store import Reader, Store
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, readings


@pytest.mark.slow
def test_it_sees_what_is_on_disk_while_the_gateway_writes(path: Path) -> None:
    info = BatteryInfo(id=HOUSE, name="House", slug="house")
    with Store(path, now=lambda: START) as mine:
        mine.put_info(info)
        mine.note(Record(at=START, kind="connected"))
        kept = fill(mine, readings(100))
        with Reader(path) as outside:
            assert outside.infos() == [info]
            assert list(outside.readings(HOUSE, START, START + A_DAY)) == kept
            assert outside.history(HOUSE, ["soc"], START, START + A_DAY).times == [one.taken_at for one in kept]
            assert outside.totals(HOUSE) == Totals(energy_in=100.0)
            assert [record.kind for record in outside.records()] == ["connected"]
            assert {"soc", "cell_4", "power"} <= set(outside.fields(HOUSE))
            more = fill(mine, readings(3600, start=START + A_DAY), every=600)
            assert list(outside.readings(HOUSE, START, START + 2 * A_DAY)) == kept + more


@pytest.mark.slow
def test_it_knows_when_the_history_begins_and_ends(path: Path) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(3700), every=3700)
    with Reader(path) as outside:
        assert outside.span(HOUSE) == (START.replace(hour=0), kept[-1].taken_at)
        assert outside.span("van") is None
        assert (outside.totals("van"), outside.fields("van")) == (None, [])


def test_what_is_damaged_newer_or_absent_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "h"
    with pytest.raises(StoreError, match="no history"):
        Reader(path)
    Store(path).close()
    with sqlite3.connect(path) as file:
        file.execute("INSERT INTO migration VALUES ('of 2031', '')")
    file.close()
    with pytest.raises(StoreError, match="newer bmsreader"):
        Reader(path)
    path.write_bytes(b"SQLite format 3\0" + bytes(5000))
    with pytest.raises(StoreError):
        Reader(path)
    assert path.exists()  # only the gateway, who needs a place to write, moves a damaged file aside


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork") or os.geteuid() != 0, reason="becomes another user, which only root can")
def test_a_user_who_may_only_read_can_read(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with Store(path) as mine:
        fill(mine, readings(10))
    for folder in (*tmp_path.parents[:2], tmp_path):
        folder.chmod(0o755)
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        with Reader(path) as outside:
            count = len(list(outside.readings(HOUSE, START, START + timedelta(days=1))))
        os._exit(count)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 10
