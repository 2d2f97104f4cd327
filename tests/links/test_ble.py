"""What bleak says becomes what the owner can act on. The link itself is tested on the real Bluetooth stack."""

import asyncio

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from bmsreader.descriptions import load, shipped
from bmsreader.links.ble import BleLink, _as_ours, scanner_options
from bmsreader.model import BatteryBusy, LinkLost, NoBluetooth, Unreachable, WriteRefused


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (BleakError("No powered Bluetooth adapters found."), NoBluetooth),
        (BleakError("Bluetooth device is turned off"), NoBluetooth),
        (FileNotFoundError("/run/dbus/system_bus_socket"), NoBluetooth),
        (PermissionError("not allowed"), NoBluetooth),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["org.bluez"]), NoBluetooth),
        (BleakError("Device or resource busy"), BatteryBusy),
        (BleakError("le-connection-abort-by-local"), BatteryBusy),
        (BleakError("failed to connect"), Unreachable),
        (TimeoutError(), Unreachable),
    ],
    ids=lambda value: str(value)[:40],
)
def test_errors_of_the_stack_become_ours(error: Exception, ours: type[Exception]) -> None:
    assert type(_as_ours(error, "02:00:07:00:00:01")) is ours


def test_a_code_beside_the_sentence_is_not_shown() -> None:
    error = BleakBluetoothNotAvailableError(
        "No Bluetooth adapters found.", BleakBluetoothNotAvailableReason.NO_BLUETOOTH
    )

    assert str(_as_ours(error, "x")) == "Bluetooth cannot be used on this machine: No Bluetooth adapters found"


def test_every_error_names_a_next_step() -> None:
    assert _as_ours(BleakError("whatever"), "02:00:07:00:00:01").advice


def test_without_an_adapter_a_connection_says_so() -> None:
    with pytest.raises(NoBluetooth):
        asyncio.run(BleLink("02:00:07:00:00:01", codecs=shipped(), search=0.1).connect())


@pytest.mark.parametrize("command", [b":000550000E00~", b":000650000E03~"])
def test_a_bluetooth_link_refuses_write_commands_before_anything_else(command: bytes) -> None:
    with pytest.raises(WriteRefused):
        asyncio.run(BleLink("02:00:07:00:00:01", codecs=shipped()).write(command))


def test_a_request_on_a_link_that_is_not_connected_is_a_lost_link() -> None:
    with pytest.raises(LinkLost):
        asyncio.run(BleLink("02:00:07:00:00:01", codecs=(load("ej"),)).write(b":000250000E03~"))


def test_disconnecting_what_was_never_connected_is_nothing() -> None:
    asyncio.run(BleLink("02:00:07:00:00:01", codecs=()).disconnect())


def test_an_adapter_is_chosen_by_name() -> None:
    assert (scanner_options("hci1"), scanner_options(None)) == ({"adapter": "hci1"}, {})
