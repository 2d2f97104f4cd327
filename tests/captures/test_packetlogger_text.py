"""PacketLogger's text: the value is cut, its raw bytes are not."""

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.packetlogger_text import is_packetlogger_text, read_packetlogger_text
from bmsreader.captures.traffic import Capture

HEAD = (
    "Oct 15 23:46:07.954  ATT Receive      0x0041  57:4C:82:A5:70:87  "
    "Handle Value Notification - Handle:0x0031 - Value: "
)
VALUE = bytes(range(0x30, 0x44))
SHOWN = "3031 3233 3435 3637 3839 3A3B 3C3D 3E3F"
PDU = b"\x1b\x31\x00" + VALUE
WHOLE = b"\x41\x20" + (len(PDU) + 4).to_bytes(2, "little") + len(PDU).to_bytes(2, "little") + b"\x04\0" + PDU


def read(*lines: str) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_packetlogger_text(lines, gathering))


def test_a_short_value_is_whole() -> None:
    (packet,) = read(HEAD + "0201 00  ").packets

    assert (packet.value, packet.handle, packet.truncated) == (b"\x02\x01\x00", 0x31, False)


@pytest.mark.parametrize("ellipsis", ["\u2026", "..."])
def test_a_cut_value_without_raw_bytes_is_marked(ellipsis: str) -> None:
    capture = read(HEAD + SHOWN + ellipsis)

    assert [(packet.value, packet.truncated) for packet in capture.packets] == [(VALUE[:16], True)]
    assert "cut with an ellipsis" in capture.remarks[0]


@pytest.mark.parametrize(
    "lines",
    [
        [f"{HEAD}{SHOWN}\u2026  {WHOLE.hex(' ').upper()}"],
        [f"{HEAD}{SHOWN}\u2026  RECV  {WHOLE.hex(' ').upper()}"],
        [
            f"{HEAD}{SHOWN}\u2026",
            f"L2CAP Receive  0x0041  Channel ID: 0x0004  Length: 0x0017 (23) [ {PDU.hex(' ').upper()} ]",
        ],
        [
            f"{HEAD}{SHOWN}\u2026",
            "\tL2CAP Payload:",
            "\t00000000: 1B31 0030 3132 3334 3536 3738 393A 3B3C  .1.0123456789:;<",
            "\t00000010: 3D3E 3F40 4142 43                        =>?@ABC",
        ],
        [f"{HEAD}{SHOWN}\u2026", "\tOpcode: 0x1B", f"\tValue: {SHOWN} ", "\t4041 4243"],
    ],
    ids=["raw", "raw with direction", "brackets", "dump", "details"],
)
def test_the_raw_bytes_are_found_wherever_they_stand(lines: list[str]) -> None:
    assert [(packet.value, packet.truncated) for packet in read(*lines).packets] == [(VALUE, False)]


def test_peers_without_address_are_told_apart_by_their_link() -> None:
    lines = [HEAD.replace("57:4C:82:A5:70:87", "00:00:00:00:00:00") + "01"]
    lines += [lines[0].replace("0x0041", "0x0042")]

    assert [packet.connection for packet in read(*lines).packets] == [0, 1]
    assert [connection.peer for connection in read(*lines).connections] == [None, None]


def test_its_lines_are_recognised() -> None:
    assert is_packetlogger_text("ATT Send         Write Request - Handle:0x0032 - Value: 0100  ")
    assert not is_packetlogger_text("Feb 12 12:10:23.789  ATT Receive      0x005A  Hue  Write Response  ")
