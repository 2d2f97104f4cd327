"""Text that ``gatttool --listen`` prints."""

import re

_LINE = re.compile(r"(?:Notification|Indication)\s+handle\s*=\s*(0x[0-9a-fA-F]+)\s+value:\s*((?:[0-9a-fA-F]{2}\s*)*)$")
_CHATTER = re.compile(
    r"^(\[.*\]\[LE\]>|Characteristic value was|Attempting to connect|Connection successful|handle[ =:])"
)


def is_gatttool(line: str) -> bool:
    """Return whether a line is gatttool's, a notification or its chatter."""
    return _LINE.search(line) is not None or _CHATTER.match(line.strip()) is not None


def notification(line: str) -> tuple[int, bytes] | None:
    """Return handle and bytes of a notification line; None for any other line."""
    match = _LINE.search(line.rstrip())
    return (int(match.group(1), 16), bytes.fromhex(match.group(2))) if match else None
