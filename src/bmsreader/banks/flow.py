"""Voltage and current of a bank: what its packs show at this moment."""

from collections.abc import Sequence
from statistics import median

from bmsreader.banks.folding import Numbers, fold, mean_of_known, sum_of_all, sum_of_known
from bmsreader.model.arrangement import Joint

APART_PART, APART_LEAST = 0.2, 2.0
"""Part of the larger one, and A, by which the currents of parts in series may differ: they are not read at once."""


def voltages(joints: Sequence[Joint], packs: Numbers, conducting: Sequence[bool]) -> list[float | None]:
    """Return V of every pack and joint: series add up, parallel parts share one voltage, of which each shows a bit.

    A pack that has switched both ways off is not connected: beside others it says nothing about the common voltage.
    """
    if False not in conducting:
        return fold(joints, packs, sum_of_all, mean_of_known)
    connected = [volts if conducts else None for volts, conducts in zip(packs, conducting, strict=True)]
    found = fold(joints, connected, sum_of_all, mean_of_known)
    return found if found[-1] is not None else fold(joints, packs, sum_of_all, mean_of_known)


class Current:
    """A in or out of a part."""

    __slots__ = ("amperes", "is_whole")

    def __init__(self, amperes: float | None, is_whole: bool) -> None:
        """``is_whole``: no part of it is missing."""
        self.amperes = amperes
        self.is_whole = is_whole


def currents(joints: Sequence[Joint], packs: Numbers) -> list[Current]:
    """Return the current of each pack and joint: parallel parts add up, through parts in series flows the same one.

    So a part in series that is seen as a whole tells the current for those that are not. Of three or more the median
    is taken, of two the mean.
    """
    if None not in packs:  # nearly always, and asked after each round
        known = fold(joints, packs, _typical, sum)  # type: ignore[arg-type]
        return [Current(amperes, is_whole=True) for amperes in known]
    parts = [Current(amperes, is_whole=amperes is not None) for amperes in packs]
    return fold(joints, parts, _in_series, _in_parallel)


def _in_series(parts: Sequence[Current]) -> Current:
    whole = [part.amperes for part in parts if part.is_whole]
    if whole:
        return Current(_typical(whole), is_whole=True)  # type: ignore[arg-type]
    known = [part.amperes for part in parts if part.amperes is not None]
    return Current(max(known, key=abs) if known else None, is_whole=False)


def _in_parallel(parts: Sequence[Current]) -> Current:
    return Current(sum_of_known([part.amperes for part in parts]), is_whole=all(part.is_whole for part in parts))


def _typical(amperes: Sequence[float]) -> float:
    return (amperes[0] + amperes[1]) / 2 if len(amperes) == 2 else median(amperes)


def disagree(joints: Sequence[Joint], found: Sequence[Current]) -> bool:
    """Return whether parts in series tell currents that cannot be one and the same: perhaps they are in parallel."""
    for joint in joints:
        if joint.series:
            parts = [found[part].amperes or 0.0 for part in joint.parts if found[part].is_whole]
            low, high = min(parts, default=0.0), max(parts, default=0.0)
            if high - low > APART_LEAST and high - low > APART_PART * max(abs(low), abs(high)):
                return True
    return False


def midpoint_drift(joints: Sequence[Joint], found: Numbers, cells: Sequence[int]) -> float | None:
    """Return V by which a part in series is furthest from its equal share; None without two parts that are known.

    The share goes by the ``cells`` that each pack and joint has in series, so that 12 V with 24 V is no drift.
    """
    packs = len(found) - len(joints)
    drift = None
    for number, joint in enumerate(joints, packs):
        whole = found[number]
        if not joint.series or whole is None:
            continue
        each = whole / cells[number]
        for part in joint.parts:
            apart = abs((found[part] or 0.0) - each * cells[part])
            if drift is None or apart > drift:
                drift = apart
    return drift
