"""btsnoop, with the traps that its files set."""

import io
import struct
from datetime import UTC, datetime

import pytest

from bmsreader.captures.btsnoop import EPOCH, read_btsnoop
from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Capture
from bmsreader.model import CaptureError
from tests.captures.making import STARTED, Scene, btsnoop, host_packets


def read(content: bytes) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_btsnoop(io.BytesIO(content), gathering, "test"))


def notified(*values: bytes) -> Scene:
    scene = Scene()
    for value in values:
        scene.notify(0x40, value)
    return scene


def test_times_count_from_the_constant_that_all_writers_use() -> None:
    content = btsnoop(host_packets(notified(b"a")))

    assert read(content).started == datetime.fromtimestamp((STARTED + 20_000) / 1e6, UTC)


@pytest.mark.slow
def test_the_constant_is_that_of_bumble() -> None:
    bumble = pytest.importorskip("bumble.snoop")
    since = datetime(2000, 1, 1, tzinfo=UTC).timestamp() * 1e6

    assert since == bumble.BtSnooper.TIMESTAMP_DELTA - EPOCH


@pytest.mark.slow
def test_what_bumble_writes_is_read() -> None:
    bumble = pytest.importorskip("bumble.snoop")
    file = io.BytesIO()
    snooper = bumble.BtSnooper(file)
    for _, received, packet in host_packets(notified(b"from", b"bumble")):
        snooper.snoop(packet, bumble.Snooper.Direction(received))

    assert [packet.value for packet in read(file.getvalue()).packets] == [b"from", b"bumble"]


def test_packets_that_android_filtered_are_marked_and_the_owner_is_told() -> None:
    capture = read(btsnoop(host_packets(notified(b"0123456789")), keep=16))

    assert [(packet.value, packet.truncated) for packet in capture.packets] == [(b"0123", True)]
    assert "`filtered`" in capture.remarks[0]
    assert "full" in capture.remarks[0]


@pytest.mark.parametrize(("link", "named"), [(1003, "BCSP"), (1004, "H5"), (2002, "simulator"), (77, "unknown")])
def test_links_that_cannot_be_read_are_named(link: int, named: str) -> None:
    with pytest.raises(CaptureError, match=named):
        read(b"btsnoop\0" + struct.pack(">II", 1, link))


def test_a_record_of_impossible_size_ends_the_file() -> None:
    content = btsnoop(host_packets(notified(b"good")))
    damaged = content + struct.pack(">IIIIq", 1 << 31, 1 << 31, 0, 0, 0)

    capture = read(damaged)

    assert [packet.value for packet in capture.packets] == [b"good"]
    assert "damaged" in capture.remarks[0]


def test_a_file_that_was_cut_off_says_so() -> None:
    assert "cut off" in read(btsnoop(host_packets(notified(b"good", b"cut")))[:-3]).remarks[0]
