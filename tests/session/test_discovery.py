"""What an advertisement says is judged, never believed. Scanning itself is tested on the real Bluetooth stack."""

import asyncio

import pytest
from bleak.backends.device import BLEDevice

from bmsreader.descriptions import shipped
from bmsreader.links.scan import Advertisement
from bmsreader.model import NoBluetooth
from bmsreader.session.discovery import discover, find, judged


def heard(name: str | None, manufacturer: int | None = None) -> Advertisement:
    return Advertisement(
        address="02:00:07:00:00:01",
        name=name,
        signal=-60,
        services=(),
        manufacturer_data=() if manufacturer is None else ((manufacturer, b"\1"),),
        device=BLEDevice("02:00:07:00:00:01", name, None),
    )


@pytest.mark.parametrize(
    ("advertisement", "likely"),
    [
        (heard("LT-12V-1544"), "ej"),
        (heard("Caravan", 33384), "ej"),
        (heard("Power-1", 28256), "ej2"),
        (heard("Caravan"), None),
        (heard(None), None),
    ],
    ids=str,
)
def test_an_advertisement_is_judged_by_its_hints(advertisement: Advertisement, likely: str | None) -> None:
    found = judged(advertisement, shipped())

    assert (found.likely, found.proved) == (likely, None)
    assert found.is_battery is (likely is not None)


def test_without_an_adapter_discovery_says_so() -> None:
    with pytest.raises(NoBluetooth, match="cannot be used"):
        asyncio.run(discover(0.1))


def test_without_an_adapter_a_name_cannot_be_found_and_says_why() -> None:
    with pytest.raises(NoBluetooth):
        asyncio.run(find("LT-12V", seconds=0.1))
