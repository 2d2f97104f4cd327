"""What sniffers write in front of a packet."""

import pytest

from bmsreader.captures.sniffers import CLEAR, DECRYPTED, ENCRYPTED, SNIFFERS
from tests.captures.making import air_header

PACKET = bytes.fromhex("0904 3b5a 0600 aabbcc")


@pytest.mark.parametrize("link", [256, 272])
@pytest.mark.parametrize(("received", "way"), [(False, 0), (True, 1)])
def test_the_way_of_a_packet_is_known(link: int, received: bool, way: int) -> None:
    assert SNIFFERS[link](7, air_header(link, PACKET, received) + PACKET) == (7, way, PACKET, CLEAR)


def test_a_plain_sniffer_does_not_say_the_way() -> None:
    assert SNIFFERS[251](7, PACKET) == (7, None, PACKET, CLEAR)


@pytest.mark.parametrize(("flags", "state"), [(0x07, ENCRYPTED), (0x0F, DECRYPTED)])
def test_the_nrf_sniffer_says_whether_it_had_the_key(flags: int, state: int) -> None:
    header = bytearray(air_header(272, PACKET, True))
    header[8] = flags
    frame = SNIFFERS[272](0, bytes(header) + PACKET)

    assert frame is not None
    assert frame[3] == state


def test_a_header_that_is_too_short_or_unknown_is_passed_over() -> None:
    assert SNIFFERS[256](0, b"\0" * 9) is None
    assert SNIFFERS[272](0, b"\0" * 30) is None
