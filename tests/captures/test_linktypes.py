"""Link types of one file, also mixed."""

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.linktypes import Captured, take_captured
from bmsreader.model import CaptureError
from tests.captures.making import HostPacket, Scene, host_packets, link_packet


def notified(link: int, value: bytes) -> list[HostPacket]:
    scene = Scene()
    scene.notify(link, value)
    return host_packets(scene)


def captured(packets: list[HostPacket], link: int, interface: int = 0) -> list[Captured]:
    return [(link, at, interface, None, link_packet(link, received, packet), 0) for at, received, packet in packets]


def gather(packets: list[Captured]) -> Gathering:
    gathering = Gathering()
    take_captured(packets, gathering, "test")
    return gathering


def test_interfaces_of_different_link_types_are_read_together() -> None:
    packets = captured(notified(0x40, b"one"), 201) + captured(notified(0x40, b"two"), 254, 1)

    assert [packet.value for packet in gather(packets).table] == [b"one", b"two"]


def test_the_same_handle_on_two_interfaces_is_two_connections() -> None:
    packets = captured(notified(0x40, b"one"), 201) + captured(notified(0x40, b"two"), 201, 1)

    assert [packet.connection for packet in gather(packets).table] == [0, 1]


def test_a_file_of_other_packets_is_refused() -> None:
    with pytest.raises(CaptureError, match="link type 1"):
        gather([(1, 0, 0, None, b"ethernet", 0)])


def test_bluetooth_among_other_packets_is_read() -> None:
    packets: list[Captured] = [(1, 0, 0, None, b"ethernet", 0), *captured(notified(0x40, b"value"), 187)]

    assert [packet.value for packet in gather(packets).table] == [b"value"]


def test_a_file_that_says_the_way_of_its_packets_is_believed() -> None:
    scene = Scene()
    scene.write(0x40, bytes(range(60)))
    scene.notify(0x40, bytes(range(60, 120)))
    by_host, by_controller = host_packets(scene)[:4], host_packets(scene)[4:]
    mixed = [packet for pair in zip(by_host, by_controller, strict=True) for packet in pair]
    packets: list[Captured] = [(187, at, 0, int(received), packet, 0) for at, received, packet in mixed]

    assert [packet.value for packet in gather(packets).table] == [bytes(range(60)), bytes(range(60, 120))]
