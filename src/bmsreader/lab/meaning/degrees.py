"""The temperatures that the owner typed, and whether a number shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bmsreader.lab.meaning.scalars import Table

SHOWN = range(2, 4)
"""Temperatures that were typed at one moment when they are all that there are: of many, nobody types all."""

Shown = tuple[float, float]
"""A typed temperature: when, and how warm."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The temperatures that were typed, with the payloads around the time of each and its last digit."""

    sought: tuple[tuple[Shown, range, float], ...] = ()
    names: tuple[str, ...] = ()
    """Which sensor each was said to be, such as ``T1`` or ``mosfet``; empty where that was not said."""

    @property
    def complete(self) -> bool:
        """Whether they look like all that the battery has: several at some moment, and never many."""
        moments = [at for (at, _), _, _ in self.sought]
        return max(map(moments.count, moments), default=0) in SHOWN

    @cached_property
    def moments(self) -> frozenset[float]:
        """When something was typed."""
        return frozenset(at for (at, _), _, _ in self.sought)

    @cached_property
    def full(self) -> frozenset[float]:
        """The moments at which the most were typed: at others, a sensor need not be among them."""
        moments = [at for (at, _), _, _ in self.sought]
        most = max(map(moments.count, moments), default=0)
        return frozenset(at for at in moments if moments.count(at) == most)

    def count(self, at: float) -> int:
        """Return how many were typed at a moment."""
        return sum(moment == at for (moment, _), _, _ in self.sought)

    def shown_by(self, warm: Sequence[float], grain: float) -> list[tuple[Shown, float]]:
        """Return the typed temperatures that the values of a word show, and how far off they are."""
        offs = [(shown, min(abs(warm[i] - shown[1]) for i in near), step) for shown, near, step in self.sought]
        names: dict[str, list[tuple[Shown, float]]] = {}
        for name, (shown, off, step) in zip(self.names or [""] * len(offs), offs, strict=True):
            if off <= slack(step, grain):
                names.setdefault(name, []).append((shown, off))
        best = max((name for name in names if name), key=lambda name: _merit(names[name]), default="")
        return [*names.get("", []), *(names[best] if best else [])]  # a sensor has one name

    def share_shown_by(self, warm: Sequence[float], grain: float) -> float:
        """Return the share of the moments at which a word shows one of them; those that are not full count half."""
        shown = {at for (at, _), _ in self.shown_by(warm, grain)}
        whole = sum(1.0 if at in self.full else 0.5 for at in self.moments)
        return sum(1.0 if at in self.full else 0.5 for at in shown) / max(1.0, whole)


NOTHING = Typed()


def _merit(shown: Sequence[tuple[Shown, float]]) -> tuple[int, float]:
    return len(shown), -sum(off for _, off in shown)


def slack(step: float, grain: float) -> float:
    """Return how far a value may be from what was typed: whole degrees are shown as they are, finer ones rounded."""
    return 0.55 * (max(step, grain) if grain >= 1 else step + grain)


def typed_in(table: Table) -> Typed:
    """Return the temperatures that were typed."""
    seen = {
        (label.at, one.value, one.place or (f"T{one.index}" if one.index is not None else "")): one.step
        for label, one in table.seen("temperatures")
    }
    return Typed(
        sought=tuple(((at, value), table.near[at], step) for (at, value, _), step in seen.items()),
        names=tuple(name for _, _, name in seen),
    )
