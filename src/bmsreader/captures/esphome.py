"""Logs of ESPHome: notifications and commands as hex with dots, or what its serial port's debug printed."""

import re
from collections.abc import Iterable

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Kind
from bmsreader.captures.written import Written, hex_bytes, plain

_LINE = re.compile(r"\[([A-Z]{1,2})\]\[([\w.]+):?\d*\]:\s*(.*)$")
_BYTES = re.compile(r"((?:[0-9A-F]{2}[.:])*[0-9A-F]{2})(?: \((\d+)\))?$")
_HANDLE = re.compile(r"\(handle 0x([0-9A-Fa-f]{1,4})\)")
_ADDRESS = re.compile(r"\[([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})\]")
_RECEIVED = re.compile(r"^(Notification received|Indication received|Received notification|<<<)", re.IGNORECASE)
_SENT = re.compile(r"^(Send|Sending|Sent|Write|Writing|Request|>>>)", re.IGNORECASE)


def is_esphome(line: str) -> bool:
    """Return whether a line is a packet in a log of ESPHome."""
    return _packet(plain(line)) is not None


def read_esphome(lines: Iterable[str], gathering: Gathering) -> str:
    """Read a log and return the format."""
    written = Written(gathering)
    for line in lines:
        line = plain(line)
        if address := _ADDRESS.search(line):
            written.peer(address.group(1).upper())
        found = _packet(line)
        if found is not None:
            sent, handle, value, size = found
            written.clock(line)
            kind: Kind = "write-command" if sent else "notification"
            written.add(kind, value, handle=handle, truncated=size is not None and size > len(value))
    return "ESPHome log"


def _packet(line: str) -> tuple[bool, int | None, bytes, int | None] | None:
    """Return direction, handle, bytes and announced length of a line; None when it is another."""
    found = _LINE.search(line)
    if found is None:
        return None
    text = found.group(3)
    sent = _SENT.match(text) is not None
    if not sent and not _RECEIVED.match(text):
        return None
    digits = _BYTES.search(text)
    value = hex_bytes(digits.group(1)) if digits else None
    if digits is None or not value or not (digits.group(2) or len(value) > 1):
        return None
    handle = _HANDLE.search(text)
    size = int(digits.group(2)[:6]) if digits.group(2) else None
    return sent, int(handle.group(1), 16) if handle else None, value, size
