"""The attribute table is that of a real Electronicx, handle by handle."""

from bmsreader.descriptions import load
from bmsreader.simulator import gatt_table
from tests.unasked import hum

CHAR_DESC = """
handle: 0x0001, uuid: 00002800-0000-1000-8000-00805f9b34fb
handle: 0x0002, uuid: 00002803-0000-1000-8000-00805f9b34fb
handle: 0x0003, uuid: 00002a05-0000-1000-8000-00805f9b34fb
handle: 0x0004, uuid: 00002902-0000-1000-8000-00805f9b34fb
handle: 0x0005, uuid: 00002800-0000-1000-8000-00805f9b34fb
handle: 0x0006, uuid: 00002803-0000-1000-8000-00805f9b34fb
handle: 0x0007, uuid: 00002a00-0000-1000-8000-00805f9b34fb
handle: 0x0008, uuid: 00002803-0000-1000-8000-00805f9b34fb
handle: 0x0009, uuid: 00002a01-0000-1000-8000-00805f9b34fb
handle: 0x000a, uuid: 00002803-0000-1000-8000-00805f9b34fb
handle: 0x000b, uuid: 00002a04-0000-1000-8000-00805f9b34fb
handle: 0x000c, uuid: 00002800-0000-1000-8000-00805f9b34fb
handle: 0x000d, uuid: 00002803-0000-1000-8000-00805f9b34fb
handle: 0x000e, uuid: 6e400003-b5a3-f393-e0a9-e50e24dcca9e
handle: 0x000f, uuid: 00002902-0000-1000-8000-00805f9b34fb
handle: 0x0010, uuid: 00002803-0000-1000-8000-00805f9b34fb
handle: 0x0011, uuid: 6e400002-b5a3-f393-e0a9-e50e24dcca9e
"""
"""What ``gatttool --char-desc`` prints for a real one."""

SERVICE, CHARACTERISTIC = (f"0000{number}-0000-1000-8000-00805f9b34fb" for number in ("2800", "2803"))


def test_every_handle_is_where_a_real_battery_has_it() -> None:
    attributes: dict[int, str] = {}
    for service in gatt_table(load("ej").description.profiles[0]).services:
        attributes[service.handle] = SERVICE
        for characteristic in service.characteristics:
            attributes[characteristic.handle - 1] = CHARACTERISTIC
            attributes[characteristic.handle] = characteristic.uuid
            attributes |= dict(characteristic.descriptors)

    lines = [f"handle: 0x{handle:04x}, uuid: {uuid}" for handle, uuid in sorted(attributes.items())]
    assert lines == CHAR_DESC.split("\n")[1:-1]


def test_the_table_offers_the_profile_that_it_was_made_for() -> None:
    first, second = (load(name).description.profiles[0] for name in ("ej", "ej2"))

    assert gatt_table(first).offers(first)
    assert not gatt_table(first).offers(second)


def test_one_characteristic_that_does_both_stands_once_in_the_table() -> None:
    profile = hum(lambda: 0.0).profile
    (notifies,) = gatt_table(profile).services[-1].characteristics

    assert gatt_table(profile).offers(profile)
    assert {"notify", "write"} <= set(notifies.properties)
