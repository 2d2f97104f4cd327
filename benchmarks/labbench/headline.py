"""The headline: does what the lab writes read frames that it never saw? Judged by the drivers of aiobmsble.

The frames were recorded by owners; the drivers themselves say what they mean, and what they mean when their numbers
are moved (``driven``). The lab sees the first two thirds of a battery at work and what an owner types at four moments:
volts, amperes, percent and degrees as an app shows them. What it writes is loaded as the reader does it and decodes
the rest.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.labbench.conversation import captured
from benchmarks.labbench.peers import stories
from benchmarks.labbench.truths import TRUTHS
from benchmarks.measure import Verdict, print_table
from bmsreader.captures.traffic import Capture
from bmsreader.lab.analysis import Analysis, analyse
from bmsreader.lab.describe import MOMENT, describe
from bmsreader.lab.labels import Label, parse_label
from bmsreader.lab.structure import structure_of
from bmsreader.model.errors import CaptureError
from bmsreader.model.reading import Reading
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.parse import parse

SEEN = 2 / 3
TYPED_AT = (0.05, 0.25, 0.55, 0.63)
"""Shares of the time at which the owner types what the app shows: at rest, under load, twice while charging."""
CHUNK = {truth.module: truth.chunk for truth in TRUTHS}
NAMES = ("voltage", "current", "soc", "cells", "temperatures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the lab did on one battery."""

    name: str
    right: dict[str, bool]
    """By value, those that the driver reports."""
    sure_but_wrong: tuple[str, ...]
    problem: str
    seconds: float

    @property
    def whole(self) -> bool:
        """Whether everything was reproduced."""
        return not self.problem and all(self.right.values())


def capture_of(story: dict[str, Any]) -> tuple[Capture, list[dict[str, Any]]]:
    """Return the capture of what the lab may see, and the moments that it may not."""
    moments = story["moments"]
    seen = moments[: round(len(moments) * SEEN)]
    polls = [[(bytes.fromhex(w), bytes.fromhex(n)) for w, n in moment["asked"]] for moment in seen]
    return captured(story["module"], polls, CHUNK[story["module"]], every=6.0), moments[len(seen) :]


def labels_of(story: dict[str, Any], shares: Sequence[float] = TYPED_AT) -> list[Label]:
    """Return what the owner types."""
    moments = story["moments"]
    return [parse_label(typed(moments[round(share * len(moments))])) for share in shares]


def typed(moment: dict[str, Any]) -> str:
    """Return what an app shows at a moment."""
    values = moment["values"]
    words = []
    if "voltage" in values:
        words.append(f"{values['voltage']:.2f}V")
    if "current" in values:
        words.append(f"{values['current']:.1f}A")
    if "battery_level" in values:
        words.append(f"{values['battery_level']:.0f}%")
    warm = dict.fromkeys(f"{sensor:.0f}C" for sensor in values["temp_values"])
    return f"{moment['at']}: {' '.join([*words, *list(warm)[:4]])}"


def outcome(name: str, story: dict[str, Any], shares: Sequence[float] = TYPED_AT) -> Outcome:
    """Return how the lab does on one battery, with what was typed after these shares of the time."""
    capture, unseen = capture_of(story)
    begin = time.perf_counter()
    analysis = analyse(structure_of(capture), labels_of(story, shares))
    try:
        draft = describe(analysis, ident="lab", name=name, sources=[])
    except CaptureError as error:
        missing = {one: False for one, _ in _told(unseen[0]["values"], story["told"])}
        return Outcome(
            name=name,
            right=missing,
            sure_but_wrong=(),
            problem=str(error),
            seconds=time.perf_counter() - begin,
        )
    seconds = time.perf_counter() - begin
    codec = Codec(parse(draft.text))
    right: dict[str, bool] = {}
    false: set[str] = set()
    for moment in unseen:
        got = reading_of(codec, [(bytes.fromhex(sent), bytes.fromhex(frame)) for sent, frame in moment["asked"]])
        for value, wanted in _told(moment["values"], story["told"]):
            good = got is not None and _same(value, got, wanted)
            right[value] = right.get(value, True) and good
            if not good and got is not None and not _only_incomplete(value, got, wanted):
                false.add(value)
    return Outcome(
        name=name,
        right=right,
        sure_but_wrong=tuple(sorted(one for one in false if _sure(analysis, one))),
        problem="",
        seconds=seconds,
    )


