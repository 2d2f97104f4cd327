"""How well the lab does on one battery of this tier, from the file of its capture to what its description reads."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.labbench.conversation import split
from benchmarks.labbench.judged import OURS, is_sure, only_incomplete, reading_of, same
from benchmarks.labbench.wild.family import ALL, Family
from benchmarks.labbench.wild.files import write
from benchmarks.labbench.wild.story import Course
from benchmarks.labbench.wild.talking import Unseen, talk
from benchmarks.labbench.wild.typed import lines
from bmsreader.cli.lab_describe import drafted
from bmsreader.cli.lab_opening import Opened, opened
from bmsreader.lab.analysis import Analysis, analyse
from bmsreader.lab.labels import in_order, parse_label
from bmsreader.lab.structure import structure_of
from bmsreader.model.errors import BmsReaderError
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.parse import parse

LETTERS = dict(zip(ALL, "VASCT", strict=True))
RIGHT, NOTHING, WRONG, SURE_BUT_WRONG = "right", "nothing read", "wrong, not called sure", "sure but wrong"
WORSE = (RIGHT, NOTHING, WRONG, SURE_BUT_WRONG)
MARKS = {NOTHING: ".", WRONG: "?", SURE_BUT_WRONG: "!"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the lab did with what was typed."""

    name: str
    way: str
    """How it was typed."""
    values: dict[str, str]
    """How each value was read that the battery tells."""
    seconds: float
    labels: Sequence[str] = ()
    misses: dict[str, str] = field(default_factory=dict)
    """Of each value the first that was not read as it is, or, where one is wrong, the first of these."""
    text: str = ""
    """The description, or why there is none."""

    @property
    def whole(self) -> bool:
        """Whether all is read."""
        return all(how == RIGHT for how in self.values.values())

    @property
    def sure_but_wrong(self) -> tuple[str, ...]:
        """The values of which the lab was sure, and which are something else."""
        return tuple(name for name, how in self.values.items() if how == SURE_BUT_WRONG)

    def __str__(self) -> str:
        return "".join("-" if name not in self.values else self._mark(name) for name in ALL)

    def _mark(self, name: str) -> str:
        return MARKS.get(self.values[name], LETTERS[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Analysed(Opened):
    """A capture of which is known already how its frames are built."""

    found: Analysis

    def analysis(self) -> Analysis:
        """Return what was found out."""
        return self.found


def outcomes(family: Family, folder: Path, course: Course, ways: Sequence[str]) -> list[Outcome]:
    """Return how the lab does on one capture, once for each way to type."""
    told = talk(family, course)
    path, origin = write(folder, family, told.said)
    begin = time.process_time()
    capture = opened(path, None)
    structure = structure_of(capture.capture)
    before = time.process_time() - begin
    found = []
    for way in ways:
        begin = time.process_time() - before / len(ways)
        typed = lines(told.shown, way, origin)
        labels = in_order(parse_label(line, started=capture.whole.started) for line in typed)
        analysed = _Analysed(
            path=path,
            whole=capture.whole,
            capture=capture.capture,
            peer=capture.peer,
            labels=labels,
            found=analyse(structure, labels),
        )
        try:
            text, problem = drafted(analysed, ident="wild", name=family.name).text, ""
        except BmsReaderError as error:
            text, problem = "", str(error)
        seconds = time.process_time() - begin
        values, misses = _judged(family, analysed.found, text, told.unseen)
        found.append(
            Outcome(
                name=family.name,
                way=way if course == "both" else f"{course} only",
                values=values,
                seconds=seconds,
                labels=typed,
                misses=misses,
                text=text or problem,
            )
        )
    return found


def _judged(
    family: Family, analysis: Analysis, text: str, unseen: Sequence[Unseen]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return how each value was read where the lab saw nothing, and what was not."""
    values = dict.fromkeys(family.told, RIGHT if text else NOTHING)
    misses: dict[str, str] = {}
    codec = Codec(parse(text)) if text else None
    for moment in unseen if codec else ():
        asked = [
            (answer.request, [part for frame in answer.frames for part in split(frame, family.chunk)])
            for answer in moment.answers
        ]
        got = reading_of(codec, asked) if codec else None
        for name, wanted in moment.truth.items():
            if got is not None and same(name, got, wanted):
                continue
            false = got is not None and not only_incomplete(name, got, wanted)
            how = NOTHING if not false else SURE_BUT_WRONG if is_sure(analysis, name) else WRONG
            if WORSE.index(how) > WORSE.index(values[name]) or name not in misses:
                values[name] = max(values[name], how, key=WORSE.index)
                misses[name] = f"{name} is {wanted}, read as {getattr(got, OURS[name], None)} ({how})"
    return values, misses
