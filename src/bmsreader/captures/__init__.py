"""Read and write what was captured from a battery: recordings, logs, and captures of phones, computers and sniffers."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmsreader.captures.choosing import Peer, chosen, only, peers, requests
    from bmsreader.captures.reading import read_capture
    from bmsreader.captures.recording import Header, Record, RecordingWriter, is_recording, read_header, read_records
    from bmsreader.captures.traffic import Capture, Connection, Packet

__all__ = [
    "Capture",
    "Connection",
    "Header",
    "Packet",
    "Peer",
    "Record",
    "RecordingWriter",
    "chosen",
    "is_recording",
    "only",
    "peers",
    "read_capture",
    "read_header",
    "read_records",
    "requests",
]

_ELSEWHERE = dict.fromkeys(("Peer", "chosen", "only", "peers", "requests"), "choosing")
_ELSEWHERE |= {"read_capture": "reading"} | dict.fromkeys(("Capture", "Connection", "Packet"), "traffic")
"""Modules of the names that are not the recordings'."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: pasted lines need nothing of recordings."""
    if name not in __all__:
        raise AttributeError(f"module 'bmsreader.captures' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'recording')}"), name)
