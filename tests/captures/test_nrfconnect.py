"""Logs of nRF Connect, as owners paste them into issues."""

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.nrfconnect import REMARK, is_nrfconnect, read_nrfconnect
from bmsreader.captures.traffic import Capture

# Two lines of https://github.com/patman15/BMS_BLE-HA/issues/537, shortened.
NOTIFIED = (
    "I\t21:04:51.704\tNotification received from 0000fff6-0000-1000-8000-00805f9b34fb, value: (0x) "
    '30-36-42-32-30-33-30-32-30-31-38-39-37-45-38-30-44-45-30-7E, "06B2030201897E80DE0~"'
)
AGAIN = f'A\t21:04:51.704\t"{NOTIFIED[NOTIFIED.index("(0x)") :]}" received'


def read(*lines: str) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_nrfconnect(lines, gathering))


def test_a_packet_that_appears_twice_is_one() -> None:
    assert [packet.value for packet in read(NOTIFIED, AGAIN).packets] == [b"06B2030201897E80DE0~"]


def test_a_log_that_was_kept_for_people_only_is_read_too() -> None:
    assert [packet.value for packet in read(AGAIN).packets] == [b"06B2030201897E80DE0~"]


def test_the_owner_is_told_what_is_missing() -> None:
    assert read(NOTIFIED).remarks == (REMARK,)


def test_name_and_address_are_taken_from_the_head() -> None:
    capture = read("nRF Connect, 2025-10-02", "Nova Core (A4:C1:38:00:11:22)", NOTIFIED)

    assert [(c.peer, c.name) for c in capture.connections] == [("A4:C1:38:00:11:22", "Nova Core")]


def test_what_was_read_and_written_has_its_kind() -> None:
    lines = [
        "I\t10:00:00.000\tRead Response received from 00002a00-0000-1000-8000-00805f9b34fb, value: (0x) 41-42",
        "I\t10:00:01.000\tData written to 0000fff5-0000-1000-8000-00805f9b34fb, value: (0x) 3A-7E",
        "I\t10:00:02.000\tIndication received from 0000fff6-0000-1000-8000-00805f9b34fb, value: (0x) 01",
    ]

    assert [packet.kind for packet in read(*lines).packets] == ["read", "write", "indication"]


def test_its_lines_are_recognised() -> None:
    assert is_nrfconnect(NOTIFIED)
    assert is_nrfconnect(AGAIN)
    assert not is_nrfconnect("V\t21:04:40.001\tConnecting to A4:C1:38:00:11:22...")
