"""What to type next: the values, and the moments at which they were shown, that would decide most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bmsreader.lab.analysis import Analysis, Answer, sensor_groups
from bmsreader.lab.evidence import SURE
from bmsreader.lab.meaning.degrees import Shown

NAMES = ("pack_voltage", "current", "soc", "temperatures")
"""What every app shows, and what is asked for."""
DIGIT = {"pack_voltage": 0.1, "current": 0.1, "soc": 1.0, "temperatures": 1.0}
"""How much each must be away from what was typed, in its unit, to say something new."""

SPOKEN = {"pack_voltage": "voltage", "soc": "percent"}
"""Values by the names that owners use."""
NOTHING = -1.0
"""Bits of sensors of which one that was typed is not found: that is asked for first."""
MOST = 0.75
"""Share of the most bytes that are different, from which on a moment is as good as any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something to type: a value that the app showed, and when."""

    at: float
    """s since the capture began."""
    name: str = ""
    """Which value; empty for all that the app shows."""
    bits: float = 0.0
    """What is known of it so far."""
    free: bool = False
    """Whether another moment will do as well: nobody said when the app was looked at."""

    def words(self, started: datetime | None = None) -> str:
        """Return what to do, with the time of day of whoever reads it where ``started``, UTC, is known."""
        clock = f" ({(started + timedelta(seconds=self.at)).astimezone():%H:%M:%S})" if started else ""
        if not self.name:
            other = ", or at another moment with a load or a charger on" if self.free else ""
            return f"type all that the app showed at {self.at:.0f} s{clock}{other}: each temperature too"
        what = "one temperature" if self.name == "temperatures" else f"the {SPOKEN.get(self.name, self.name)}"
        return f"type {what} that the app showed at {self.at:.0f} s{clock}"


def wishes(analysis: Analysis) -> list[Wish]:
    """Return what to type next, what would decide most first; empty where nothing that can be typed is open.

    Where moments are labelled, at which that value was not typed yet, only these are asked for: the owner may have kept
    a picture of the app. ``rest`` is enough of a label.
    """
    typed = {seen.name for label in analysis.labels for seen in label.seen}
    if typed.isdisjoint(NAMES):
        at = _liveliest(analysis)
        return [] if at is None else [Wish(at=at, free=not analysis.labels)]
    return sorted(_open(analysis, typed), key=lambda wish: wish.bits)


def _liveliest(analysis: Analysis) -> float | None:
    """Return the moment at which the most bytes are different from what they were at first."""
    moments = [label.at for label in analysis.labels]
    differ: dict[float, int] = {}
    for answer in analysis.answers:
        series = answer.series
        for at in moments or series.times:
            index = series.near(at, 0.0).start
            pairs = zip(series.payloads[0], series.payloads[index][: series.size], strict=False)
            differ[at] = differ.get(at, 0) + sum(one != other for one, other in pairs)
    most = max(differ.values(), default=0)
    return max((at for at in differ if differ[at] >= MOST * most), default=None)  # the warmer, the later


def _open(analysis: Analysis, typed: set[str]) -> Iterator[Wish]:
    """Yield what was typed, but is not sure."""
    cells = analysis.best.get("cell_voltages")
    for name in NAMES:
        known = analysis.best.get(name)
        summed = name == "pack_voltage" and known is None and cells is not None and cells[1].sure
        bits = known[1].bits if known else 0.0
        bits = min(bits, NOTHING) if name == "temperatures" and not _all_shown(analysis) else bits
        if name in typed and bits < SURE and not summed:
            yield Wish(at=_telling(analysis, name), name=name, bits=bits)


def _all_shown(analysis: Analysis) -> bool:
    """Return whether each temperature that was typed is shown by some sensor."""
    typed = {(label.at, seen.value) for label in analysis.labels for seen in label.seen if seen.name == "temperatures"}
    return typed <= {one for answer, _ in sensor_groups(analysis) for one in _shown(answer)}


def _shown(answer: Answer) -> frozenset[Shown]:
    return frozenset[Shown]().union(*answer.meaning.shown.values())


def _telling(analysis: Analysis, name: str) -> float:
    """Return the moment at which a value is furthest from all that was typed of it, or the moment is."""
    told = [label.at for label in analysis.labels if any(seen.name == name for seen in label.seen)]
    moments = [label.at for label in analysis.labels if label.at not in told]
    answer, finding = analysis.best.get(name, (analysis.answers[0], None))
    values = finding.value.values(answer.series) if finding else (0.0,) * len(answer.series.times)

    def value(at: float) -> float:
        return values[answer.series.near(at, 0.0).start]

    def news(at: float) -> tuple[float, float]:
        steps = round(min(abs(value(at) - value(one)) for one in told) / DIGIT[name])
        return steps, min(abs(at - one) for one in told)

    return max(moments or answer.series.times, key=news)
