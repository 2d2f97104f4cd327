"""Time things side by side and print what came out."""

import gc
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One figure that the project promises, and whether this run met it."""

    promise: str
    measured: float
    limit: float
    at_least: bool = False
    """The figure has to reach the limit; otherwise it must not exceed it."""

    @property
    def met(self) -> bool:
        """The promise holds in this run."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        bound = "at least" if self.at_least else "at most"
        digits = ",.0f" if self.limit >= 100 else ".2f"
        outcome = "met   " if self.met else "MISSED"
        return f"{outcome}  {self.promise}: {self.measured:{digits}} ({bound} {self.limit:{digits}})"


def fastest(cases: Mapping[str, Callable[[], object]], *, repeats: int, calls: int) -> dict[str, float]:
    """Return the seconds per call of each case: the best of ``repeats`` rounds, in each of which every case runs.

    The rounds interleave the cases, so that a machine which slows down for a while slows all of them; the minimum
    is what the code needs when nothing else gets in the way. The garbage collector is off, as in ``timeit``.
    """
    best = dict.fromkeys(cases, float("inf"))
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(repeats):
            for name, case in cases.items():
                begin = time.perf_counter()
                for _ in range(calls):
                    case()
                best[name] = min(best[name], (time.perf_counter() - begin) / calls)
            gc.collect()
    finally:
        if was_enabled:
            gc.enable()
    return best


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under their columns; the first column is text, the others are figures."""
    lines = [tuple(columns), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    print(f"\n{title}\n")
    for number, line in enumerate(lines):
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        print("  " + "  ".join(cells))
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def print_verdicts(verdicts: Iterable[Verdict]) -> None:
    """Print one line per promise."""
    print()
    for verdict in verdicts:
        print(f"  {verdict}")
