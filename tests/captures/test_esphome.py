"""Logs of ESPHome."""

from bmsreader.captures.esphome import is_esphome, read_esphome
from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Capture

# From https://github.com/syssi/esphome-basen-bms/issues/1.
LOG = """\
[00:14:34][V][esp32_ble_client:111]: [0] [A4:C1:38:27:48:9A] gattc_event_handler: event=10 gattc_if=3
[00:14:34][VV][basen_bms_ble:151]: Notification received (handle 0x11): 30.75.00.00.71.53.11.00.9A.04.0D.0A (12)
[00:14:34][I][basen_bms_ble:310]: General info frame (28+4 bytes):
[00:14:34][D][basen_bms_ble:311]:   3A.16.2B.18.A0.86.01.00.00.64 (10)
[00:14:36][V][basen_bms_ble:401]: Send command (handle 0x15): 3A.16.24.01.00.3B.00.0D.0A (9)
"""


def read(text: str) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_esphome(text.splitlines(), gathering))


def test_notifications_and_commands_are_taken_and_repeated_frames_left() -> None:
    assert [(packet.at, packet.kind, packet.handle, packet.value.hex()) for packet in read(LOG).packets] == [
        (0, "notification", 0x11, "307500007153 11009a040d0a".replace(" ", "")),
        (2, "write-command", 0x15, "3a162401003b000d0a"),
    ]


def test_the_address_is_taken_from_the_lines_before() -> None:
    assert [connection.peer for connection in read(LOG).connections] == ["A4:C1:38:27:48:9A"]


def test_colours_do_not_matter() -> None:
    assert len(read(LOG.replace("[00:", "\x1b[0;36m[00:")).packets) == 2


def test_a_line_that_the_logger_cut_is_marked() -> None:
    (packet,) = read("[15:36:25][D][jk_bms_ble:220]: Notification received: 55.AA.EB.90 (128)").packets

    assert packet.truncated


def test_the_debug_of_a_serial_port_is_read() -> None:
    assert is_esphome("[19:19:39.871][D][uart_debug:114]: >>> 7E:32:35:0D")
