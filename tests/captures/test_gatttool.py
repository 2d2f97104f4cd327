"""What gatttool printed is a capture."""

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.gatttool import is_gatttool, notification, read_gatttool

LINE = "Notification handle = 0x000e value: 3a 30 30 38 32 33 31 30 30 38 43 30 30 30 30 30 30 30 30 30 "


def test_a_notification_line_gives_handle_and_bytes() -> None:
    assert notification(LINE) == (0x0E, b":008231008C000000000")


@pytest.mark.parametrize("line", [LINE.strip(), "   " + LINE + "\n", LINE.replace("Notification", "Indication")])
def test_spacing_and_kind_do_not_matter(line: str) -> None:
    assert notification(line) == (0x0E, b":008231008C000000000")


@pytest.mark.parametrize(
    "line", ["Characteristic value was written successfully", "", "handle = 0x000e, uuid = 6e400003", LINE + "zz"]
)
def test_other_lines_hold_no_notification(line: str) -> None:
    assert notification(line) is None


@pytest.mark.parametrize(
    "line", [LINE, "Characteristic value was written successfully", "handle = 0x0001, uuid = 2800"]
)
def test_gatttools_lines_are_recognised(line: str) -> None:
    assert is_gatttool(line)


@pytest.mark.parametrize("line", [":0082310080~", "3a303038", '{"bmsreader": "recording"}', ""])
def test_other_lines_are_not_gatttools(line: str) -> None:
    assert not is_gatttool(line)


def test_a_session_at_the_prompt_is_a_capture_with_requests() -> None:
    gathering = Gathering()
    lines = [
        "[A4:C1:38:00:11:22][LE]> characteristics",
        "handle: 0x000d, char properties: 0x10, char value handle: 0x000e, uuid: 6e400003-b5a3-f393-e0a9-e50e24dcca9e",
        "[A4:C1:38:00:11:22][LE]> char-write-cmd 0x0010 3a7e",
        LINE,
    ]

    capture = gathering.capture("test", read_gatttool(lines, gathering))

    assert [(packet.kind, packet.handle) for packet in capture.packets] == [("write-command", 16), ("notification", 14)]
    assert [(c.peer, c.uuids) for c in capture.connections] == [
        ("A4:C1:38:00:11:22", {14: "6e400003-b5a3-f393-e0a9-e50e24dcca9e"})
    ]
