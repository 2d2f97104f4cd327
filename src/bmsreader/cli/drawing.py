"""A reading as rows of a table for people: labels on the left, calm values on the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bmsreader.cli import words
from bmsreader.model.reading import DEAD_CELL, WARNINGS, Reading

LOW, VERY_LOW = 30.0, 15.0
"""State of charge, %, below which the bar changes its colour."""
BAR, CELL_BAR = 20, 8
"""Characters."""
LEAST_RANGE = 0.05
"""V that a full cell bar stands for at least, so that a difference of some millivolts looks as small as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How a reading came here."""

    name: str | None = None
    signal: int | None = None
    """dBm."""
    age: float | None = None
    """s since the reading; None for one that has no age, such as a replayed one."""
    rejected: int = 0
    """Frames that were not believed so far."""
    problem: str = ""
    """What is wrong with the link now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The characters of bars; ASCII where the terminal has no others."""

    full: str = "━"
    rest: str = "─"

    @classmethod
    def of(cls, console: Console) -> "Ink":
        """Return what this console can show."""
        return cls(full="#", rest=".") if console.options.ascii_only else cls()

    def bar(self, part: float, length: int, style: str) -> Text:
        """Return a bar of which a part from 0 to 1 is filled."""
        filled = round(min(max(part, 0.0), 1.0) * length)
        return Text.assemble((self.full * filled, style), (self.rest * (length - filled), "dim"))


def panel(reading: Reading, heard: Heard, ink: Ink) -> Panel:
    """Return one reading as a panel."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, value in rows(reading, heard, ink):
        grid.add_row(label, value)
    title = f"{heard.name}  {reading.battery}" if heard.name else reading.battery
    when = reading.taken_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    footer = f"{reading.protocol}/{reading.variant} · {when}"
    return Panel(
        grid,
        title=Text(title, style="bold"),
        title_align="left",
        subtitle=Text(footer, style="dim"),
        subtitle_align="right",
        border_style="red" if reading.alarms else "green" if (reading.current or 0) > 0 else "",
        expand=False,
        padding=(1, 2),
    )


def rows(reading: Reading, heard: Heard, ink: Ink) -> Iterator[tuple[str, RenderableType]]:
    """Yield label and value of everything that the battery reports."""
    everything: tuple[tuple[str, RenderableType | None], ...] = (
        ("State of charge", None if reading.soc is None else state_of_charge(reading.soc, ink)),
        ("Voltage", None if reading.pack_voltage is None else words.fixed(reading.pack_voltage, "V", 2)),
        ("Current", None if reading.current is None else words.current(reading)),
        ("Power", None if reading.power is None else words.fixed(abs(reading.power), "W", 0)),
        ("Charge", words.capacity(reading)),
        ("Time to go", words.time_to_go(reading)),
        ("Wear", words.wear(reading)),
        ("Cells", cells(reading.cell_voltages, ink) if reading.cell_voltages else None),
        ("Difference", words.difference(reading.cell_spread)),
        ("Temperature", words.temperatures(reading.temperatures) or None),
        ("Switches", switches(reading)),
        ("Alarms", alarms(reading)),
        ("Note", Text("\n".join(reading.notes), style="yellow") if reading.notes else None),
        ("Link", words.link(heard.signal, heard.age, heard.rejected)),
        ("Problem", Text(heard.problem, style="yellow") if heard.problem else None),
    )
    for label, value in everything:
        if value is not None:
            yield label, value


def state_of_charge(soc: float, ink: Ink) -> Text:
    """Return the state of charge as a bar and a number."""
    style = "red" if soc < VERY_LOW else "yellow" if soc < LOW else "green"
    return Text.assemble(ink.bar(soc / 100, BAR, style), " ", (words.number(soc, "%"), "bold"))


def cells(voltages: tuple[float, ...], ink: Ink) -> Text:
    """Return each cell with a bar that shows the difference to the highest; lowest and highest are marked."""
    highest = max(voltages)
    living = [volts for volts in voltages if volts > 0]
    lowest = min(living, default=0.0)
    bottom = highest - max(LEAST_RANGE, 1.25 * (highest - lowest))
    lines = []
    for number, volts in enumerate(voltages, 1):
        mark = ""
        if volts == 0:
            mark = "dead"
        elif highest > lowest and volts in (lowest, highest):
            mark = "highest" if volts == highest else "lowest"
        bar = ink.bar((volts - bottom) / (highest - bottom), CELL_BAR, "cyan")
        style = "bold red" if volts == 0 else "dim"
        lines.append(Text.assemble(f"{number:>2}  {volts:.3f} V ", bar, "  ", (mark, style)))
    return Text("\n").join(lines)


def switches(reading: Reading) -> Text | None:
    """Return the switches; what is off stands out."""
    text = words.switches(reading)
    return None if text is None else Text(text, style="" if words.all_on(reading) else "yellow")


def alarms(reading: Reading) -> Text:
    """Return all alarms in words: protections red, warnings yellow."""
    if not reading.alarms:
        return Text("none", style="green")
    return Text("\n").join(
        Text(words.alarm(name), style="bold red" if name not in WARNINGS or name == DEAD_CELL else "yellow")
        for name in reading.alarms
    )


def side_by_side(batteries: Sequence[tuple[Reading | None, str, Heard]], ink: Ink, width: int) -> RenderableType:
    """Return several batteries as the columns of one table; more than fit stand below each other."""
    at_once = max(1, (width - 16) // 34)
    groups = [batteries[start : start + at_once] for start in range(0, len(batteries), at_once)]
    return Group(*(_columns(group, ink) for group in groups))


def _columns(batteries: Sequence[tuple[Reading | None, str, Heard]], ink: Ink) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), title_justify="left")
    table.add_column("", style="dim", no_wrap=True)
    values: list[dict[str, RenderableType]] = []
    for reading, address, heard in batteries:
        title = heard.name or address
        table.add_column(Text(title, style="bold"), min_width=28)
        if reading is None:
            values.append({"Link": Text(heard.problem or "connecting", style="yellow" if heard.problem else "dim")})
        else:
            values.append(dict(rows(reading, heard, ink)))
    for label in _in_order(values):
        table.add_row(label, *(value.get(label, "") for value in values))
    return table


def _in_order(values: list[dict[str, RenderableType]]) -> list[str]:
    """Return all labels in the order of the battery that has most of them."""
    ordered = sorted(values, key=len, reverse=True)
    return list(dict.fromkeys(label for value in ordered for label in value))
