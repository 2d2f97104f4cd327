"""The log inside a bug report."""

from datetime import UTC, datetime

import pytest

from bmsreader.captures.btsnooz import read_btsnooz
from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Capture
from bmsreader.model import CaptureError
from tests.captures.making import STARTED, Scene, btsnooz, host_packets


def read(text: str) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_btsnooz(text.splitlines(), gathering, "test"))


def report(version: int = 2) -> str:
    scene = Scene()
    scene.notify(0x40, b"one")
    scene.notify(0x40, b"two")
    return btsnooz(host_packets(scene), version).decode()


@pytest.mark.parametrize("version", [1, 2])
def test_times_are_counted_back_from_the_last_packet(version: int) -> None:
    capture = read(report(version))

    assert capture.started == datetime.fromtimestamp((STARTED + 20_000) / 1e6, UTC)
    assert [(packet.at, packet.value) for packet in capture.packets] == [(0, b"one"), (0.02, b"two")]


def test_a_report_without_a_log_says_how_to_get_one() -> None:
    with pytest.raises(CaptureError, match="no Bluetooth log") as refused:
        read("== dumpstate: 2023\nnothing")

    assert "snoop log" in refused.value.advice


def test_a_log_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    lines = report().splitlines()
    begin = next(number for number, line in enumerate(lines) if "BEGIN" in line)
    cut = [*lines[: begin + 1], lines[begin + 1][:-8]]

    assert len(read("\n".join(cut)).packets) <= 2


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(CaptureError, match="unknown version"):
        read("--- BEGIN:BTSNOOP_LOG_SUMMARY (9 bytes in) ---\nCQAAAAAAAAAA\n--- END:BTSNOOP_LOG_SUMMARY ---")
