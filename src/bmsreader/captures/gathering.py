"""What the packets of one file add up to, whichever way they were captured."""

from datetime import UTC, datetime, timedelta

from bmsreader.captures.attributes import Attributes
from bmsreader.captures.table import PacketTable
from bmsreader.captures.traffic import Capture

UNIX = datetime(1970, 1, 1, tzinfo=UTC)
MOST_CONNECTIONS = 10_000
MOST_NAMES = 100_000
"""More than any capture has; a damaged or hostile file must not fill the memory."""
SHORT_NAME, FULL_NAME = 0x08, 0x09
"""Kinds of advertised names."""


class Gathering:
    """Connections, names, values and remarks, collected while a file is read."""

    def __init__(self) -> None:
        self.table = PacketTable()
        self.origin: int | None = None
        """us at the first record, on the clock of the file."""
        self.epoch = 0
        """us on the clock of the file at the beginning of 1970."""
        self.dated = True
        """Whether the times are more than times of day."""
        self.names: dict[str, str] = {}
        self.remarks: list[str] = []
        self.truncated = 0
        """Messages of which the capture holds only a part."""
        self.unfinished = 0
        """Messages whose last pieces never came."""
        self._attributes: list[Attributes] = []

    def begin(self, at: int) -> None:
        """Let the capture begin here, unless it has begun."""
        if self.origin is None:
            self.origin = at

    def connect(self, peer: str | None = None) -> Attributes:
        """Begin a connection."""
        if len(self._attributes) >= MOST_CONNECTIONS:
            self.remark(f"There are more than {MOST_CONNECTIONS:,} connections: the others are taken for the last one.")
            return self._attributes[-1]
        attributes = Attributes(self.table, len(self._attributes), peer)
        self._attributes.append(attributes)
        return attributes

    def advertised(self, peer: str, structures: bytes) -> None:
        """Look for a name in what a peer advertises."""
        at = 0
        while at + 2 <= len(structures) and (size := structures[at]):
            if structures[at + 1] in (SHORT_NAME, FULL_NAME):
                name = structures[at + 2 : at + 1 + size].decode("utf-8", "replace").strip("\0 ")
                known = self.names.get(peer, "?" if len(self.names) < MOST_NAMES else name + "?")
                if len(name) >= len(known):
                    self.names[peer] = name
            at += 1 + size

    def take_over(self, other: "Gathering") -> None:
        """Take everything that another gathering holds in place of what is here; remarks are kept."""
        self.table, self.origin, self.names = other.table, other.origin, other.names
        self.epoch, self.dated = other.epoch, other.dated
        self.truncated, self.unfinished, self._attributes = other.truncated, other.unfinished, other._attributes

    def remark(self, text: str) -> None:
        """Say something to the owner of the file, once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def capture(self, source: str, kind: str) -> Capture:
        """Return everything, as a capture of this kind."""
        self.table.origin = self.origin or 0
        if self.unfinished:
            self.remark(f"{self.unfinished} messages are incomplete: pieces of them are missing from the capture.")
        names = self.names
        return Capture(
            source=source,
            format=kind,
            packets=self.table,
            connections=tuple(a.connection(names.get(a.peer or "")) for a in self._attributes),
            started=moment(self.origin - self.epoch) if self.dated and self.origin is not None else None,
            remarks=tuple(self.remarks),
        )


def moment(microseconds: int) -> datetime | None:
    """Return the time so many us after 1970; None when that is no time at all."""
    try:
        return UNIX + timedelta(microseconds=microseconds)
    except OverflowError:
        return None


def address(little_endian: bytes) -> str:
    """Return a Bluetooth address as people write it."""
    return little_endian[::-1].hex(":").upper()
