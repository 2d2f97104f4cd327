"""Text that ``gatttool --listen`` prints."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmsreader.captures.gathering import Gathering
    from bmsreader.captures.traffic import Kind

_LINE = re.compile(
    r"(?:Notification|Indication)\s+handle\s*=\s*(0x[0-9a-fA-F]+)\s+value:\s*((?:[0-9a-fA-F]{2}\s*)*)$", re.ASCII
)
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


_COMMAND = re.compile(
    r"(?:\[([0-9A-Fa-f:]{17})\]\[LE\]>)?\s*char-write-(cmd|req) (?:0x)?([0-9a-fA-F]{1,4}) ([0-9a-fA-F]+)$"
)
_PROMPT = re.compile(r"\[([0-9A-Fa-f:]{17})\]\[LE\]>")
_CHARACTERISTIC = re.compile(r"char value handle\s*[=:]\s*0x([0-9a-fA-F]{1,4}), uuid\s*[=:]\s*([0-9a-fA-F-]{4,36})")
_DESCRIPTOR = re.compile(r"^handle\s*[=:]\s*0x([0-9a-fA-F]{1,4}), uuid\s*[=:]\s*([0-9a-fA-F-]{4,36})")


def read_gatttool(lines: Iterable[str], gathering: "Gathering") -> str:
    """Read what gatttool printed and what was typed at its prompt; return the format."""
    from bmsreader.captures.written import Written, plain

    written = Written(gathering)
    kind: Kind
    for line in lines:
        line = plain(line)
        if prompt := _PROMPT.search(line):
            written.peer(prompt.group(1).upper())
        if found := notification(line):
            kind = "indication" if "Indication" in line else "notification"
            written.add(kind, found[1], handle=found[0])
        elif command := _COMMAND.search(line):
            kind = "write" if command.group(2) == "req" else "write-command"
            if len(command.group(4)) % 2 == 0:
                written.add(kind, bytes.fromhex(command.group(4)), handle=int(command.group(3), 16))
        elif named := _CHARACTERISTIC.search(line) or _DESCRIPTOR.search(line):
            written.named(int(named.group(1), 16), named.group(2))
    gathering.remark("gatttool prints no times: answers are told apart by their content only.")
    return "gatttool"
