"""Whatever a capture was made with, the battery in it is found."""

import contextlib
import io
import resource
import tarfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.captures import reading
from bmsreader.captures.reading import START, is_capture, read_capture, read_open
from bmsreader.captures.traffic import Capture
from bmsreader.model import CaptureError
from tests.captures.mutating import mutated
from tests.captures.samples import ANSWER, REQUEST, TEXTS, binary, everything, packed, scene


def read(content: bytes) -> Capture:
    return read_open(io.BytesIO(content), "test")


def expected() -> list[bytes]:
    """The values of the scene: writes, notifications, indications and what was read, without their opcodes."""
    values = []
    for step in scene().steps:
        if step.kind == "message" and step.data[4] in (0x12, 0x52, 0x1B, 0x1D):
            values.append(step.data[7:])
        elif step.kind == "message" and step.data[4] == 0x0B:
            values.append(step.data[5:])
    return values


@pytest.mark.parametrize("name", sorted({**binary(), **packed()}))
def test_every_format_holds_the_same_traffic(name: str) -> None:
    capture = read({**binary(), **packed()}[name])

    assert [packet.value for packet in capture.packets] == expected()
    assert [(c.peer, c.name, c.mtu) for c in capture.connections] == [
        ("02:00:07:00:15:44", "LT-12V-1544", 185),
        ("09:01:00:00:02:15", "V-12V100Ah-0215", 185),
    ]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_log_holds_question_and_answer(name: str) -> None:
    capture = read(TEXTS[name].encode())

    asked = [] if name == "pasted frames" else [REQUEST]
    assert capture.format == name
    assert [packet.value for packet in capture.packets if packet.sent] == asked
    assert [packet.value for packet in capture.packets if not packet.sent] == ANSWER


@pytest.mark.parametrize("name", sorted(everything()))
def test_somebody_elses_capture_is_known_by_its_beginning(name: str) -> None:
    ours = {"recording of bmsreader", "pasted frames", "gatttool"}

    assert is_capture(everything()[name][:START]) == (name.removesuffix(".txt") not in ours)


def test_pasted_frames_are_read_from_the_first_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BEFORE", 4)

    assert len(read(b"0102030405\n" * 11).packets) == 11


def test_a_log_from_windows_is_read() -> None:
    assert len(read(TEXTS["gatttool"].encode("utf-16")).packets) == 3


def test_the_format_is_recognised_without_a_file_name(tmp_path: Path) -> None:
    path = tmp_path / "attachment"
    path.write_bytes(binary()["1002.btsnoop"])

    assert read_capture(path).source == "attachment"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a capture"),
        (b"Dear battery,\nhow are you?\n", "not a capture"),
    ],
    ids=["empty", "picture", "letter"],
)
def test_what_is_no_capture_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(CaptureError, match=message):
        read(content)


def test_an_archive_is_to_be_unpacked_first(tmp_path: Path) -> None:
    inside = tmp_path / "bluetooth.pklg"
    inside.write_bytes(binary()["big.pklg"])
    with tarfile.open(tmp_path / "sysdiagnose.tar.gz", "w:gz") as archive:
        archive.add(inside)

    with pytest.raises(CaptureError, match="an archive of many files") as refused:
        read_capture(tmp_path / "sysdiagnose.tar.gz")
    assert "Unpack it first" in (refused.value.advice or "")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="cannot be read"):
        read_capture(tmp_path / "missing")


@settings(max_examples=40)
@given(data=st.data())
def test_a_file_cut_anywhere_gives_the_packets_before_the_cut(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(binary())))
    content = binary()[name]
    cut = data.draw(st.integers(100, len(content)))

    found = [packet.value for packet in read(content[:cut]).packets]

    assert found == expected()[: len(found)]


@settings(max_examples=40)
@given(data=st.data())
def test_a_log_cut_anywhere_gives_no_error_but_ours(data: st.DataObject) -> None:
    content = everything()[data.draw(st.sampled_from(sorted(everything())))]
    cut = data.draw(st.integers(0, len(content)))
    with contextlib.suppress(CaptureError):
        read(content[:cut])


def damage(count: int, seed: int) -> int:
    """Read so many damaged files; return how many were still captures."""
    files, dice, readable = everything(), Random(seed), 0
    names = sorted(files)
    for number in range(count):
        with contextlib.suppress(CaptureError):
            readable += len(list(read(mutated(files[names[number % len(names)]], dice)).packets)) >= 0
    return readable


@pytest.mark.slow
def test_damaged_files_are_read_or_refused() -> None:
    assert damage(300, seed=1) > 0


@pytest.mark.slow
def test_ten_thousand_damaged_files_neither_crash_nor_hang_nor_fill_the_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert damage(10_000, seed=2) > 5_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB
