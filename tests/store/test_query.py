"""What the gateway and other programs ask alike; the questions themselves are in test_asking and test_store."""

from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.store import Store, query
from tests.clock import START
from tests.store.batteries import HOUSE, fill, reading, readings


def test_a_battery_that_nobody_named_has_a_name_for_topics() -> None:
    assert query.unnamed("02:00:07:00:15:44").slug == "02_00_07_00_15_44"
    assert query.unnamed("Übersee").slug == "bersee"
    assert query.unnamed("!!").slug == "battery"


def test_a_reading_is_stored_without_frames_at_a_whole_millisecond() -> None:
    kept = query.stored(reading(START + timedelta(microseconds=1)), 1000)

    assert (kept.frames, kept.taken_at.timestamp(), kept.soc) == ((), 1.0, 62)


@pytest.mark.slow
def test_readings_that_are_sealed_during_an_export_are_neither_lost_nor_doubled(path: Path) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(3600 + 3000), every=3300)
        exported = mine.readings(HOUSE, START, START + timedelta(days=1))
        found = [next(exported)]
        kept += fill(mine, readings(1000, start=START + timedelta(seconds=6600)))
        found += exported

    assert found == kept
