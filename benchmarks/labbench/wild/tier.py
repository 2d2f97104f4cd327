"""Tier W: protocols as they are found in the wild, in capture files, with what careful and careless owners type.

Run all, or some by name: ``python -m benchmarks.labbench.wild [--show] [--every] [NAME ...]``. Of the careless ways to
type each family takes two, in turns; all with ``--every``.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.labbench.wild.family import Family
from benchmarks.labbench.wild.judging import Outcome, outcomes
from benchmarks.labbench.wild.marked import MARKED
from benchmarks.labbench.wild.registers import REGISTERS
from benchmarks.labbench.wild.story import Course
from benchmarks.labbench.wild.streams import STREAMS
from benchmarks.labbench.wild.typed import CARELESS
from benchmarks.measure import Verdict, print_table

FAMILIES: dict[str, Family] = {family.name: family for family in (*MARKED, *REGISTERS, *STREAMS)}
CAREFUL, NOTHING_TYPED = ("careful",), ("nothing",)
ONE_DIRECTION: tuple[Course, ...] = ("charge", "load")
LEAST = 0.9
"""Share of the families that must be read whole."""

Found = dict[str, list[Outcome]]
"""By family."""


def main(names: Sequence[str] = (), *, show: bool = False, all_ways: bool = False) -> list[Verdict]:
    """Print the tables of all ways to type, and what they say about the promises."""
    families = [family for name, family in FAMILIES.items() if not names or name in names]
    if not families:
        print(f"There are {', '.join(FAMILIES)}.")
        return []
    with tempfile.TemporaryDirectory() as kept:
        worked = {
            family.name: outcomes(
                family, Path(kept), "both", (*CAREFUL, *careless(number, all_ways=all_ways), *NOTHING_TYPED)
            )
            for number, family in enumerate(families)
        }
        one_way = {
            family.name: [outcomes(family, Path(kept), course, CAREFUL)[0] for course in ONE_DIRECTION]
            for family in families
        }
    printed("every direction of the current, four moments typed", worked, CAREFUL, show=show)
    printed("careless labels", worked, CARELESS, show=show)
    printed("nothing typed", worked, NOTHING_TYPED, show=show)
    one = [f"{course} only" for course in ONE_DIRECTION]
    printed("current in one direction only, both in what is read later", one_way, one, show=show)
    everything = [one for found in (worked, one_way) for row in found.values() for one in row]
    print(f"\n  {len(everything)} descriptions in {sum(one.seconds for one in everything):.0f} s of CPU time")
    whole = [row[0].whole for row in worked.values()]
    return [
        Verdict(
            promise=f"protocols from the wild that are read whole, of {len(whole)}",
            measured=round(sum(whole) / len(whole), 3),
            limit=LEAST,
            at_least=True,
        ),
        Verdict(
            promise="values that were sure and wrong, however it was typed and whatever flowed",
            measured=float(sum(len(one.sure_but_wrong) for one in everything)),
            limit=0.0,
        ),
    ]


def careless(number: int, *, all_ways: bool = False) -> list[str]:
    """Return the careless ways to type that this family takes."""
    return [way for turn, way in enumerate(CARELESS) if all_ways or (turn - 2 * number) % len(CARELESS) < 2]


def printed(title: str, found: Found, ways: Sequence[str], *, show: bool) -> None:
    """Print a table: the letters of the values that were read, by family and way to type."""
    columns = {way: {name: one for name, row in found.items() for one in row if one.way == way} for way in ways}
    rows = []
    for name in found:
        tried = [columns[way].get(name) for way in ways]
        seconds = sum(one.seconds for one in tried if one)
        rows.append((name, *(str(one or "") for one in tried), f"{seconds:.1f}"))
    whole = (f"{sum(one.whole for one in column.values())}/{len(column)}" for column in columns.values())
    wrong = (f"{sum(bool(one.sure_but_wrong) for one in column.values())}" for column in columns.values())
    rows += [("read whole", *whole, ""), ("sure but wrong", *wrong, "")]
    print_table(f"LabBench, tier W: {title}", ("", *ways, "s"), rows)
    for one in (one for column in columns.values() for one in column.values()):
        for value in one.sure_but_wrong:
            print(f"  sure but wrong: {one.name}, {one.way}: {one.misses[value]}")
        if show:
            _show(one)


def _show(one: Outcome) -> None:
    print(f"\n---- {one.name}, {one.way}: what was typed")
    print("\n".join(f"  {line}" for line in one.labels) or "  nothing")
    print(f"---- {one.name}, {one.way}: what was written")
    print(one.text)
    print(f"---- {one.name}, {one.way}: what was not read as it is")
    print("\n".join(f"  {miss}" for miss in one.misses.values()) or "  nothing: all is read")
