"""Work through an arrangement from the packs to the bank, one quantity at a time."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bmsreader.model.arrangement import Joint

Value = TypeVar("Value")

Numbers = Sequence[float | None]


def fold(
    joints: Sequence[Joint],
    packs: Sequence[Value],
    in_series: Callable[[tuple[Value, ...]], Value],
    in_parallel: Callable[[tuple[Value, ...]], Value],
) -> list[Value]:
    """Return a quantity of every pack, then of every joint; that of the bank comes last."""
    values = [*packs]
    for joint in joints:
        values.append((in_series if joint.series else in_parallel)(joint.of(values)))
    return values


def totals(joints: Sequence[Joint], packs: Numbers) -> list[float | None]:
    """Return the least of parts in series and the sum of parallel ones, as charge goes, for all packs and joints.

    Of parallel parts those that are known are added up; a part in series that is not known makes the least unknown.
    """
    if None in packs:
        return fold(joints, packs, least_of_all, sum_of_known)
    return fold(joints, packs, min, sum)  # type: ignore[arg-type]


def sum_of_all(parts: Numbers) -> float | None:
    """Return the sum; None as soon as one is not known."""
    return None if None in parts else sum(parts)  # type: ignore[arg-type]


def sum_of_known(parts: Numbers) -> float | None:
    """Return the sum of those that are known: with one missing, at least so much."""
    if None not in parts:
        return sum(parts)  # type: ignore[arg-type]
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def mean_of_known(parts: Numbers) -> float | None:
    """Return the mean of those that are known."""
    known = parts if None not in parts else [part for part in parts if part is not None]
    return sum(known) / len(known) if known else None  # type: ignore[arg-type]


def least_of_all(parts: Numbers) -> float | None:
    """Return the least; None as soon as one is not known, since that may be less."""
    return None if None in parts else min(parts)  # type: ignore[type-var]


def all_on(parts: Sequence[bool | None]) -> bool | None:
    """Return whether all are on; None: that is not known."""
    return False if False in parts else None if None in parts else True


def any_on(parts: Sequence[bool | None]) -> bool | None:
    """Return whether any is on; None: that is not known."""
    return True if True in parts else None if None in parts else False
