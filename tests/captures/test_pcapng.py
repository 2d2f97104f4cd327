"""pcapng: blocks of two byte orders, among them many that are passed over."""

import io
import struct

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.pcapng import Interface, read_pcapng
from bmsreader.captures.traffic import Capture
from bmsreader.model import CaptureError
from tests.captures.making import Scene, host_packets, linked, pcapng


def read(content: bytes) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_pcapng(io.BytesIO(content), gathering, "test"))


def notified(value: bytes = b"value") -> list[tuple[int, bytes]]:
    scene = Scene()
    scene.notify(0x40, value)
    return linked(host_packets(scene), 201)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_byte_order_and_resolution_do_not_matter(order: str, nano: bool) -> None:
    content = pcapng(notified(), 201, order=order, nano=nano)

    assert [(packet.at, packet.value) for packet in read(content).packets] == [(0, b"value")]


def test_files_that_were_put_one_after_the_other_are_read() -> None:
    content = pcapng(notified(b"one"), 201, order="<") + pcapng(notified(b"two"), 201, order=">")

    assert [packet.value for packet in read(content).packets] == [b"one", b"two"]


def test_resolutions_that_are_powers_of_two_are_understood() -> None:
    assert Interface(number=0, link=201, ticks=1 << 10).microseconds(1 << 10) == 1_000_000


def test_a_block_of_impossible_size_ends_the_file() -> None:
    capture = read(pcapng(notified(), 201) + struct.pack("<II", 6, 1 << 30) + bytes(64))

    assert len(capture.packets) == 1
    assert "damaged" in capture.remarks[0]


def test_a_capture_of_something_else_is_refused() -> None:
    with pytest.raises(CaptureError, match="link type 1"):
        read(pcapng(notified(), 1))
