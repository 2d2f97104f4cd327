"""PacketLogger's files have no mark; their first records tell them."""

import io

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.packetlogger import is_packetlogger, read_packetlogger
from tests.captures.making import host_packets, packetlogger, two_batteries

PACKETS = host_packets(two_batteries(polls=1))


@pytest.mark.parametrize("order", [">", "<"])
def test_both_byte_orders_are_recognised(order: str) -> None:
    assert is_packetlogger(packetlogger(PACKETS, order)[:4096])


@pytest.mark.parametrize("start", [b"", b"btsnoop\0" + bytes(32), bytes(64), b"\xff" * 64, b"text, no capture" * 9])
def test_other_files_are_not(start: bytes) -> None:
    assert not is_packetlogger(start)


def test_notes_between_the_packets_are_passed_over() -> None:
    note = b"\0\0\0\x0d\0\0\0\1\0\0\0\2\xfcnote"
    content = packetlogger(PACKETS[:3]) + note + packetlogger(PACKETS[3:])
    gathering = Gathering()

    read_packetlogger(io.BytesIO(content), gathering)

    assert gathering.remarks == []
    assert len(gathering.table) > 10
