"""What segments of an older program lack is made little by little, with the commits: short values, sides of gaps."""

import logging
import sqlite3

from bmsreader.model.errors import StoreError
from bmsreader.store import content, fine, gaps, sides
from bmsreader.store.block import Block
from bmsreader.store.fields import InMemory
from bmsreader.store.rowkeys import segment_key
from bmsreader.store.sealing import Sealer, in_order

LOOKED_AT = 64
"""Segments that are looked at in one commit, without unpacking them ..."""
UNPACKED = 2
"""... and that are unpacked: a commit must not take long."""
MARGIN = 2
"""So many times the pace that a segment has on average: it may have pauses."""

log = logging.getLogger(__name__)


class Backfill:
    """Goes through the older segments of each battery, from the newest to the oldest, once."""

    def __init__(self, connection: sqlite3.Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def step(self) -> None:
        """Do a little of what is due."""
        execute = self._connection.execute
        row = execute("SELECT number, older FROM battery WHERE older IS NOT NULL LIMIT 1").fetchone()
        if row is None:
            return
        battery, older = row
        query = 'SELECT key, count, start, "end" FROM segment WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?'
        unpacked = 0
        for key, count, start, end in execute(query, (segment_key(battery, 0), older, LOOKED_AT)).fetchall():
            older = key
            unpacked += self._look_at(battery, key, (end - start) // max(1, count - 1), start, end)
            if unpacked >= UNPACKED:
                break
        else:
            if (
                execute("SELECT 1 FROM segment WHERE key >= ? AND key < ?", (segment_key(battery, 0), older)).fetchone()
                is None
            ):
                older = None
        execute("UPDATE battery SET older = ? WHERE number = ?", (older, battery))

    def _look_at(self, battery: int, key: int, pace: int, start: int, end: int) -> bool:
        """Make what a segment lacks; return whether it had to be unpacked."""
        execute = self._connection.execute
        query = (
            'SELECT start, "end" FROM gap WHERE battery = ? AND start <= ? AND "end" >= ? '
            "AND (before IS NULL OR after IS NULL)"
        )
        beside = execute(query, (battery, end, start)).fetchall()
        if not beside and fine.width_at(pace // MARGIN) is None:
            return False
        data = execute("SELECT data FROM segment WHERE key = ?", (key,)).fetchone()[0]
        try:
            block = Block(data)
            source = InMemory(in_order(content.columns_in([block])), block.count)
        except StoreError as error:
            log.error("a segment is damaged: %s", error)
            return True
        stamps = source.columns[content.TIME]
        self._sealer.write_fine(key, source, gaps.pace(stamps))
        said = sides.sides(source, stamps, [stamp for gap in beside for stamp in gap])
        for gap in beside:
            for column, stamp in (("before", gap[0]), ("after", gap[1])):
                if stamp in said:
                    query = f"UPDATE gap SET {column} = ? WHERE battery = ? AND start = ?"  # noqa: S608 - ours
                    execute(query, (sides.text(said[stamp]), battery, gap[0]))
        return True
