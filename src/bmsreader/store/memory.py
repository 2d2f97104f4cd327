"""What the store keeps in memory of one battery: readings that are not on disk yet, and where the disk stands."""

from collections import deque
from collections.abc import Sequence

from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.reading import Reading
from bmsreader.store.block import Block
from bmsreader.store.content import TIME, readings_of
from bmsreader.store.keys import Keys, Lookup
from bmsreader.store.rows import Batch, Row, latest_totals
from bmsreader.store.shelf import Piece


class Remembered:
    """One battery."""

    def __init__(self, identity: str, *, committed: int = 0, newest: int | None = None, lookup: Lookup) -> None:
        self.id = identity
        self.number: int | None = None
        """Its number in the file; None before the first commit."""
        self.info: BatteryInfo | None = None
        self.news = False
        """Whether the info is not on disk yet."""
        self.totals: Totals | None = None
        """As on disk."""
        self.committed = committed
        """Ordinal of the last reading on disk."""
        self.waiting: deque[Row] = deque()
        """Packed readings that the disk did not take yet."""
        self.batch = Batch(committed + 1)
        self.keys = Keys(newest, lookup)
        self.last: tuple[int, Reading] | None = None

    @property
    def pending(self) -> int:
        """Readings that are not on disk."""
        return len(self.batch) + sum(row.count for row in self.waiting)

    @property
    def weight(self) -> int:
        """Bytes of packed readings that wait."""
        return sum(len(row.data) for row in self.waiting)

    @property
    def counted(self) -> Totals | None:
        """The totals with the newest reading, on disk or not."""
        counters = self.batch.counters or next((row.counters for row in reversed(self.waiting) if row.counters), [])
        return latest_totals(counters) or self.totals

    def pack(self) -> None:
        """Pack what came since the last commit: so it can wait in little memory for a disk that is full."""
        if self.batch:
            self.waiting.extend(self.batch.rows())
            self.batch = Batch(self.batch.first + len(self.batch))

    def pieces(self) -> list[Piece]:
        """Return what is not on disk."""
        found = [Piece(first=row.first, source=Block(row.data), counters=list(row.counters)) for row in self.waiting]
        if self.batch:
            found.append(Piece(first=self.batch.first, source=self.batch.source(), counters=self.batch.counters))
        return found

    def recent(self, ordinal: int, limit: int) -> list[tuple[int, Reading]] | None:
        """Return readings after an ordinal if all of them came since the last commit, else None."""
        begin = ordinal + 1 - self.batch.first
        if begin < 0:
            return None
        chosen = self.batch.readings[begin : begin + limit]
        return list(enumerate(chosen, ordinal + 1))


def numbered(piece: Piece, battery: str, after: int, limit: int) -> list[tuple[int, Reading]]:
    """Return the readings of a piece with an ordinal beyond one, with their ordinals; at most so many."""
    begin = max(0, after + 1 - piece.first)
    if begin >= piece.source.count or limit <= 0:
        return []
    columns = {name: piece.source.column(name) or [] for name in piece.source.names}
    return list(enumerate(readings_of(columns, battery, begin, begin + limit), piece.first + begin))


def readings_between(piece: Piece, battery: str, start: int, end: int) -> Sequence[Reading]:
    """Return the readings of a piece that were taken between two moments, the second not included."""
    stamps = piece.source.column(TIME) or []
    if not stamps or max(stamps) < start or min(stamps) >= end:
        return []
    columns = {name: piece.source.column(name) or [] for name in piece.source.names}
    readings = readings_of(columns, battery)
    if start <= min(stamps) and max(stamps) < end:
        return readings
    return [reading for reading, stamp in zip(readings, stamps, strict=True) if start <= stamp < end]
