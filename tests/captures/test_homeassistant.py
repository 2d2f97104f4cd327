"""Debug logs of Home Assistant."""

import pytest

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.homeassistant import is_homeassistant, read_homeassistant
from bmsreader.captures.traffic import Capture

# From https://github.com/patman15/BMS_BLE-HA/issues/22.
RECEIVED = (
    "2024-06-30 19:52:24.454 DEBUG (MainThread) [custom_components.bms_ble.plugins.jbd_bms] (SX100P-B230201) "
    "Rx BLE data (start): bytearray(b'\\xdd\\x04\\x00\\x08\\rG\\rH\\rH\\rD\\xfe\\xa9w')"
)
QUOTED = RECEIVED.replace("bytearray(b'\\xdd\\x04\\x00\\x08\\rG\\rH\\rH\\rD\\xfe\\xa9w')", 'bytearray(b"\\xdd it\'s")')
SENT = "2024-06-30 19:52:24.1 DEBUG (MainThread) [aiobmsble.bms.jbd_bms] SX: TX BLE req #1 (WNR): dd a5 04 00 ff fc 77"


def read(*lines: str) -> Capture:
    gathering = Gathering()
    return gathering.capture("test", read_homeassistant(lines, gathering))


def test_bytes_are_taken_as_python_wrote_them() -> None:
    (packet,) = read(RECEIVED).packets

    assert packet.value == bytes.fromhex("dd0400080d470d480d480d44fea977")


def test_either_quote_will_do() -> None:
    assert [packet.value for packet in read(QUOTED).packets] == [b"\xdd it's"]


def test_requests_are_hex() -> None:
    (packet,) = read(SENT).packets

    assert (packet.kind, packet.value) == ("write-command", bytes.fromhex("dda50400fffc77"))


def test_batteries_are_told_apart_by_name() -> None:
    capture = read(RECEIVED, RECEIVED.replace("B230201", "B230193"))

    assert [connection.name for connection in capture.connections] == ["SX100P-B230201", "SX100P-B230193"]


@pytest.mark.parametrize("code", ["__import__('os').getcwd()", "b'a' * 9", "[1, 2]", "b'unfinished", "'text'"])
def test_nothing_in_a_log_is_ever_run(code: str) -> None:
    assert not is_homeassistant(f"DEBUG (MainThread) [x] RX BLE data: {code}")


def test_other_lines_are_passed_over() -> None:
    assert not is_homeassistant("2024-06-30 19:52:24.276 DEBUG (MainThread) [custom_components.bms_ble] data update")
