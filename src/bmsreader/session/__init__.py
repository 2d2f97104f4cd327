"""Conversations with batteries: connect, identify, ask, retry, assemble readings; and decoding without asking.

Each name is imported where it is first used: a conversation needs an event loop, decoding needs none.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmsreader.protocol.decoding import StreamDecoder, decode
    from bmsreader.session.discovery import Found, discover, find, listen, probed_one
    from bmsreader.session.event import Event, Kind, OnEvent
    from bmsreader.session.opening import connect, is_address, link_to
    from bmsreader.session.session import Session
    from bmsreader.session.timing import Timing

__all__ = [
    "Event",
    "Found",
    "Kind",
    "OnEvent",
    "Session",
    "StreamDecoder",
    "Timing",
    "connect",
    "decode",
    "discover",
    "find",
    "is_address",
    "link_to",
    "listen",
    "probed_one",
]

_HOMES = {
    "bmsreader.protocol.decoding": ("StreamDecoder", "decode"),
    "bmsreader.session.discovery": ("Found", "discover", "find", "listen", "probed_one"),
    "bmsreader.session.event": ("Event", "Kind", "OnEvent"),
    "bmsreader.session.opening": ("connect", "is_address", "link_to"),
    "bmsreader.session.session": ("Session",),
    "bmsreader.session.timing": ("Timing",),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(home), name)
    raise AttributeError(f"module 'bmsreader.session' has no attribute {name!r}")
