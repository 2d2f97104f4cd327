"""Readings in words: signs become directions, seconds become hours, alarm names become sentences."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmsreader.model.reading import Reading
    from bmsreader.model.rejection import FrameRejected

UNKNOWN = "—"
SWITCHES = {"charge_switch": "charge", "discharge_switch": "discharge", "heater": "heater"}
SETTINGS = {"charge_enabled": "charging is not allowed", "discharge_enabled": "discharging is not allowed"}


def number(value: float | None, unit: str, digits: int = 1) -> str:
    """Return a value with its unit, with so many digits after the point at most; a dash where it is not reported."""
    if value is None:
        return UNKNOWN
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{'0' if text == '-0' else text} {unit}"


def count(number: int, one: str, several: str = "") -> str:
    """Return so many of something as ``1 reading`` or ``2,000 readings``."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def size(count: int) -> str:
    """Return so many bytes as ``49 kB`` or ``1.2 MB``."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"


def fixed(value: float | None, unit: str, digits: int) -> str:
    """Return a value with its unit and always so many digits after the point."""
    return UNKNOWN if value is None else f"{value:.{digits}f} {unit}"


def direction(current: float | None) -> str:
    """Return what a current does to the battery."""
    if current is None:
        return "current unknown"
    return "charging" if current > 0 else "discharging" if current < 0 else "at rest"


def current(reading: "Reading") -> str:
    """Return the current without its sign, and its direction in words."""
    if not reading.current:
        return direction(reading.current)
    return f"{direction(reading.current)} {fixed(abs(reading.current), 'A', 2)}"


def time_span(seconds: float | None) -> str:
    """Return a time span as an owner would say it: 45 s, 12 min, 3 h 20 min, 4 days."""
    if seconds is None:
        return UNKNOWN
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    plural = "s" if days > 1 else ""
    return f"{days} day{plural} {hours} h" if hours else f"{days} day{plural}"


def time_to_go(reading: "Reading") -> str | None:
    """Return when the battery expects to be full or empty; None where it does not say."""
    if reading.time_to_full is not None:
        return f"full in {time_span(reading.time_to_full)}"
    if reading.time_to_empty is not None:
        return f"empty in {time_span(reading.time_to_empty)}"
    return None


def capacity(reading: "Reading") -> str | None:
    """Return what is in the battery of what could be; None where it does not say."""
    if reading.remaining_capacity is None:
        return None
    full = reading.full_charge_capacity or reading.design_capacity
    of = "" if full is None else f" of {number(full, 'Ah')}"
    return f"{number(reading.remaining_capacity, 'Ah')}{of}"


def cells(reading: "Reading") -> str | None:
    """Return lowest and highest cell and the difference."""
    voltages = reading.cell_voltages
    if not voltages:
        return None
    spread = round(1000 * (max(voltages) - min(voltages)))
    return f"{len(voltages)} cells {min(voltages):.3f} to {max(voltages):.3f} V ({spread} mV)"


def wear(reading: "Reading") -> str | None:
    """Return what is left of the capacity on the label, and the cycles that it took."""
    parts = (
        None
        if reading.soh is None or reading.design_capacity is None
        else f"{number(reading.soh, '%')} of {number(reading.design_capacity, 'Ah')} when new",
        None if reading.cycle_count is None else f"{reading.cycle_count} cycles",
    )
    return ", ".join(part for part in parts if part) or None


def switches(reading: "Reading") -> str | None:
    """Return which switches are on or off, and what a setting forbids; None where the battery does not say."""
    states = [(word, getattr(reading, name)) for name, word in SWITCHES.items()]
    parts = [f"{word} {'on' if state else 'off'}" for word, state in states if state is not None]
    parts += [word for name, word in SETTINGS.items() if getattr(reading, name) is False]
    return ", ".join(parts) or None


def all_on(reading: "Reading") -> bool:
    """Return whether nothing is switched off or forbidden; the heater does not count."""
    names = ("charge_switch", "discharge_switch", *SETTINGS)
    return all(getattr(reading, name) is not False for name in names)


def difference(spread: float | None) -> str | None:
    """Return the difference between the highest and the lowest cell."""
    return None if spread is None else f"{1000 * spread:.0f} mV"


def link(signal: int | None, age: float | None, rejected: int) -> str | None:
    """Return how the link is doing; None where there is nothing to say."""
    parts = (
        None if signal is None else f"{signal} dBm",
        None if age is None else "just now" if age < 1.5 else f"{time_span(age)} ago",
        f"{rejected} rejected" if rejected else None,
    )
    return ", ".join(part for part in parts if part) or None


def temperatures(values: "Iterable[float]") -> str:
    """Return temperatures in the order of their sensors."""
    return ", ".join(number(value, "°C") for value in values)


def alarm(name: str) -> str:
    """Return the name of an alarm as words."""
    return name.replace("_", " ")


def alarms(reading: "Reading") -> str | None:
    """Return all alarms in words; None when there is none."""
    return ", ".join(map(alarm, reading.alarms)) or None


def one_line(reading: "Reading") -> str:
    """Return the most important of a reading in one line; what the battery does not report is left out."""
    alarm_words = alarms(reading)
    parts = (
        None if reading.soc is None else number(reading.soc, "%"),
        None if reading.pack_voltage is None else fixed(reading.pack_voltage, "V", 2),
        None if reading.current is None else current(reading),
        capacity(reading),
        time_to_go(reading),
        cells(reading),
        temperatures(reading.temperatures) or None,
        None if reading.cycle_count is None else f"{reading.cycle_count} cycles",
        None if alarm_words is None else f"ALARM: {alarm_words}",
        *(f"note: {note}" for note in reading.notes),
    )
    return " · ".join(part for part in parts if part) or "a valid frame without values"


def rejection(rejected: "FrameRejected") -> str:
    """Return why bytes are no reading, with their beginning."""
    from bmsreader.model.reading import frame_text

    text = frame_text(rejected.frame)
    shown = text if len(text) <= 48 else f"{text[:45]}..."
    return f"rejected: {rejected.reason}" + (f" [{shown}]" if shown else "")


def of(item: "Reading | FrameRejected") -> str:
    """Return a reading or a rejection as one line for people."""
    as_dict = hasattr(item, "as_dict")  # told apart without importing either
    return one_line(cast("Reading", item)) if as_dict else rejection(cast("FrameRejected", item))
