"""Readings as JSON Lines."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from bmsreader.configuration.settings import LinesSettings
from bmsreader.model import BatteryState, PublishError, Reading
from bmsreader.publishers.lines import LinesPublisher, line
from tests.gateway.remembered import HOUSE, reading, series
from tests.publishers.mqtt_batteries import a_snapshot


def write(path: Path, readings: list[Reading]) -> None:
    asyncio.run(LinesPublisher(LinesSettings(path=path)).deliver(HOUSE, readings))


def times(path: Path) -> list[str]:
    return [json.loads(one)["taken_at"][17:19] for one in path.read_text().splitlines()]


def test_a_reading_is_one_line_with_the_name_of_its_battery() -> None:
    content = json.loads(line(HOUSE, reading()))

    assert (content["name"], content["battery"], content["soc"]) == ("House", "02:00:07:00:00:01", 87.0)
    assert content["heater"] is None
    assert "frames" not in content


def test_readings_are_appended_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"

    write(path, series(3)[:2])
    write(path, series(3)[2:])

    assert times(path) == ["00", "01", "02"]


def test_a_file_that_was_moved_away_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"
    publisher = LinesPublisher(LinesSettings(path=path))

    asyncio.run(publisher.deliver(HOUSE, series(3)[:2]))
    path.rename(tmp_path / "readings.jsonl.1")
    asyncio.run(publisher.deliver(HOUSE, series(3)[2:]))

    assert times(tmp_path / "readings.jsonl.1") == ["00", "01"]
    assert times(path) == ["02"]


def test_a_line_that_a_power_cut_left_half_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"
    path.write_text('{"name": "Hou')

    write(path, series(1))

    assert json.loads(path.read_text().splitlines()[1])["name"] == "House"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="cannot be written: No such file"):
        write(tmp_path / "absent" / "readings.jsonl", series(1))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(PublishError, match="/dev/full cannot be written"):
        write(Path("/dev/full"), series(1))


def test_standard_output_gets_lines_too() -> None:
    read_end, write_end = os.pipe()

    publisher = LinesPublisher(LinesSettings(), descriptor=write_end)
    asyncio.run(publisher.deliver(HOUSE, series(2)))
    os.close(write_end)

    with os.fdopen(read_end) as stream:
        assert [json.loads(one)["name"] for one in stream] == ["House", "House"]


def test_a_reader_who_stops_reading_holds_up_nobody_else() -> None:
    read_end, write_end = os.pipe()

    async def main() -> None:
        async with asyncio.timeout(0.02):
            await LinesPublisher(LinesSettings(), descriptor=write_end).deliver(HOUSE, series(1000))

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    os.close(read_end)
    os.close(write_end)


def test_a_reader_who_went_away_is_told() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)

    with pytest.raises(PublishError, match="standard output cannot be written: Broken pipe"):
        asyncio.run(LinesPublisher(LinesSettings(), descriptor=write_end).deliver(HOUSE, series(1)))
    os.close(write_end)


def test_a_file_gets_the_whole_history_and_standard_output_what_is_new() -> None:
    assert not LinesPublisher(LinesSettings(path=Path("readings.jsonl"))).from_now
    assert LinesPublisher(LinesSettings()).from_now


def test_a_battery_that_cannot_be_read_any_more_has_a_line_without_values(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"

    asyncio.run(LinesPublisher(LinesSettings(path=path)).tell(a_snapshot(state=BatteryState.ASLEEP, reason="at rest")))

    content = json.loads(path.read_text())
    assert (content["state"], content["reason"], content["age"] >= 0) == ("asleep", "at rest", True)
    assert "taken_at" not in content
