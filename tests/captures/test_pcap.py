"""pcap in its four dialects."""

import io

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.pcap import read_pcap
from bmsreader.captures.traffic import Capture
from bmsreader.model import CaptureError
from tests.captures.making import Scene, host_packets, linked, pcap


def read(content: bytes) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_pcap(io.BytesIO(content), gathering, "test"))


def notified() -> list[tuple[int, bytes]]:
    scene = Scene()
    scene.notify(0x40, b"one")
    scene.notify(0x40, b"two")
    return linked(host_packets(scene), 201)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_byte_order_and_fractions_do_not_matter(order: str, nano: bool) -> None:
    capture = read(pcap(notified(), 201, order=order, nano=nano))

    assert [(packet.at, packet.value) for packet in capture.packets] == [(0, b"one"), (0.02, b"two")]


def test_a_capture_of_something_else_is_refused() -> None:
    with pytest.raises(CaptureError, match="link type 1"):
        read(pcap(notified(), 1))


def test_a_file_that_was_cut_off_says_so() -> None:
    assert "cut off" in read(pcap(notified(), 201)[:-1]).remarks[0]
