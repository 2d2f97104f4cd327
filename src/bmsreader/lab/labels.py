"""What the owner saw in the vendor's app, and when: the truth that the bytes are compared with.

A label is written as the owner would say it: ``75: 12.9V -3.2A 85% 21C load on``. The time is seconds since the
capture began, ``1:15`` or ``1:02:15``, or ``14:03:20Z`` when the capture knows its own date.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from unicodedata import normalize

from bmsreader.captures.plaintext import encoding_of
from bmsreader.captures.zipped import member_of
from bmsreader.model.errors import CaptureError, UsageError

SUFFIX = ".labels"
"""The labels of ``night.log`` lie beside it in ``night.log.labels``."""
LARGEST = 1 << 20
"""Bytes of labels that are read from a zip."""

NAMES = {
    "voltage": "pack_voltage",
    "pack_voltage": "pack_voltage",
    "current": "current",
    "soc": "soc",
    "temperature": "temperatures",
    "temperatures": "temperatures",
    "temp": "temperatures",
    "remaining": "remaining_capacity",
    "remaining_capacity": "remaining_capacity",
    "full": "full_charge_capacity",
    "full_charge_capacity": "full_charge_capacity",
    "design": "design_capacity",
    "design_capacity": "design_capacity",
    "cycles": "cycle_count",
    "cycle_count": "cycle_count",
    "health": "health",
    "soh": "health",
    "min": "lowest_cell",
    "lowest": "lowest_cell",
    "max": "highest_cell",
    "highest": "highest_cell",
}
"""Names in front of ``=``, and the value of a reading that each means. ``cell1`` to ``cell99`` are cells."""

PLACES = {
    "mosfet": "mosfet",
    "mos": "mosfet",
    "fet": "mosfet",
    "ambient": "ambient",
    "environment": "ambient",
    "env": "ambient",
    "air": "ambient",
}
"""Names of temperatures that say where the sensor is. ``T1`` to ``T99`` are numbered sensors."""

UNITS = {
    "v": ("pack_voltage", "cell", "lowest_cell", "highest_cell"),
    "mv": ("cell", "pack_voltage", "lowest_cell", "highest_cell"),
    "a": ("current",),
    "ma": ("current",),
    "%": ("soc", "health"),
    **dict.fromkeys(("c", "°c", "f", "°f"), ("temperatures",)),
    "ah": ("remaining_capacity", "full_charge_capacity", "design_capacity"),
    **dict.fromkeys(("cycles", "cycle"), ("cycle_count",)),
}
"""Units, in whatever case they are typed, and what they may be the unit of: the first where no name is given."""
EVENTS = ("rest", "load", "charge", "charger", "on", "off", "start", "stop")
"""Words that say what happened; they tell rest, load and charge apart."""

_NUMBER = r"[+\-\u2212]?\d+(?:[.,]\d+)?"
_VALUE = re.compile(rf"(?:(?P<name>[A-Za-z_]+\d*)=)?(?P<number>{_NUMBER})(?P<unit>[A-Za-z%°]*)")
_APART = re.compile(rf"(?<=\d)\s+(?=(?:{'|'.join(UNITS)})(?:[\s,;]|$))", re.IGNORECASE)
"""What stands between a number and its unit where somebody types ``12.9 V``."""
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,9}(?:\.\d+)?)s?")
_ZONE = r"(?:Z|[+-]\d{1,2}(?::?\d\d)?)"
_CLOCK = re.compile(rf"(\d{{1,2}}):(\d{{2}}):(\d{{2}}(?:\.\d+)?)({_ZONE})")
_LABEL = re.compile(
    rf"\s*(?P<time>\d{{1,2}}:\d\d:\d\d(?:\.\d+)?{_ZONE}|" + r"\d[\d:.]*?s?)(?:\s*:\s*|\s+)"
    r"(?P<rest>(?=[^\s:]*[A-Za-z%][^\s:]*(?:\s|$))\S.*)"
)
_TIMED = re.compile(r"\s*\d[\d:.]*s?(?:Z|[+-][\d:]+)?(?:\s|:|$)")
_CELL, _SENSOR = re.compile(r"cell([1-9]\d?)"), re.compile(r"(?:t|temp|temperature)_?([1-9]\d?)")
CELLS = ("cell", "lowest_cell", "highest_cell")
"""What is said of cells: of one, and of the one with the lowest or the highest voltage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One number that the owner read off."""

    name: str
    """The value of a reading that it is, or ``cell``: some cell, nobody says which; or one of ``CELLS``."""
    value: float
    """In the unit of a reading: V, A, %, Ah, degrees Celsius."""
    step: float
    """The last digit that was shown: 0.1 for 12.9."""
    index: int | None = None
    """Which cell, or which numbered sensor, from 0; None where that is not said."""
    place: str = ""
    """Where the sensor of a temperature is: ``mosfet``, ``ambient``, or not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What was seen at one moment."""

    at: float
    """s since the capture began."""
    seen: tuple[Seen, ...] = ()
    events: tuple[str, ...] = ()
    """What happened: ``load on``, ``charge`` ..."""

    def line(self) -> str:
        """Return the label as it stands in a file of labels."""
        words = [_spoken(one) for one in self.seen]
        at = f"{self.at:.3f}".rstrip("0").rstrip(".")
        return f"{at}: {' '.join([*words, *self.events])}"


def _spoken(seen: Seen) -> str:
    digits = max(0, len(f"{seen.step:.6f}".rstrip("0").partition(".")[2]))
    number = "" if seen.index is None else seen.index + 1
    if seen.name in CELLS:
        return f"{seen.name.partition('_')[0]}{number}={seen.value:.{digits}f}V"
    if seen.place or number:
        return f"{seen.place or 'T'}{number}={seen.value:.{digits}f}"
    return f"{seen.name}={seen.value:.{digits}f}"


def parse_label(text: str, *, started: datetime | None = None) -> Label:
    """Return the label in a text; raise UsageError that says which word is not understood.

    ``started`` is when the capture began, UTC; it is needed for times of day only.
    """
    match = _LABEL.fullmatch(_APART.sub("", normalize("NFKC", text)))
    if not match:
        lacks = "says nothing that is understood" if _TIMED.match(text) else "has no time"
        raise UsageError(f"label {text!r} {lacks}", advice=_ADVICE)
    seen: list[Seen] = []
    events: list[str] = []
    for word in match["rest"].replace(";", " ").split():
        if word.lower().strip(",") in EVENTS:
            events.append(word.lower().strip(","))
        else:
            seen.append(_seen(word.rstrip(",;"), text))
    return Label(at=seconds(match["time"], started=started), seen=tuple(seen), events=tuple(events))


_ADVICE = (
    'Write it like "75: 12.9V -3.2A 85% 21C remaining=170Ah full=200Ah cycles=12 cell1=3.257V T1=21C load on"; '
    "75 are seconds since the capture began, 1:15 is the same."
)


def seconds(text: str, *, started: datetime | None = None) -> float:
    """Return a time as seconds since the capture began; raise UsageError when it is none."""
    if clock := _CLOCK.fullmatch(text):
        if started is None:
            raise UsageError(f"{text} is a time of day, but this capture does not say when it began", advice=_ADVICE)
        began = started.hour * 3600 + started.minute * 60 + started.second + started.microsecond / 1e6
        of_day = int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3])
        return (of_day - _east(clock[4]) - began) % 86400
    match = _TIME.fullmatch(text)
    if not match:
        raise UsageError(f"{text!r} is no time", advice=_ADVICE)
    return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])


def _east(zone: str) -> float:
    """Return by how many seconds the clocks of a zone, such as ``+02:00``, are ahead of UTC."""
    if zone == "Z":
        return 0.0
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return (-1.0 if zone[0] == "-" else 1.0) * (int(hours) * 3600 + int(minutes) * 60)


def _seen(word: str, text: str) -> Seen:
    match = _VALUE.fullmatch(word)
    if not match:
        raise UsageError(f"label {text!r}: {word!r} is not understood", advice=_ADVICE)
    number = match["number"].replace(",", ".").replace("\u2212", "-")
    value, step = float(number), 10.0 ** -len(number.partition(".")[2])
    name, unit = (match["name"] or "").lower(), match["unit"].lower()
    meant, index, place = _meant(name, unit)
    if not meant or (unit and meant not in UNITS.get(unit, ())):
        raise UsageError(f"label {text!r}: {word!r} is not understood", advice=_ADVICE)
    if unit in ("mv", "ma"):
        value, step = value / 1000, step / 1000
    if unit in ("f", "°f"):
        value, step = (value - 32) / 1.8, step / 1.8
    return Seen(name=meant, value=value, step=step, index=index, place=place)


def _meant(name: str, unit: str) -> tuple[str, int | None, str]:
    """Return the value that a name means, or else a unit, which cell or sensor it is, and where the sensor is."""
    cell, sensor = _CELL.fullmatch(name), _SENSOR.fullmatch(name)
    if cell or name == "cell":
        return "cell", int(cell[1]) - 1 if cell else None, ""
    if sensor or name in PLACES:
        return "temperatures", int(sensor[1]) - 1 if sensor else None, PLACES.get(name, "")
    return NAMES.get(name, "") if name else UNITS.get(unit, ("",))[0], None, ""


def beside(capture: Path) -> Path:
    """Return where the labels of a capture are kept."""
    return capture.with_name(capture.name + SUFFIX)


def read_labels(capture: Path, *, started: datetime | None = None) -> tuple[Label, ...]:
    """Return the labels that lie beside a capture, or with it in a zip, in the order of time.

    Raise CaptureError for a damaged file.
    """
    path = beside(capture)
    try:
        data = path.read_bytes() if path.exists() else member_of(capture, SUFFIX, most=LARGEST)
        text = data.decode(encoding_of(data) or "utf-8")
    except OSError as error:
        raise CaptureError(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CaptureError(f"{path.name}: is no text in UTF-8", advice="Save it as UTF-8.") from error
    labels = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                labels.append(parse_label(line, started=started))
            except UsageError as error:
                raise CaptureError(f"{path.name}:{number}: {error}", advice=error.advice) from error
    return in_order(labels)


def write_labels(capture: Path, labels: Sequence[Label]) -> Path:
    """Keep labels beside a capture and return the file; raise CaptureError when it cannot be written."""
    path = beside(capture)
    head = f"# What the vendor's app showed during {capture.name}; seconds since the capture began.\n"
    try:
        path.write_text(head + "".join(label.line() + "\n" for label in in_order(labels)), encoding="utf-8")
    except OSError as error:
        raise CaptureError(f"{path.name}: cannot be written: {error.strerror}") from error
    return path


def corrected(kept: Iterable[Label], added: Sequence[Label]) -> tuple[Label, ...]:
    """Return old and new labels; what was typed again for the same moment is no longer what it was before.

    Temperatures and cells of which nobody says which one they are stay beside each other.
    """
    again = {(label.at, *which) for label in added for one in label.seen if (which := _which(one))}
    left = [replace(one, seen=tuple(s for s in one.seen if (one.at, *_which(s)) not in again)) for one in kept]
    return in_order(dict.fromkeys([*(one for one in left if one.seen or one.events), *added]))


def _which(seen: Seen) -> tuple[object, ...]:
    """Return which of a battery's values was seen; nothing where there are several and nobody says which one it is."""
    several = seen.name in ("cell", "temperatures") and seen.index is None and not seen.place
    return () if several else (seen.name, seen.index, seen.place)


def in_order(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Return labels in the order of time."""
    return tuple(sorted(labels, key=lambda label: label.at))
