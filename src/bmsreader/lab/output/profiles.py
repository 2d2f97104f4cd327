"""Which service and characteristics a battery is talked to through, from the handles of a capture or by custom."""

from collections.abc import Mapping, Sequence

from bmsreader.protocol.description import BleProfile

SHORT = "0000{}-0000-1000-8000-00805f9b34fb"
NORDIC = "6e40000{}-b5a3-f393-e0a9-e50e24dcca9e"

USUAL = (
    BleProfile(service=SHORT.format("ffe0"), notify=SHORT.format("ffe1"), write=SHORT.format("ffe1")),
    BleProfile(service=SHORT.format("ff00"), notify=SHORT.format("ff01"), write=SHORT.format("ff02")),
    BleProfile(service=SHORT.format("fff0"), notify=SHORT.format("fff1"), write=SHORT.format("fff2")),
    BleProfile(service=NORDIC.format(1), notify=NORDIC.format(3), write=NORDIC.format(2)),
)
"""Where batteries answer most often, for captures of phones, which remember the UUIDs and show handles only."""


def profiles(
    uuids: Mapping[int, str],
    notify: int | None,
    write: int | None,
    services: Sequence[tuple[int, int, str]] = (),
) -> tuple[tuple[BleProfile, ...], bool]:
    """Return the profiles to try and whether the capture proves them.

    ``uuids`` are by handle, ``services`` are (first handle, last handle, UUID).
    """
    heard, asked = whole(uuids.get(notify or 0, "")), whole(uuids.get(write or 0, ""))
    if not heard:
        return USUAL, False
    asked = asked or heard
    for first, last, service in services:
        if first <= (notify or 0) <= last:
            return (BleProfile(service=whole(service), notify=heard, write=asked),), True
    for profile in USUAL:
        if profile.notify == heard:
            return (BleProfile(service=profile.service, notify=heard, write=asked),), True
    return (BleProfile(service=service_of(heard), notify=heard, write=asked),), True


def whole(uuid: str) -> str:
    """Return a UUID in full: captures hold those of the Bluetooth SIG's range as four digits."""
    return SHORT.format(uuid.lower()) if len(uuid) == len("ffe1") else uuid.lower()


def service_of(characteristic: str) -> str:
    """Return the service that a characteristic most likely belongs to: its number with the last digit 0 (Nordic: 1)."""
    first = characteristic[:8]
    last = "1" if first.startswith("6e4000") else "0"
    return f"{first[:-1]}{last}{characteristic[8:]}"
