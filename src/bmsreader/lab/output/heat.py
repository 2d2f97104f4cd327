"""How each byte of an answer behaves over time: still, moving now and then, moving always."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bmsreader.lab.analysis import Answer
from bmsreader.lab.labels import Label
from bmsreader.lab.meaning.series import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Byte:
    """One byte over the whole capture, or one number of an answer that is text."""

    at: int
    """Which one it is, from 0."""
    lowest: float
    highest: float
    different: int
    changes: int
    first: float


def bytes_of(series: Series) -> list[Byte]:
    """Return how each byte behaves, check value included."""
    found = []
    for at, column in enumerate(columns_of(series)):
        changes = sum(a != b for a, b in pairwise(column))
        found.append(
            Byte(
                at=at,
                lowest=min(column),
                highest=max(column),
                different=len(set(column)),
                changes=changes,
                first=column[0],
            )
        )
    return found


def columns_of(series: Series) -> list[Sequence[float]]:
    """Return each byte, or each number of text, over time."""
    if series.legal is None:
        size = min(map(len, series.payloads), default=0)
        return [[payload[at] for payload in series.payloads] for at in range(size)]
    return [[round(number, 6) for number in series.values(word)] for word in series.parts]


def meanings(answer: Answer) -> dict[int, str]:
    """Return which value each byte, or each number of text, is part of."""
    fields = [(finding.value.name, finding.value.offsets) for finding in answer.meaning.fields]
    return {
        at: name
        for at, word in enumerate(answer.series.parts)
        for name, offsets in fields
        if not offsets.isdisjoint(word.offsets)
    }


def called(answer: Answer) -> list[str]:
    """Return what each byte, or each number of text, is called: its offset, or the path to it."""
    columns = answer.kind.columns
    return [columns.of(word.at).path if columns else str(word.at) for word in answer.series.parts]


def size_words(answer: Answer) -> str:
    """Return how large answers of a kind are: in bytes, or in numbers."""
    columns = answer.kind.columns
    return f"{len(columns.columns)} numbers" if columns else f"{answer.kind.size} bytes"


def strips(series: Series, rows: int) -> list[tuple[float, list[float]]]:
    """Return (time, how often each byte changed, 0 to 1) for so many equal parts of the capture."""
    count = len(series.payloads)
    if count < 2:
        return []
    columns = columns_of(series)
    rows = min(rows, count - 1)
    found = []
    for row in range(rows):
        first, last = row * (count - 1) // rows, (row + 1) * (count - 1) // rows
        pairs = range(first, max(last, first + 1))
        heat = [sum(column[n] != column[n + 1] for n in pairs) / len(pairs) for column in columns]
        found.append((series.times[first], heat))
    return found


PHASES = {"rest": "rest", "load": "load", "charge": "charge", "charger": "charge"}
LITTLE = 0.02
"""Share of the highest current up to which it is rest."""
AROUND = 8.0
"""Seconds around a typed current for which it holds: nobody said when it began and ended."""


def phases_by_label(series: Series, labels: Sequence[Label]) -> dict[str, list[int]]:
    """Return the payloads at rest, under load and on charge, as the labels say.

    A word holds until the next one. Where there are no words the typed currents tell, each around its moment.
    """
    marks: list[tuple[float, str]] = []
    for label in labels:
        named = [PHASES[event] for event in label.events if event in PHASES]
        if named:
            ended = "off" in label.events or "stop" in label.events
            marks.append((label.at, "rest" if ended else named[0]))
    if len({phase for _, phase in marks}) < 2:
        return _phases_by_typed_current(series, labels)
    found: dict[str, list[int]] = {}
    for index, at in enumerate(series.times):
        before = [phase for when, phase in marks if when <= at]
        if before:
            found.setdefault(before[-1], []).append(index)
    return found


def _phases_by_typed_current(series: Series, labels: Sequence[Label]) -> dict[str, list[int]]:
    """Return the payloads around the moments at which a current was typed, by what it says."""
    typed = [(label.at, seen.value) for label in labels for seen in label.seen if seen.name == "current"]
    around = series.windows([at for at, _ in typed], AROUND) if series.times else {}
    found: dict[str, list[int]] = {}
    for phase, indices in phases_by_current([value for _, value in typed]).items():
        payloads = {one for index in indices for one in around.get(typed[index][0], ())}
        if payloads:
            found[phase] = sorted(payloads)
    return found


def phases_by_current(current: Sequence[float]) -> dict[str, list[int]]:
    """Return the payloads at rest, under load and on charge, as the current (A) says."""
    most = max(map(abs, current), default=0.0)
    found: dict[str, list[int]] = {}
    for index, ampere in enumerate(current):
        phase = "rest" if abs(ampere) <= LITTLE * most else "charge" if ampere > 0 else "load"
        found.setdefault(phase, []).append(index)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A byte that is different in different phases."""

    at: int
    values: Mapping[str, tuple[float, float]]
    """(lowest, highest) in each phase."""
    separate: bool
    """The phases do not even overlap."""


def values_between(answer: Answer, phases: Mapping[str, Sequence[int]]) -> dict[str, dict[str, tuple[float, float]]]:
    """Return (lowest, highest) in each phase of what was found, as far as it is not the same in all of them."""
    found = {}
    for finding in answer.meaning.fields:
        values = [round(value, 6) for value in finding.value.values(answer.series)]
        parts = {name: [values[index] for index in indices] for name, indices in phases.items() if indices}
        spans = {name: (min(part), max(part)) for name, part in parts.items()}
        if len(set(spans.values())) > 1:
            found[finding.value.name] = spans
    return found


def moved_between(series: Series, phases: Mapping[str, Sequence[int]]) -> list[Moved]:
    """Return the bytes whose values differ between the phases, those that tell them apart first."""
    found = []
    for at, column in enumerate(columns_of(series)):
        sets = {name: {column[i] for i in indices} for name, indices in phases.items() if indices}
        if len(sets) < 2 or len(set(map(frozenset, sets.values()))) < 2:
            continue
        together = sum(map(len, sets.values()))
        values = {name: (min(one), max(one)) for name, one in sets.items()}
        found.append(Moved(at=at, values=values, separate=together == len(set().union(*sets.values()))))
    return sorted(found, key=lambda one: (not one.separate, one.at))
