"""How well the lab does on one battery: whether what it writes reads frames that it never saw.

The frames were recorded by owners; the drivers themselves say what they mean, and what they mean when their numbers
are moved (``driven``). The lab sees the first two thirds of a battery at work and what an owner types at some moments:
volts, amperes, percent and degrees as an app shows them. What it writes is loaded as the reader does it and decodes
the rest.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.labbench.conversation import captured
from benchmarks.labbench.peers import stories
from benchmarks.labbench.truths import TRUTHS
from bmsreader.captures.traffic import Capture
from bmsreader.lab.analysis import Analysis, analyse
from bmsreader.lab.evidence import Structure
from bmsreader.lab.labels import Label, parse_label
from bmsreader.lab.output.asking import wishes
from bmsreader.lab.output.describe import describe
from bmsreader.lab.output.trying import MOMENT
from bmsreader.lab.structure import structure_of
from bmsreader.model.errors import CaptureError
from bmsreader.model.reading import Reading
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.envelope import Opened
from bmsreader.protocol.parse import parse

SEEN = 2 / 3
TYPED_AT = (0.05, 0.25, 0.55, 0.63)
"""Shares of the time at which the owner types what the app shows: at rest, under load, twice while charging."""
FEW = 8
"""Values that are typed at most, read strictly: those that the lab asks for."""
TRUTH_OF = {truth.module: truth for truth in TRUTHS}
APART, DEAD, COLDEST = 0.05, 0.1, -40.0
"""Share by which the cells of a pack may be off its voltage; V and degrees below which no cell and no sensor is."""
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
    misses: tuple[str, ...] = ()
    """What the driver says and what the description makes of it, where these differ: of each value the first."""
    labels: tuple[Label, ...] = ()
    text: str = ""
    """The description."""

    @property
    def whole(self) -> bool:
        """Whether everything was reproduced."""
        return not self.problem and all(self.right.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the lab finds of a battery before anything is typed."""

    structure: Structure
    unseen: list[dict[str, Any]]
    seconds: float


def seen_of(story: dict[str, Any]) -> Seen:
    """Return how the frames of a battery are built."""
    capture, unseen = capture_of(story)
    begin = time.perf_counter()
    return Seen(structure=structure_of(capture), unseen=unseen, seconds=time.perf_counter() - begin)


def capture_of(story: dict[str, Any]) -> tuple[Capture, list[dict[str, Any]]]:
    """Return the capture of what the lab may see, and the moments that it may not."""
    moments = story["moments"]
    seen = moments[: round(len(moments) * SEEN)]
    truth = TRUTH_OF[story["module"]]
    polls = [on_air(moment["asked"], story["fresh"], joined=truth.joined) for moment in seen]
    return captured(truth.module, polls, truth.chunk, every=6.0), moments[len(seen) :]


def on_air(asked: Sequence[Sequence[str]], fresh: Sequence[bool], *, joined: bool) -> list[tuple[bytes, bytes]]:
    """Return the requests and answers of a poll as they were sent: a request once, even where several frames answer."""
    sent: list[tuple[bytes, bytes]] = []
    for (request, frame), new in zip(asked, fresh, strict=True):
        request = _confirming(request, sent[-1][1]).hex() if sent else request
        if joined and not new and sent:
            sent[-1] = sent[-1][0], sent[-1][1] + bytes.fromhex(frame)
        else:
            sent.append((bytes.fromhex(request) if new else b"", bytes.fromhex(frame)))
    return sent


def _confirming(request: str, heard: bytes) -> bytes:
    """Return what was written; where it says that a notification arrived, of the one that was heard here."""
    written = bytes.fromhex(request)
    confirms = len(written) >= len(heard) and written[:2] == bytes((heard[0] | 0x80, heard[1]))
    return written[:2] + heard[2:] + written[len(heard) :] if confirms else written


def labels_of(story: dict[str, Any], shares: Sequence[float] = TYPED_AT) -> list[Label]:
    """Return what the owner types who copies all that the app shows at some moments."""
    moments = story["moments"]
    return [parse_label(typed(moments[round(share * len(moments))])) for share in shares]


def asked_labels_of(story: dict[str, Any], seen: Seen) -> list[Label]:
    """Return what an owner types who types eight values at most: those that the lab asks for.

    The owner kept a picture of the app at each moment and says when that was; the lab says at which of them to type all
    that is shown, and then, again and again, which single values of the others.
    """
    moments = {float(story["moments"][at]["at"]): story["moments"][at] for at in _pictures(story)}
    words: dict[float, list[str]] = {at: [] for at in moments}
    left = FEW
    while left:
        labels = [parse_label(f"{at:g}: {' '.join(said) or 'rest'}") for at, said in words.items()]
        new = [
            (wish.at, word)
            for wish in wishes(analyse(seen.structure, labels))
            if wish.at in moments
            for word in shown(moments[wish.at], wish.name)
            if word not in words[wish.at]
        ]
        if not new:
            break
        for at, word in new[:left]:
            words[at].append(word)
        left -= len(new[:left])
    return [parse_label(f"{at:g}: {' '.join(said)}") for at, said in words.items() if said]


def _pictures(story: dict[str, Any]) -> list[int]:
    return [round(share * len(story["moments"])) for share in TYPED_AT]


def typed(moment: dict[str, Any]) -> str:
    """Return what an app shows at a moment."""
    return f"{moment['at']}: {' '.join(shown(moment))}"


