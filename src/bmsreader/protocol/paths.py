"""Where a number stands in an answer that is text: ``Batt[0][2]``, ``soc``, ``[3]``, or several, ``cell{1..16}``."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

Steps = tuple[str | int, ...]
"""A path taken apart: names of keys, and places in lists counted from 0."""

LINE: Final = ""
"""The key under which values without a key stand."""
MOST = 256
"""Places that one path stands for, at most."""
LONGEST = 200
"""Characters of a path, at most."""
_RANGE = re.compile(r"\{(\d{1,3})\.\.(\d{1,3})\}")
_STEP = re.compile(r'\[(\d{1,4})\]|\["([^"\x00-\x1f]{1,64})"\]|\.?([^][{}."\x00-\x1f]{1,64})')
_PLAIN = re.compile(r'[^][{}."\x00-\x1f]{1,64}')


def expanded(path: str) -> tuple[str, ...] | None:
    """Return the paths that one stands for: one for each number of its range; None when that is no range."""
    found = _RANGE.search(path)
    if found is None:
        return (path,)
    first, last = int(found[1]), int(found[2])
    if not 0 <= last - first < MOST or _RANGE.search(path, found.end()):
        return None
    digits = len(found[1]) if found[1].startswith("0") else 1
    return tuple(f"{path[: found.start()]}{n:0{digits}}{path[found.end() :]}" for n in range(first, last + 1))


def steps_of(path: str) -> Steps | None:
    """Return a path taken apart; None when it is none."""
    steps: list[str | int] = []
    at = 0
    while at < len(path) <= LONGEST:
        found = _STEP.match(path, at)
        if found is None or (not steps and path.startswith(".")) or (steps and found[3] and path[at] != "."):
            return None
        steps.append(int(found[1]) if found[1] else found[2] or found[3])
        at = found.end()
    return tuple(steps) or None


def place_of(path: str, *, in_line: bool) -> Steps | None:
    """Return the steps to a number from the root of an answer; None where the path is none, or none of a line.

    What is a list itself stands under the key ``LINE``; a key of a line has a list of values, the first unless said.
    """
    steps = steps_of(path)
    if steps is None:
        return None
    steps = (LINE, *steps) if isinstance(steps[0], int) else steps
    if not in_line:
        return steps
    steps = (*steps, 0) if len(steps) == 1 else steps
    return steps if len(steps) == 2 and isinstance(steps[1], int) else None


def contradiction(places: Iterable[Steps]) -> Steps | None:
    """Return a place that cannot be there beside the others, since one of them is a number and a list at once."""
    known: dict[Steps, type | None] = {}
    for steps in places:
        for depth in range(len(steps) + 1):
            inside = type(steps[depth]) if depth < len(steps) else None
            if known.setdefault(steps[:depth], inside) is not inside:
                return steps
    return None


def written(steps: Steps) -> str:
    """Return a path from its steps; the inverse of ``steps_of`` for keys without quotes and control characters."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            path += f".{step}" if path else step
        else:
            path += f'["{step}"]'
    return path


def folded(paths: Sequence[Steps]) -> tuple[str, ...]:
    """Return the fewest paths that stand for these in their order: neighbours that count up become a range."""
    found: list[str] = []
    at = 0
    while at < len(paths):
        stop, best = at + 1, written(paths[at])
        for end in range(min(len(paths), at + MOST), at + 1, -1):
            whole = _as_range([written(one) for one in paths[at:end]])
            if whole:
                stop, best = end, whole
                break
        found.append(best)
        at = stop
    return tuple(found)


def in_short(paths: Sequence[str]) -> str:
    """Return paths for people, with ranges where they count up."""
    return ", ".join(folded([steps for path in paths if (steps := steps_of(path))]))


def _as_range(paths: Sequence[str]) -> str | None:
    """Return the range that stands for just these paths."""
    for number in re.finditer(r"\d{1,3}", paths[0]):
        first = int(number[0])
        last = f"{first + len(paths) - 1:0{len(number[0]) if number[0].startswith('0') else 1}}"
        whole = f"{paths[0][: number.start()]}{{{number[0]}..{last}}}{paths[0][number.end() :]}"
        if expanded(whole) == tuple(paths):
            return whole
    return None
