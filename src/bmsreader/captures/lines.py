"""Frames as people paste them: one in each line, as ASCII text or as hex digits."""

import re

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
