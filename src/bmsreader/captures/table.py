"""Millions of packets in little memory: columns that turn into packets when somebody looks at them."""

from array import array
from collections.abc import Iterator, Sequence
from typing import overload

from bmsreader.captures.traffic import Kind, Packet


class PacketTable(Sequence[Packet]):
    """The packets of a capture, about as large as their values.

    Whatever does not change from packet to packet (kind, handle, connection) is kept once, as a *head*.
    """

    def __init__(self) -> None:
        self.origin = 0
        """us; the time that counts as the start, on the same clock as ``times``."""
        self.times = array("q")
        """us, on the clock of the file."""
        self.heads = array("I")
        self.ends = array("Q")
        self.values = bytearray()
        self._heads: list[tuple[Kind, int | None, int, bool]] = []
        self._numbers: dict[tuple[Kind, int | None, int, bool], int] = {}

    def head(self, kind: Kind, handle: int | None, connection: int, *, truncated: bool = False) -> int:
        """Return the number of a head; the same head always has the same number."""
        key = (kind, handle, connection, truncated)
        number = self._numbers.setdefault(key, len(self._heads))
        if number == len(self._heads):
            self._heads.append(key)
        return number

    def add(self, at: int, head: int, value: bytes) -> None:
        """Append a packet; ``at`` in us on the clock of the file."""
        self.times.append(at)
        self.heads.append(head)
        self.values += value
        self.ends.append(len(self.values))

    def __len__(self) -> int:
        return len(self.times)

    @overload
    def __getitem__(self, index: int) -> Packet: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Packet, ...]: ...
    def __getitem__(self, index: int | slice) -> Packet | tuple[Packet, ...]:
        if isinstance(index, slice):
            return tuple(self._packet(number) for number in range(*index.indices(len(self))))
        return self._packet(range(len(self))[index])

    def __iter__(self) -> Iterator[Packet]:
        return (self._packet(number) for number in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_equal, self, other))

    __hash__ = None  # type: ignore[assignment] # it can still grow

    def _packet(self, number: int) -> Packet:
        kind, handle, connection, truncated = self._heads[self.heads[number]]
        begin = self.ends[number - 1] if number else 0
        return Packet(
            at=(self.times[number] - self.origin) / 1e6,
            kind=kind,
            value=bytes(self.values[begin : self.ends[number]]),
            handle=handle,
            connection=connection,
            truncated=truncated,
        )


def _equal(one: object, other: object) -> bool:
    return one == other
