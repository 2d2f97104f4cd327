"""Logs of batmon-ha, and of others that print ``rx`` or ``tx`` and hex digits."""

import re
from collections.abc import Iterable

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.written import Written, hex_bytes, plain

_LINE = re.compile(r"\b(rx|tx)\b[\s:=>]*(?:data[\s:=]*)?(?:0x)?((?:[0-9a-f]{2}[ .:-]?){2,})$", re.IGNORECASE)
_ADDRESS = re.compile(r"\b([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})\b")


def is_batmon(line: str) -> bool:
    """Return whether a line is a packet in such a log."""
    return _packet(line) is not None


def read_batmon(lines: Iterable[str], gathering: Gathering) -> str:
    """Read a log and return the format."""
    written = Written(gathering)
    for line in lines:
        line = plain(line)
        found = _packet(line)
        if found is not None:
            before = _ADDRESS.search(line[: found[2]])
            if before:
                written.peer(before.group(1).upper())
            written.clock(line)
            written.add("write-command" if found[0] else "notification", found[1])
    return "rx/tx log"


def _packet(line: str) -> tuple[bool, bytes, int] | None:
    """Return direction, bytes and position of a packet; None when the line is another."""
    found = _LINE.search(line.rstrip())
    value = hex_bytes(found.group(2).rstrip(" .:-")) if found else None
    return None if found is None or value is None else (found.group(1).lower() == "tx", value, found.start())
