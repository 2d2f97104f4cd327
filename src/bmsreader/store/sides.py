"""What a battery said last before a gap and first after it: from this follows what must have flowed in between."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bmsreader.store.fields import Source

SAID = ("remaining_capacity", "full_charge_capacity", "design_capacity", "cycle_count")
"""What is kept of a reading beside a gap."""
SAME_FULL = 0.1
"""Part by which the full-charge capacity of one battery may change from one reading to the next."""

Side = tuple[float | None, ...]
"""The values of ``SAID``."""
UNKNOWN: Side = (None,) * len(SAID)
Extremes = dict[str, tuple[float, float]]
"""The lowest and highest value ever of some fields."""
WATCHED = ("current", "pack_voltage")
"""Fields whose extremes bound what can have flowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without readings, in ms, and what is known of both of its sides."""

    start: int
    end: int
    before: Side = UNKNOWN
    after: Side = UNKNOWN

    @property
    def change(self) -> float | None:
        """Ah that the battery gained at least (negative: lost); None where nobody can say."""
        before, full_before, design_before, cycles_before = self.before
        after, full_after, design_after, cycles_after = self.after
        if before is None or after is None:
            return None
        other = _differ(design_before, design_after, 0.0) or _differ(full_before, full_after, SAME_FULL)
        if other or (cycles_before is not None and cycles_after is not None and cycles_after < cycles_before):
            return None  # another battery was put in its place
        return after - before


def _differ(one: float | None, other: float | None, tolerance: float) -> bool:
    return one is not None and other is not None and abs(one - other) > tolerance * max(abs(one), abs(other))


def sides(source: Source, stamps: Sequence[int], wanted: Sequence[int]) -> dict[int, Side]:
    """Return what was said at some moments, as far as these readings have them."""
    places = {stamp: at for at, stamp in enumerate(stamps)} if len(wanted) > 1 else None
    found = {}
    for stamp in wanted:
        at = places.get(stamp) if places is not None else (stamps.index(stamp) if stamp in stamps else None)
        if at is not None:
            found[stamp] = tuple(None if column is None else column[at] for column in map(source.column, SAID))
    return found


def extremes(source: Source) -> Extremes:
    """Return the lowest and highest value of each field that is watched."""
    found: Extremes = {}
    for name in WATCHED:
        values = [value for value in source.column(name) or () if value is not None]
        if values:
            found[name] = min(values), max(values)
    return found


def wider(one: Mapping[str, tuple[float, float]], other: Mapping[str, tuple[float, float]]) -> Extremes:
    """Return the extremes of both."""
    found = dict(one)
    for name, (low, high) in other.items():
        mine = found.get(name, (low, high))
        found[name] = min(mine[0], low), max(mine[1], high)
    return found


def text(value: Any) -> str:
    """Return sides or extremes as they are stored."""
    return json.dumps(value, separators=(",", ":"))


def side_from(stored: str | None) -> Side:
    """Return a side as it was stored."""
    values = json.loads(stored) if stored else ()
    return tuple(values) if len(values) == len(SAID) else UNKNOWN


def extremes_from(stored: str | None) -> Extremes:
    """Return extremes as they were stored."""
    return {name: (low, high) for name, (low, high) in json.loads(stored).items()} if stored else {}
