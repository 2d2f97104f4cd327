"""The stages of LabBench about meaning: cells in one frame without labels, values with three labelled moments."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.labbench.conversation import converse
from benchmarks.labbench.families import FAMILIES
from benchmarks.labbench.judged import chosen, labels_of, outcome
from benchmarks.labbench.structure import TEN_MINUTES
from benchmarks.labbench.truths import TRUTHS, Truth
from benchmarks.measure import Verdict, print_table
from bmsreader.lab.analysis import analyse
from bmsreader.lab.framing.encoding import xored
from bmsreader.lab.meaning.cells import find_cells
from bmsreader.lab.meaning.series import Series
from bmsreader.lab.output.describe import describe
from bmsreader.lab.structure import structure_of

THREE = (0.05, 0.25, 0.55)
"""Shares of the time at which the owner types: at rest, under load, while charging."""
WHOLE_RUN = "neg sum16 big"
"""A family with a length and marks at both ends, three answers to a poll."""
VALUES = ("voltage", "current", "soc", "temperatures")
TRUTH_OF: dict[str, Truth] = {truth.module: truth for truth in TRUTHS}


def main() -> list[Verdict]:
    """Print how many cells and values are found, and what that says about the promises."""
    stories = chosen()
    whole = Verdict(promise="seconds for a whole run on a ten-minute capture", measured=whole_run(), limit=3.0)
    if not stories:
        return [whole]
    cells = {name: found for name, story in stories.items() for found in [cells_of(story)] if found is not None}
    three = [outcome(name, story, labels_of(story, THREE)) for name, story in stories.items()]
    told = [one.right[value] for one in three for value in VALUES if value in one.right]
    rows = [("cells from one unlabelled frame: start, count, step and order", f"{sum(cells.values())}/{len(cells)}")]
    for value in VALUES:
        right = [one.right[value] for one in three if value in one.right]
        rows.append((f"{value} with three labelled moments", f"{sum(right)}/{len(right)}"))
    print_table("LabBench: what the bytes mean", ("stage", "right"), rows)
    print(f"  cells missed: {', '.join(name for name, good in cells.items() if not good) or 'none'}")
    share = sum(told) / len(told)
    return [
        Verdict(
            promise="cells from one unlabelled frame, of all types",
            measured=round(sum(cells.values()) / len(cells), 3),
            limit=24 / 26,
            at_least=True,
        ),
        Verdict(promise="V, I, SOC, T with three labels", measured=round(share, 3), limit=0.95, at_least=True),
        whole,
    ]


def whole_run() -> float:
    """Return how long the lab takes from a ten-minute phone capture to a description."""
    talk = converse(next(family for family in FAMILIES if family.name == WHOLE_RUN), polls=TEN_MINUTES)
    begin = time.perf_counter()
    analysis = analyse(structure_of(talk.capture))
    describe(analysis, ident="lab", name="lab", sources=[])
    return time.perf_counter() - begin


def cells_of(story: dict[str, Any]) -> bool | None:
    """Return whether the cells are found in the first frame alone; None where no frame has them as words in a row."""
    truth = TRUTH_OF[story["module"]]
    dials = [dial for dial in story["dials"] if dial["name"] == "cell_voltages"]
    frames = {dial["frame"] for dial in dials}
    starts = [min(dial["offsets"]) for dial in sorted(dials, key=lambda dial: dial["index"])]
    steps = {b - a for a, b in itertools.pairwise(starts)}
    if len(frames) != 1 or len(dials) < 3 or len(steps) != 1 or any(len(dial["offsets"]) != 2 for dial in dials):
        return None
    payload = bytes(_payload(bytes.fromhex(story["moments"][0]["asked"][frames.pop()][1]), truth))
    check = truth.checksum.width + truth.checksum.tail if truth.checksum and truth.kind == "raw" else len(truth.end)
    found = find_cells(Series(times=(0.0,), payloads=(payload,), size=len(payload) - check))
    little = dials[0]["offsets"][0] < dials[0]["offsets"][1]
    wanted = (starts[0], len(dials), steps.pop(), little)
    if found is None:
        return False
    place = found.value
    return (place.word.at, place.count, place.step, place.word.little) == wanted


def _payload(frame: bytes, truth: Truth) -> Iterator[int]:
    if truth.kind == "raw":
        return iter(frame)
    start = len(truth.start or b"?")
    text = frame[start : len(frame) - len(truth.end)]
    plain = bytes.fromhex(text.decode())
    return iter(plain if truth.xor_at is None else xored(plain, plain[truth.xor_at]))
