"""What a sniffer hears: repeated, damaged, encrypted."""

import pytest

from bmsreader.captures.air import AirTraffic
from bmsreader.captures.gathering import Gathering
from bmsreader.captures.sniffers import SNIFFERS
from bmsreader.captures.traffic import Capture
from tests.captures.making import AIR_LINKS, AirPacket, Radio, Scene, air_frames, air_header, two_batteries


def gather(packets: list[AirPacket], link: int = 256) -> Capture:
    gathering = Gathering()
    traffic = AirTraffic(gathering)
    frames = (SNIFFERS[link](at, packet) for at, packet in air_frames(packets, link))
    traffic.take(frame for frame in frames if frame is not None)
    traffic.finish()
    return gathering.capture("test", "test")


def values(capture: Capture) -> list[bytes]:
    return [packet.value for packet in capture.packets]


@pytest.mark.parametrize("link", AIR_LINKS)
def test_what_was_sent_again_is_dropped(link: int) -> None:
    scene = two_batteries()

    assert values(gather(Radio(repeats=0.4).hear(scene), link)) == values(gather(Radio().hear(scene), link))


def test_the_same_value_twice_is_two_notifications() -> None:
    scene = Scene()
    scene.notify(0x40, b"same")
    scene.notify(0x40, b"same")

    assert values(gather(Radio().hear(scene))) == [b"same", b"same"]


@pytest.mark.parametrize("link", [256, 272])
def test_packets_that_were_damaged_on_the_air_are_dropped(link: int) -> None:
    _, _, packet = Radio().hear(two_batteries())[0]

    assert SNIFFERS[link](0, air_header(link, packet, None, damaged=True) + packet) is None


def test_an_encrypted_connection_is_refused_in_a_sentence() -> None:
    scene = two_batteries()

    capture = gather(Radio(encrypt_after=20).hear(scene))

    assert any(connection.encrypted for connection in capture.connections)
    assert "encrypted: a sniffer cannot read them" in capture.remarks[0]


def test_after_the_start_of_encryption_nothing_is_guessed() -> None:
    scene = Scene()
    scene.connect(0x40, "02:00:00:00:00:01")
    scene.notify(0x40, b"in the clear")
    scene.notify(0x40, b"hidden")

    assert values(gather(Radio(encrypt_after=2).hear(scene))) == [b"in the clear"]


def test_a_connection_joined_after_it_was_encrypted_is_recognised() -> None:
    scene = Scene()
    for number in range(9):
        scene.notify(0x40, bytes([number] * 9))
    packets = [packet for packet in Radio(encrypt_after=0).hear(scene) if packet[2][4] & 3 != 3]

    capture = gather(packets)

    assert [connection.encrypted for connection in capture.connections] == [True]
    assert values(capture) == []


def test_a_connection_whose_beginning_was_missed_is_read() -> None:
    scene = Scene()
    scene.notify(0x40, b"value")

    assert [connection.peer for connection in gather(Radio().hear(scene)).connections] == [None]
