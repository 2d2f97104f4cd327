"""Captures inside other files."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from bmsreader.captures import zipped as packing
from bmsreader.captures.reading import read_open
from bmsreader.captures.traffic import Capture
from bmsreader.model import CaptureError
from tests.captures.making import btsnoop, host_packets, two_batteries
from tests.captures.samples import ANDROID_LOG, binary, zipped


def read(content: bytes) -> Capture:
    return read_open(io.BytesIO(content), "test.zip")


def test_the_log_with_the_most_packets_is_taken_and_the_other_named() -> None:
    short = btsnoop(host_packets(two_batteries(polls=1)))

    capture = read(zipped({ANDROID_LOG + ".last": short, ANDROID_LOG: binary()["1002.btsnoop"]}))

    assert capture.source == f"test.zip: {ANDROID_LOG}"
    assert f"{ANDROID_LOG}.last" in capture.remarks[-1]


def test_a_single_file_may_have_any_name() -> None:
    assert len(read(zipped({"capture": binary()["1002.btsnoop"]})).packets) == 45


def test_a_zip_without_a_capture_is_refused() -> None:
    with pytest.raises(CaptureError, match="no capture"):
        read(zipped({"photo.jpg": b"\xff\xd8", "photo2.jpg": b"\xff\xd8"}))


def test_a_damaged_zip_is_refused() -> None:
    with pytest.raises(CaptureError, match="damaged"):
        read(zipped({"a.log": b"x" * 100})[:60])


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LARGEST", 1000)

    with pytest.raises(CaptureError, match="unpacks to more"):
        read(gzip.compress(binary()["1002.btsnoop"]))


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(zipped({"a.log": b"x" * 100}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    assert zipfile.is_zipfile(io.BytesIO(content))

    with pytest.raises(CaptureError, match="password"):
        read(bytes(content))


def test_a_small_file_is_read_from_a_zip_up_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.labels", "75: 12V")
        packed.writestr("b.log", "rx 3a30")

    assert packing.member_of(path, ".labels", most=3) == b"75:"
    assert packing.member_of(path, ".txt", most=3) == b""
    assert packing.member_of(Path(__file__), ".labels", most=3) == b""
