"""Frames as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.lines import bytes_of_line, read_lines
from tests.answers import CHARGING

HEX = CHARGING.hex()
SPACED = CHARGING.hex(" ")


@pytest.mark.parametrize(
    "line",
    [
        CHARGING.decode(),
        f"  {CHARGING.decode()}\r\n",
        f'"{CHARGING.decode()}"',
        HEX,
        HEX.upper(),
        "0x" + HEX,
        SPACED,
        SPACED.upper(),
        CHARGING.hex("-"),
        CHARGING.hex(":"),
        ", ".join(f"0x{byte:02x}" for byte in CHARGING),
        CHARGING,
    ],
    ids=lambda line: repr(line[:14]),
)
def test_a_frame_is_understood_however_it_is_pasted(line: str | bytes) -> None:
    assert bytes_of_line(line) == CHARGING


@given(data=st.binary())
def test_hex_stands_for_its_bytes(data: bytes) -> None:
    assert bytes_of_line(data.hex(" ")) == data


@given(text=st.text())
def test_no_line_is_too_strange(text: str) -> None:
    assert isinstance(bytes_of_line(text), bytes)


def test_pasted_frames_are_a_capture_without_times() -> None:
    gathering = Gathering()

    capture = gathering.capture("test", read_lines([HEX, "", "a remark", CHARGING.decode()], gathering))

    assert [(packet.at, packet.value) for packet in capture.packets] == [(0, CHARGING), (0, CHARGING)]