def shown(moment: dict[str, Any], name: str = "") -> list[str]:
    """Return the values that an app shows at a moment, as they are typed; of one (``name``), its first."""
    values = moment["values"]
    words: dict[str, list[str]] = {}
    if "voltage" in values:
        words["pack_voltage"] = [f"{values['voltage']:.2f}V"]
    if "current" in values:
        words["current"] = [f"{values['current']:.1f}A"]
    if "battery_level" in values:
        words["soc"] = [f"{values['battery_level']:.0f}%"]
    words["temperatures"] = list(dict.fromkeys(f"{sensor:.0f}C" for sensor in values["temp_values"]))[:4]
    return words.get(name, [])[:1] if name else [word for found in words.values() for word in found]


def outcome(
    name: str, story: dict[str, Any], labels: Sequence[Label] | None = None, seen: Seen | None = None
) -> Outcome:
    """Return how the lab does on one battery, with what was typed: at four moments, if nothing else is said."""
    seen = seen or seen_of(story)
    unseen = seen.unseen
    labels = labels_of(story) if labels is None else labels
    begin = time.perf_counter() - seen.seconds
    analysis = analyse(seen.structure, labels)
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
            labels=tuple(labels),
        )
    seconds = time.perf_counter() - begin
    codec = Codec(parse(draft.text))
    right: dict[str, bool] = {}
    false: set[str] = set()
    misses: dict[str, str] = {}
    for moment in unseen:
        got = reading_of(codec, [(bytes.fromhex(sent), [bytes.fromhex(frame)]) for sent, frame in moment["asked"]])
        for value, wanted in _told(moment["values"], story["told"]):
            good = got is not None and same(value, got, wanted)
            right[value] = right.get(value, True) and good
            if not good:
                misses.setdefault(value, f"{value} at {moment['at']:g} s: {wanted}, read as {_read(value, got)}")
            if not good and got is not None and not only_incomplete(value, got, wanted):
                false.add(value)
    return Outcome(
        name=name,
        right=right,
        sure_but_wrong=tuple(sorted(one for one in false if is_sure(analysis, one))),
        problem="",
        seconds=seconds,
        misses=tuple(misses.values()),
        labels=tuple(labels),
        text=draft.text,
    )


OURS = {
    "voltage": "pack_voltage",
    "current": "current",
    "soc": "soc",
    "cells": "cell_voltages",
    "temperatures": "temperatures",
}


def _read(value: str, got: Reading | None) -> object:
    return "nothing" if got is None else getattr(got, OURS[value])


def is_sure(analysis: Analysis, value: str) -> bool:
    """Return whether the lab calls a value sure."""
    best = analysis.best.get(OURS[value])
    return best is not None and best[1].sure


def reading_of(codec: Codec, answers: Iterable[tuple[bytes, Iterable[bytes]]]) -> Reading | None:
    """Return what our engine reads in the notifications of one poll, together with the request that they answer.

    What was written in between and is no request, such as that a part of an answer arrived, ends nothing.
    """
    names = {request.send.rstrip(b"\r\n"): name for name, request in codec.description.requests.items()}
    assembler = codec.assembler()
    parts: dict[str, Any] = {}
    asked: str | None = None
    confirmed = codec.description.framing.parts is not None

    def take(items: Iterable[Assembled]) -> None:
        for item in items:
            opened = codec.open(item, asked) if isinstance(item, bytes) else item
            if isinstance(opened, Opened):
                parts[opened.message.name] = opened

    for sent, chunks in answers:
        known = names.get(sent.rstrip(b"\r\n"))
        if known or not confirmed:
            take(assembler.flush())
            asked = known
        for chunk in chunks:
            take(assembler.feed(chunk))
    take(assembler.flush())
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


def same(name: str, got: Reading, wanted: Any) -> bool:
    """Return whether a reading says of a value what is true."""
    value = getattr(got, OURS[name])
    if value is None:
        return False
    if name == "cells":
        return len(value) == len(wanted) and all(abs(a - b) < 0.0015 for a, b in zip(value, wanted, strict=True))
    if name == "temperatures":
        return _near(value, wanted) and _near(wanted, value)
    slack = {"voltage": 0.06, "current": 0.06, "soc": 1.0}[name]
    return bool(abs(value - wanted) <= slack)


def only_incomplete(name: str, got: Reading, wanted: Any) -> bool:
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


def in_doubt(story: dict[str, Any]) -> str:
    """Return how the recorded frames contradict themselves as their driver reads them; empty where they do not.

    Such a battery is judged like any other: nobody but its owner knows which of the two is right.
    """
    base = story["base"]
    cells, volts = base["cell_voltages"], base.get("voltage", 0.0)
    packs = max(1, round(sum(cells) / volts)) if volts else 1
    if cells and abs(sum(cells) / packs - volts) > APART * volts:
        return f"{len(cells)} cells of {sum(cells):.2f} V together in a pack of {volts:.2f} V"
    if cells and min(cells) < DEAD:
        return f"a cell of {min(cells):g} V beside others of {max(cells):g} V, which are the {volts:g} V of the pack"
    coldest = min(base["temp_values"], default=0.0)
    return f"a sensor at {coldest:g} degrees beside one at {max(base['temp_values']):g}" if coldest < COLDEST else ""


def every() -> dict[str, dict[str, Any]]:
    """Return all recordings, by module and test."""
    return dict(sorted(stories().items()))
