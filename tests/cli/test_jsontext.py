"""JSON for standard output."""

import json

from bmsreader.cli import jsontext
from bmsreader.model.rejection import FrameRejected
from tests.cli.test_words import reading


def test_a_reading_keeps_the_names_of_the_vocabulary() -> None:
    decoded = json.loads(jsontext.of(reading()))

    assert decoded["pack_voltage"] == 13.028
    assert decoded["taken_at"] == "2026-03-01T12:00:00Z"
    assert decoded["time_to_empty"] is None


def test_a_rejection_is_reason_and_bytes_as_text_or_hex() -> None:
    rejected = [FrameRejected(reason="checksum", frame=frame) for frame in (b":00~", b"\x00\xff")]

    assert [json.loads(jsontext.of(one)) for one in rejected] == [
        {"rejected": "checksum", "frame": ":00~"},
        {"rejected": "checksum", "frame": "00ff"},
    ]


def test_one_object_is_one_line_of_plain_ascii() -> None:
    text = jsontext.encode({"name": "Büro\nWohnmobil"})

    assert text.isascii()
    assert "\n" not in text
