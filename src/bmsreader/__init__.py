"""Read LiFePO4 batteries over Bluetooth Low Energy, and trust what you read.

    async with bmsreader.connect("LT-12V-1544") as battery:
        reading = await battery.read()
        print(reading.soc, reading.current)

Everything here is imported where it is first used: Bluetooth takes a third of a second to load, decoding needs none.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmsreader.model.errors import BmsReaderError
    from bmsreader.model.reading import Reading
    from bmsreader.model.rejection import FrameRejected
    from bmsreader.session.discovery import Found, discover
    from bmsreader.session.event import Event
    from bmsreader.session.opening import connect
    from bmsreader.session.session import Session
    from bmsreader.session.shipped import decode, explain

__version__ = "0.1.0"

__all__ = [
    "BmsReaderError",
    "Event",
    "Found",
    "FrameRejected",
    "Reading",
    "Session",
    "connect",
    "decode",
    "discover",
    "explain",
]

_HOMES = {
    "BmsReaderError": "bmsreader.model.errors",
    "Event": "bmsreader.session.event",
    "Found": "bmsreader.session.discovery",
    "FrameRejected": "bmsreader.model.rejection",
    "Reading": "bmsreader.model.reading",
    "Session": "bmsreader.session.session",
    "connect": "bmsreader.session.opening",
    "decode": "bmsreader.session.shipped",
    "discover": "bmsreader.session.discovery",
    "explain": "bmsreader.session.shipped",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'bmsreader' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
