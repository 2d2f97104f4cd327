"""The headline: the share of recorded batteries of which the lab writes a description that reads unseen frames.

Run all, or some by name: ``python -m benchmarks.labbench.headline [--show] [--every] [NAME ...]``.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.labbench.judged import (
    FEW,
    NAMES,
    Outcome,
    Seen,
    asked_labels_of,
    chosen,
    every,
    in_doubt,
    labels_of,
    outcome,
    seen_of,
)
from benchmarks.labbench.truths import LEFT_OUT, TRUTHS
from benchmarks.measure import Verdict, print_table
from bmsreader.lab.labels import Label

Stories = dict[str, dict[str, Any]]


def main(names: Sequence[str] = (), *, show: bool = False, all_recorded: bool = False) -> list[Verdict]:
    """Print the tables of both ways to type, and what they say about the promise."""
    found = {
        name: story
        for name, story in (every() if all_recorded else chosen()).items()
        if not names or name in names or story["module"] in names
    }
    if not found:
        print("The headline of tier R is left out: it needs aiobmsble in a Python of 3.12 or newer.")
        return []
    seen = {name: seen_of(story) for name, story in found.items()}
    full = judged(
        found, seen, {name: labels_of(story) for name, story in found.items()}, "four moments typed", show=show
    )
    asked = {name: asked_labels_of(story, seen[name]) for name, story in found.items()}
    few = judged(found, seen, asked, f"at most {FEW} values typed, as the lab asks", show=show)
    for name, story in found.items():
        if why := in_doubt(story):
            print(f"  truth in doubt: {name}, its driver reads {why}")
    if not names:
        tried = {story["module"] for story in found.values()}
        missing = {truth.module: "its driver could not be run here" for truth in TRUTHS if truth.module not in tried}
        for module, why in sorted({**LEFT_OUT, **missing}.items()):
            print(f"  not tried: {module}, {why}")
    wrong = sum(bool(one.sure_but_wrong) for one in (*full, *few))
    return [
        Verdict(promise="F: recorded protocols that are read whole", measured=_share(full), limit=0.8, at_least=True),
        Verdict(promise=f"F with at most {FEW} typed values in all", measured=_share(few), limit=0.8, at_least=True),
        Verdict(promise="values that were sure and wrong", measured=float(wrong), limit=0.0),
    ]


def judged(
    stories: Stories, seen: dict[str, Seen], labels: dict[str, list[Label]], how: str, *, show: bool
) -> list[Outcome]:
    """Return how the lab does on all batteries when this is typed, and print it."""
    found = [outcome(name, story, labels[name], seen[name]) for name, story in stories.items()]
    rows = []
    for one in found:
        marks = ["-" if name not in one.right else "yes" if one.right[name] else "NO" for name in NAMES]
        rows.append((one.name, *marks, "yes" if one.whole else "NO", f"{one.seconds:.1f}", one.problem[:60]))
    print_table(f"LabBench: descriptions written, on unseen frames; {how}", ("", *NAMES, "all", "s", ""), rows)
    for name in NAMES:
        told = [one.right[name] for one in found if name in one.right]
        print(f"  {name}: {sum(told)} of {len(told)}")
    wrong = [f"{one.name} {', '.join(one.sure_but_wrong)}" for one in found if one.sure_but_wrong]
    print(f"  sure but wrong: {'; '.join(wrong) or 'none'}")
    print(f"  headline F, {how}: {sum(one.whole for one in found)} of {len(found)}, {_share(found):.0%}")
    for one in found if show else ():
        _show(one)
    return found


def _share(found: Sequence[Outcome]) -> float:
    return round(sum(one.whole for one in found) / len(found), 3)


def _show(one: Outcome) -> None:
    print(f"\n---- {one.name}: what was typed")
    for label in one.labels:
        print(f"  {label.at:g} s: {', '.join(f'{seen.name} {seen.value:g}' for seen in label.seen)}")
    print(f"---- {one.name}: what was written")
    print(one.problem or one.text)
    print(f"---- {one.name}: what the driver says and the description does not")
    print("\n".join(f"  {miss}" for miss in one.misses) or "  nothing: all is read")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Judge what the lab writes of recorded batteries.")
    parser.add_argument("name", nargs="*", help="a type of battery, or one recording as module:test; all by default")
    parser.add_argument("--show", action="store_true", help="print what was typed, written and missed")
    parser.add_argument("--every", action="store_true", help="all recordings, not the richest one of each type")
    given = parser.parse_args()
    main(given.name, show=given.show, all_recorded=given.every)
    sys.exit()