OURS = {
    "voltage": "pack_voltage",
    "current": "current",
    "soc": "soc",
    "cells": "cell_voltages",
    "temperatures": "temperatures",
}


def _sure(analysis: Analysis, value: str) -> bool:
    best = analysis.best.get(OURS[value])
    return best is not None and best[1].sure


def reading_of(codec: Codec, frames: Sequence[tuple[bytes, bytes]]) -> Reading | None:
    """Return what our engine reads in the frames of one poll, each with the request that it answers."""
    names = {request.send.rstrip(b"\r\n"): name for name, request in codec.description.requests.items()}
    assembler = codec.assembler()
    parts: dict[str, Any] = {}
    for sent, frame in frames:
        for item in (*assembler.feed(frame), *assembler.flush()):
            opened = codec.open(item, names.get(sent.rstrip(b"\r\n"))) if isinstance(item, bytes) else item
            if hasattr(opened, "message"):
                parts[opened.message.name] = opened
    ordered = [parts[name] for name in codec.description.messages if name in parts]
    if not ordered:
        return None
    result = codec.reading(ordered, battery="lab", taken_at=MOMENT)
    return result if isinstance(result, Reading) else None


def _told(values: dict[str, Any], told: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the values that bytes in the conversation carry: what moves with none of them cannot be read from it."""
    for name, key in (("voltage", "voltage"), ("current", "current"), ("soc", "battery_level")):
        if key in values and (key in told or key == "voltage"):
            yield name, values[key]
    for name, key in (("cells", "cell_voltages"), ("temperatures", "temp_values")):
        if values[key] and key in told:
            yield name, values[key]


def _same(name: str, got: Reading, wanted: Any) -> bool:
    value = getattr(got, OURS[name])
    if value is None:
        return False
    if name == "cells":
        return len(value) == len(wanted) and all(abs(a - b) < 0.0015 for a, b in zip(value, wanted, strict=True))
    if name == "temperatures":
        return _near(value, wanted) and _near(wanted, value)
    slack = {"voltage": 0.06, "current": 0.06, "soc": 1.0}[name]
    return bool(abs(value - wanted) <= slack)


def _only_incomplete(name: str, got: Reading, wanted: Any) -> bool:
    """Whether what is said is true, but not all: no value at all, or some of the sensors."""
    value = getattr(got, OURS[name])
    return value is None or value == () or (name == "temperatures" and _near(value, wanted))


def _near(these: Sequence[float], those: Sequence[float]) -> bool:
    """Whether each sensor of some is one of the others."""
    return all(any(abs(one - other) <= 0.6 for other in those) for one in these)


def chosen() -> dict[str, dict[str, Any]]:
    """Return one story for each type of battery: that in which the most moves."""
    best: dict[str, dict[str, Any]] = {}
    for story in stories().values():
        known = best.get(story["module"])
        if known is None or len(story["dials"]) > len(known["dials"]):
            best[story["module"]] = story
    return dict(sorted(best.items()))


def main() -> list[Verdict]:
    """Print the table and what it says about the promise."""
    found = [outcome(name, story) for name, story in chosen().items()]
    if not found:
        print("The headline of tier R is left out: it needs aiobmsble in a Python of 3.12 or newer.")
        return []
    rows = []
    for one in found:
        marks = ["-" if name not in one.right else "yes" if one.right[name] else "NO" for name in NAMES]
        rows.append((one.name, *marks, "yes" if one.whole else "NO", f"{one.seconds:.1f}", one.problem[:60]))
    print_table(
        "LabBench: descriptions written, on frames that the lab did not see", ("", *NAMES, "all", "s", ""), rows
    )
    for name in NAMES:
        told = [one.right[name] for one in found if name in one.right]
        print(f"  {name}: {sum(told)} of {len(told)}")
    wrong = [f"{one.name} {', '.join(one.sure_but_wrong)}" for one in found if one.sure_but_wrong]
    print(f"  sure but wrong: {'; '.join(wrong) or 'none'}")
    whole = sum(one.whole for one in found)
    share = whole / len(found)
    print(f"  headline F: {whole} of {len(found)}, {share:.0%}")
    return [
        Verdict(
            promise="F: recorded protocols that are read whole", measured=round(share, 3), limit=0.8, at_least=True
        ),
        Verdict(promise="values that were sure and wrong", measured=float(len(wrong)), limit=0.0),
    ]
