"""What logs made of text have in common."""

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.written import Written, hex_bytes, plain, short_uuid


def times(*lines: str) -> list[float]:
    gathering = Gathering()
    written = Written(gathering)
    for line in lines:
        written.clock(line)
        written.add("notification", b"x")
    return [packet.at for packet in gathering.capture("test", "test").packets]


@pytest.mark.parametrize("text", ["3a30ff", "3A 30 FF", "3A-30-FF", "3A.30.FF", "3a:30:ff"])
def test_hex_is_understood_however_it_is_written(text: str) -> None:
    assert hex_bytes(text) == b"\x3a\x30\xff"


@pytest.mark.parametrize("text", ["", "3", "3a3", "3a 3", "xy", "3a30 and more"])
def test_other_text_is_no_hex(text: str) -> None:
    assert hex_bytes(text) is None


def test_times_count_from_the_first_packet() -> None:
    assert times("[12:00:01.500] x", "[12:00:02] x") == [0, 0.5]


def test_a_log_goes_on_after_midnight() -> None:
    assert times("23:59:59.5 x", "00:00:00.5 x", "00:00:01,5 x") == [0, 1, 2]


def test_dates_count() -> None:
    assert times("2024-06-30 23:00:00 x", "2024-07-02 23:00:00 x") == [0, 172_800]


def test_a_log_with_times_of_day_has_no_date() -> None:
    gathering = Gathering()
    Written(gathering).add("notification", b"x")

    assert gathering.capture("test", "test").started is None


def test_uuids_get_handles_of_their_own() -> None:
    gathering = Gathering()
    written = Written(gathering)
    for uuid in ("0000FFF6-0000-1000-8000-00805F9B34FB", "fff5", "fff6"):
        written.add("notification", b"x", uuid=uuid)
    capture = gathering.capture("test", "test")

    assert [packet.handle for packet in capture.packets] == [1, 2, 1]
    assert capture.connections[0].uuids == {1: "fff6", 2: "fff5"}


def test_colours_are_removed() -> None:
    assert plain("\x1b[0;32m[12:00:00]\x1b[0m text \r\n") == "[12:00:00] text"


def test_uuids_of_vendors_stay_long() -> None:
    assert short_uuid("6E400003-B5A3-F393-E0A9-E50E24DCCA9E") == "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
