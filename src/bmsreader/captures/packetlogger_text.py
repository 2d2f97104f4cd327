"""PacketLogger's text export (File, Export, Text).

The value of an ATT line is cut with an ellipsis after some twenty bytes; the raw bytes stand at the end of the line, or
in the lines of the lower layers that follow it.
"""

import re
from collections.abc import Iterable

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Kind
from bmsreader.captures.written import Written, hex_bytes, plain

_LINE = re.compile(
    r"\bATT (?:Send|Receive) +(.{0,120}?)"
    r"(Write Request|Write Command|Handle Value Notification|Handle Value Indication)"
    r" - Handle: ?0x([0-9A-Fa-f]{1,4}) - Value: ?([0-9A-Fa-f]*(?: [0-9A-Fa-f]+)*) ?(\u2026|\ufffd|\.\.\.)?(.*)$"
)
_LINK = re.compile(r"^(0x[0-9A-Fa-f]{4})\s+")
_WAY = re.compile(r"^\s*(?:SEND|RECV)\s")
_ANY_ATT = re.compile(r"\bATT (?:Send|Receive)\b")
_BRACKET = re.compile(r"\[ ((?:[0-9A-Fa-f]{2} )+)\]")
_DUMP = re.compile(r"^\s*[0-9A-Fa-f]{8}:\s+((?:[0-9A-Fa-f]{2,4} )+)")
_DETAIL = re.compile(r"^\s+(?:Value:\s*)?([0-9A-Fa-f]{2,4}(?: [0-9A-Fa-f]{2,4})*) ?$")
_ADDRESS = re.compile(r"[0-9A-F]{2}(?::[0-9A-F]{2}){5}")

OPCODES: dict[str, tuple[Kind, int]] = {
    "Write Request": ("write", 0x12),
    "Write Command": ("write-command", 0x52),
    "Handle Value Notification": ("notification", 0x1B),
    "Handle Value Indication": ("indication", 0x1D),
}
NOBODY = "00:00:00:00:00:00"
"""What PacketLogger writes for a peer whose address it has not seen."""
LONGEST = 600
"""Bytes that the lines after an ATT line can add; an attribute has at most 512."""


def is_packetlogger_text(line: str) -> bool:
    """Return whether a line is an attribute value in PacketLogger's text."""
    return _LINE.search(line.rstrip()) is not None


def read_packetlogger_text(lines: Iterable[str], gathering: Gathering) -> str:
    """Read a text export and return the format."""
    written = Written(gathering)
    waiting: Cut | None = None
    for line in lines:
        line = plain(line)
        if _ANY_ATT.search(line):
            if waiting:
                waiting.add_to(written)
            found = _LINE.search(line)
            waiting = Cut(line, found) if found else None
        elif waiting:
            waiting.look(line)
    if waiting:
        waiting.add_to(written)
    if gathering.truncated:
        gathering.remark(
            f"{gathering.truncated} values are cut with an ellipsis and their raw bytes are not in the text: export "
            "with raw data, or save the .pklg file."
        )
    return "PacketLogger text"


class Cut:
    """An ATT line whose value may be cut, until the lines after it have been looked at."""

    def __init__(self, line: str, found: re.Match[str]) -> None:
        who, operation, handle, value, ellipsis, raw = found.groups()
        self._line = line
        link = _LINK.match(who)
        address = _ADDRESS.search(who)
        self._link = link.group(1) if link else ""
        self._who = address.group() if address else _LINK.sub("", who).strip()
        self._kind, opcode = OPCODES[operation]
        self._handle = int(handle, 16)
        self._value = hex_bytes(value.replace(" ", "")) or b""
        self._start = bytes([opcode]) + self._handle.to_bytes(2, "little") + self._value
        self._cut = ellipsis is not None
        self._detail = bytearray()
        self._dump = bytearray()
        self._offer(hex_bytes(_WAY.sub("", raw)) or b"")

    def look(self, line: str) -> None:
        """Look for the raw bytes in a line below."""
        if not self._cut:
            return
        if found := _BRACKET.search(line):
            self._offer(hex_bytes(found.group(1)) or b"")
        elif found := _DUMP.match(line):
            self._gather(self._dump, found.group(1), b"")
        elif found := _DETAIL.match(line):
            self._gather(self._detail, found.group(1), self._start[:3])

    def add_to(self, written: Written) -> None:
        """Add the value, as whole as it was found."""
        self._offer(self._start[:3] + bytes(self._detail))
        self._offer(bytes(self._dump))
        written.peer("" if self._who == NOBODY else self._who, key=self._link)
        written.clock(self._line)
        written.add(self._kind, self._value, handle=self._handle, truncated=self._cut)

    def _gather(self, into: bytearray, digits: str, before: bytes) -> None:
        if len(into) < LONGEST:
            into += hex_bytes(digits.replace(" ", "")) or b""

    def _offer(self, raw: bytes) -> None:
        """Take the value out of raw bytes in which it is longer than what the line shows."""
        at = raw.find(self._start)
        if self._cut and at in (0, 4, 8) and len(raw) - at > len(self._start):
            self._value, self._cut = raw[at + 3 :], False
