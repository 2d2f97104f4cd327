"""Recordings survive what happens to files."""

import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.recording import (
    Header,
    Record,
    RecordingWriter,
    is_recording,
    notifications_of,
    read_header,
    read_record,
    read_recording,
    read_records,
)
from bmsreader.model import CaptureError

HEADER = Header(
    started=datetime(2026, 3, 1, 12, tzinfo=UTC), battery="02:00:07:00:00:01", name='Cellar "old"', protocol="ej"
)

records = st.builds(
    Record,
    at=st.integers(0, 10**9).map(lambda microseconds: microseconds / 1e6),
    kind=st.sampled_from(["rx", "tx"]),
    data=st.binary(max_size=40),
) | st.builds(Record, at=st.just(1.5), kind=st.just("event"), event=st.text(max_size=20))


def written(*items: Record) -> str:
    file = io.StringIO()
    writer = RecordingWriter(file, HEADER)
    for item in items:
        writer.write(item)
    return file.getvalue()


def test_the_first_line_says_what_the_file_is() -> None:
    assert json.loads(written().splitlines()[0])["bmsreader"] == "recording"


def test_the_header_is_read_back() -> None:
    assert read_header(HEADER.line()) == HEADER


@given(record=records)
def test_every_record_is_read_back(record: Record) -> None:
    assert read_record(record.line()) == record


@given(record=records)
def test_every_line_is_json(record: Record) -> None:
    assert json.loads(record.line())["t"] == pytest.approx(record.at)


def test_a_last_line_that_a_power_cut_damaged_is_passed_over() -> None:
    whole = Record(at=1.0, kind="rx", data=b"abc")
    lines = [whole.line(), whole.line()[:-4]]

    assert list(read_records(lines)) == [whole]


@pytest.mark.parametrize("line", ["", "[]", "{", '{"a": 1}', '{"t": 1, "rx": "zz"}', '{"t": "x", "rx": ""}', "null"])
def test_what_is_no_record_is_none(line: str) -> None:
    assert read_record(line) is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("", "not the header"),
        ("{}", "not the header"),
        ('{"bmsreader": "other"}', "not a recording"),
        (HEADER.line().replace('"version": 1', '"version": 99'), "newer bmsreader"),
        (HEADER.line().replace("2026-03", "2026-33"), "not the header"),
    ],
)
def test_a_file_that_is_no_recording_says_so(line: str, problem: str) -> None:
    with pytest.raises(CaptureError, match=problem):
        read_header(line)


@pytest.mark.parametrize("line", [HEADER.line(), HEADER.line().encode()])
def test_a_recording_is_recognised_by_its_first_line(line: str | bytes) -> None:
    assert is_recording(line)


@pytest.mark.parametrize("line", ["", ":0082310080~", "Notification handle = 0x000e value: 3a", '{"other": 1}'])
def test_other_files_are_not_taken_for_recordings(line: str) -> None:
    assert not is_recording(line)


@given(items=st.lists(records, max_size=20))
def test_taking_lines_at_once_finds_the_same_notifications_as_line_by_line(items: list[Record]) -> None:
    block = "".join(item.line() + "\n" for item in items).encode()
    at_once = notifications_of(block)
    singly = b"".join(item.data for item in read_records(block.splitlines()) if item.kind == "rx")

    assert at_once is None or bytes.fromhex(b"".join(digits for _, digits in at_once).decode()) == singly


def test_lines_in_the_programs_own_form_are_taken_at_once() -> None:
    block = "\n".join(Record(at=i, kind=kind, data=b"\x3a").line() for i in range(3) for kind in ("tx", "rx"))

    assert [digits for _, digits in notifications_of(block.encode()) or []] == [b"", b"3a"] * 3


def test_lines_in_another_form_are_left_to_the_careful_way() -> None:
    assert notifications_of(b'{"t": 1.0, "rx": "3a"}\n') is None


def test_a_recording_is_a_capture() -> None:
    gathering = Gathering()
    lines = written(
        Record(at=0.5, kind="tx", data=b"ask"),
        Record(at=1, kind="event", event="x"),
        Record(at=1.25, kind="rx", data=b"say"),
    ).splitlines()

    capture = gathering.capture("test", read_recording(lines, gathering, "test"))

    assert capture.started == HEADER.started
    assert [(packet.at, packet.kind, packet.value) for packet in capture.packets] == [
        (0.5, "write-command", b"ask"),
        (1.25, "notification", b"say"),
    ]
    assert [connection.name for connection in capture.connections] == ['Cellar "old"']
