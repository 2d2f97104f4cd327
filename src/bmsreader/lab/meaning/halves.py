"""Which half of the floats comes first: with halves of two neighbours, they read nearly as well as with their own.

The upper half says a number to a hundredth of itself, and the lower half the rest. With that of a neighbour the number
flickers, and it is finer than one that was rounded before it was sent.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

PLAIN, SWAPPED = "f32", "f32-ws"
ROUNDED = 0.1, 0.01
"""To what floats are rounded, where they are."""
FEWEST, STEADIER, AGREED = 3, 1.5, 0.75
"""Values that a number takes before it is asked; how much more it moves when it flickers; and how many must agree."""

Read = Callable[[int, str], Sequence[float]]
"""The numbers of a type at an offset, one for each payload; empty where none of everyday size stands."""


def unmeant(read: Read, size: int) -> str | None:
    """Return the type of floats that are read with halves of two neighbours; None where nothing tells."""
    votes = [vote for at in range(2, size - 3) if (vote := _vote(read(at, PLAIN), read(at - 2, SWAPPED)))]
    swapped = sum(vote > 0 for vote in votes)
    if not votes or max(swapped, len(votes) - swapped) < AGREED * len(votes):
        return None
    return PLAIN if 2 * swapped > len(votes) else SWAPPED


def _vote(plain: Sequence[float], swapped: Sequence[float]) -> int:
    """Return 1 where halves are swapped, -1 where they are not, 0 where the numbers do not tell."""
    states = len(set(plain)), len(set(swapped))
    if min(states) < FEWEST or max(states) > 2 * min(states):
        return 0  # a lower half that stands still flickers no more than the right one
    rounder = rounded_to(swapped) - rounded_to(plain)
    if rounder:
        return 1 if rounder > 0 else -1
    moved = [sum(abs(b - a) for a, b in pairwise(numbers)) for numbers in (plain, swapped)]
    if max(moved) < STEADIER * min(moved):
        return 0
    return 1 if moved[0] > moved[1] else -1


def twin(at: int, kind: str) -> tuple[int, str] | None:
    """Return where and how the float is read that shares the upper half of one; None for types that have none."""
    return {PLAIN: (at - 2, SWAPPED), SWAPPED: (at + 2, PLAIN)}.get(kind)


def rounded_to(values: Sequence[float]) -> float:
    """Return to what floats are rounded, tenths or hundredths; 0 for finer ones."""
    for grain in ROUNDED:
        if all(abs(value / grain - round(value / grain)) < 1e-3 for value in values):
            return grain
    return 0.0
