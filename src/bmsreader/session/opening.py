"""Open a session with a battery by address, name or serial port: the library's front door."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bmsreader.links.link import Link
from bmsreader.protocol.codec import Codec
from bmsreader.session.discovery import default_codecs, find
from bmsreader.session.event import OnEvent, ignore
from bmsreader.session.session import Session, utc_now
from bmsreader.session.timing import Timing

_ADDRESS = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PORT = re.compile(r"serial:.+|/dev/.+|COM\d+", re.IGNORECASE)


def is_address(battery: str) -> bool:
    """Return whether this is a Bluetooth address, or the UUID that stands for one on macOS."""
    return _ADDRESS.fullmatch(battery) is not None


def is_port(battery: str) -> bool:
    """Return whether this is a serial port, such as /dev/ttyUSB0, COM3 or serial:/dev/ttyUSB0."""
    return _PORT.fullmatch(battery) is not None


async def link_to(battery: str, codecs: Sequence[Codec], *, adapter: str | None = None, search: float = 15.0) -> Link:
    """Return the link to a battery given by address, serial port, unique name or beginning of a name.

    A name is looked for over the air, for ``search`` s at most; raise NothingFound when it is not heard.
    """
    if is_port(battery):
        from bmsreader.links.serial import SerialLink  # each transport is imported where it is used

        return SerialLink(battery.removeprefix("serial:"), codecs=codecs)
    from bmsreader.links.ble import BleLink

    if is_address(battery):
        return BleLink(battery, codecs=codecs, adapter=adapter, search=search)
    found = await find(battery, seconds=search, codecs=codecs, adapter=adapter)
    device = found.advertisement.device
    return BleLink(found.address, codecs=codecs, name=found.name, device=device, adapter=adapter, search=search)


@asynccontextmanager
async def connect(
    battery: str | Link,
    *,
    codecs: Sequence[Codec] | None = None,
    identity: str | None = None,
    cells: int = 0,
    adapter: str | None = None,
    timing: Timing | None = None,
    now: Callable[[], datetime] = utc_now,
    on_event: OnEvent = ignore,
) -> AsyncIterator[Session]:
    """Connect to a battery, and let it go at the end of ``async with connect("LT-12V-1544") as battery:``.

    ``battery`` is an address, a serial port, a unique name or its beginning, or a link that you made. ``codecs`` are
    the descriptions to try (default: the shipped ones), ``identity`` is what readings call the battery (default: its
    address), ``cells`` the number of cells if you know it, ``adapter`` e.g. ``hci1``.

    Raise NothingFound, NoBluetooth, or a NoValidAnswer that says why the battery cannot be read.
    """
    codecs = codecs or default_codecs()
    link = battery if isinstance(battery, Link) else await link_to(battery, codecs, adapter=adapter)
    session = Session(link, codecs, identity=identity, cells=cells, timing=timing, now=now, on_event=on_event)
    async with session:
        yield session
