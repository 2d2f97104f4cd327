"""Debug logs of Home Assistant's BMS integration and of aiobmsble: the bytes as Python writes them, or in hex."""

import ast
import re
from collections.abc import Iterable

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Kind
from bmsreader.captures.written import Written, hex_bytes, plain

_LINE = re.compile(r"(?:.*\]|DEBUG:?)\s*(.{0,80}?)[\s:]*\b([RT]X) BLE (?:data|req)\b(.{0,60}?): (.+)$", re.IGNORECASE)
_LITERAL = re.compile(r"""(?:bytearray\()?(b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*")\)?""")
_UUID = re.compile(r"UUID=([0-9a-fA-F-]{4,36})")
_WITH_RESPONSE = re.compile(r"\(!?W\.?\)")
LONGEST = 1 << 14


def is_homeassistant(line: str) -> bool:
    """Return whether a line is a packet in such a log."""
    return _packet(line) is not None


def read_homeassistant(lines: Iterable[str], gathering: Gathering) -> str:
    """Read a log and return the format."""
    written = Written(gathering)
    for line in lines:
        line = plain(line)
        found = _packet(line)
        if found is None:
            continue
        who, sent, what, value = found
        written.clock(line)
        written.peer(who)
        uuid = _UUID.search(what)
        kind: Kind = "notification" if not sent else "write" if _WITH_RESPONSE.search(what) else "write-command"
        written.add(kind, value, uuid=uuid.group(1) if uuid else None)
    return "Home Assistant log"


def _packet(line: str) -> tuple[str, bool, str, bytes] | None:
    """Return battery, direction, remark and bytes of a line; None when it is another."""
    if "X BLE " not in line[:LONGEST].upper():
        return None  # quick, and spares the pattern long lines of something else
    found = _LINE.search(line[:LONGEST].rstrip())
    if found is None:
        return None
    who, direction, what, text = found.groups()
    value = _bytes(text.strip())
    return None if value is None else (who.strip(" ():|"), direction.upper() == "TX", what, value)


def _bytes(text: str) -> bytes | None:
    literal = _LITERAL.fullmatch(text)
    if literal is None:
        return hex_bytes(text)
    try:
        value = ast.literal_eval(literal.group(1))
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, bytes) else None
