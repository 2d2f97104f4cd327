"""The attribute table of a simulated battery: that of a real Electronicx, handle by handle."""

from bmsreader.links.link import Characteristic, GattTable, Service
from bmsreader.protocol.description import BleProfile

CLIENT_CONFIGURATION = "00002902-0000-1000-8000-00805f9b34fb"


def _assigned(number: int) -> str:
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


def gatt_table(profile: BleProfile) -> GattTable:
    """Return what service discovery finds: handles 0x0001 to 0x0011 as ``gatttool --char-desc`` prints them.

    The notifications come from handle 0x000e and are subscribed at 0x000f; requests go to 0x0011, or to 0x000e where
    one characteristic does both.
    """
    changed = Characteristic(
        uuid=_assigned(0x2A05),
        handle=0x0003,
        properties=("indicate",),
        descriptors=((0x0004, CLIENT_CONFIGURATION),),
    )
    about_itself = tuple(
        Characteristic(uuid=_assigned(number), handle=handle, properties=("read",))
        for handle, number in ((0x0007, 0x2A00), (0x0009, 0x2A01), (0x000B, 0x2A04))
    )
    both_ways = ("write-without-response", "write")
    alone = profile.notify == profile.write
    notify = Characteristic(
        uuid=profile.notify,
        handle=0x000E,
        properties=(*both_ways, "notify") if alone else ("notify",),
        descriptors=((0x000F, CLIENT_CONFIGURATION),),
    )
    write = Characteristic(uuid=profile.write, handle=0x0011, properties=both_ways)
    return GattTable(
        services=(
            Service(uuid=_assigned(0x1801), handle=0x0001, characteristics=(changed,)),
            Service(uuid=_assigned(0x1800), handle=0x0005, characteristics=about_itself),
            Service(uuid=profile.service, handle=0x000C, characteristics=(notify,) if alone else (notify, write)),
        )
    )
