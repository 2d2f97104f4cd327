"""Frames as people paste them: one in each line, as ASCII text or as hex digits."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmsreader.captures.gathering import Gathering

_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]{2}(?:[\s:,-]*(?:0x)?[0-9a-fA-F]{2})*")


def bytes_of_line(line: str | bytes) -> bytes:
    """Return the bytes that a pasted line stands for.

    Hex digits, with or without separators or ``0x``, are taken as hex; anything else is the text itself. A frame of
    an ASCII-hex protocol contains its start character and so is never mistaken for hex.
    """
    text = line.decode("latin-1") if isinstance(line, bytes) else line
    stripped = text.strip()
    if _HEX.fullmatch(stripped):
        return bytes.fromhex(re.sub(r"0x|[^0-9a-fA-F]", "", stripped))
    return stripped.strip("\"'").encode("latin-1", "replace")


LEAST = 4
"""Bytes of a line that is taken for a frame without anybody saying so."""


def is_frame(line: str) -> bool:
    """Return whether a line of an unknown file is a frame: hex digits, or text between ':' and '~'."""
    line = line.strip()
    if line.startswith(":") and line.endswith("~"):
        return True
    return _HEX.fullmatch(line) is not None and len(bytes_of_line(line)) >= LEAST


def read_lines(lines: Iterable[str], gathering: "Gathering") -> str:
    """Read pasted frames, one in each line, as notifications; return the format."""
    from bmsreader.captures.written import Written

    written = Written(gathering)
    for line in lines:
        if is_frame(line):
            written.add("notification", bytes_of_line(line))
    gathering.remark("Pasted frames have no times, and show nothing of what was asked.")
    return "pasted frames"
