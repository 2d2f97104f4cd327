"""`bmsreader history`: look at the past, hand it to other programs, and take care of the file."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bmsreader.cli import options
from bmsreader.cli.choosing import chosen, moment, place, reader, store, stretch
from bmsreader.model.errors import StoreError, UsageError

if TYPE_CHECKING:
    from bmsreader.cli.terminal import Terminal
    from bmsreader.model.battery import BatteryInfo
    from bmsreader.model.reading import Reading
    from bmsreader.store import History, Reader
    from bmsreader.store.export import Rows

POINTS = 200
SHOWN = ("soc", "pack_voltage", "current", "power", "cell_spread", "temperature_1")
"""Fields that are shown when nobody asks for others."""

battery = click.option("--battery", metavar="BATTERY", help="Only this battery, by name or id. [default: all]")
begin = click.option("--from", "begin", metavar="TIME", help="From when on: 2h, 3d, or a time like 2026-03-01T18:00.")
end = click.option("--to", "end", metavar="TIME", help="Until when, in the same way. [default: now]")


@click.group()
def command() -> None:
    """Look at the history that the gateway keeps, export it, and take care of its file.

    All of these work while the gateway runs, and do not hold it up.

    \b
    bmsreader history show --from 7d
    bmsreader history export --from 30d --format csv --output march.csv
    """


@command.command()
@battery
@click.option("--from", "begin", metavar="TIME", default="24h", show_default=True, help="From when on; see export.")
@end
@click.option("--field", "names", multiple=True, metavar="FIELD", help="Such as soc or cell_3; may be repeated.")
@click.option(
    "--points",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help=f"At most so many points. [default: as many as the terminal has room for; {POINTS} with --json]",
)
@store
@options.as_json
def show(
    battery: str | None,
    begin: str,
    end: str | None,
    names: Sequence[str],
    points: int | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Draw the past in the terminal: lowest, mean, highest and last value, and a curve with gaps as gaps.

    \b
    bmsreader history show
    bmsreader history show --battery house --from 7d --field soc
    bmsreader history show --from 2026-01-01 --field energy_in --field energy_out --json
    """
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json)
    now = datetime.now(UTC)
    start, until = moment(begin, now), now if end is None else moment(end, now)
    with reader(store) as past:
        for info in chosen(past, battery):
            wanted = names or [name for name in SHOWN if name in past.fields(info.id)] or SHOWN
            history = past.history(info.id, wanted, start, until, points or room(terminal))
            if as_json:
                for item in as_objects(history):
                    terminal.json(item)
            else:
                draw(terminal, info, history)


@command.command()
@battery
@begin
@end
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "jsonl", "parquet"]),
    help="[default: by the ending of --output, else csv]",
)
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="[default: standard output]"
)
@click.option("--overwrite", is_flag=True, help="Replace the output file if it exists.")
@click.option(
    "--round",
    "grid",
    type=click.FloatRange(min=0.001),
    metavar="SECONDS",
    help="Round times to this grid, such as the time from reading to reading: databases then need less room.",
)
@store
@options.quiet
@options.as_json
def export(
    battery: str | None,
    begin: str | None,
    end: str | None,
    kind: str | None,
    output: Path | None,
    overwrite: bool,
    grid: float | None,
    store: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write single readings for other programs: CSV, JSON Lines or Parquet.

    Each reading is a row with all that the battery reported, cells as cell_1, cell_2 and so on. With --json and no
    --output, JSON Lines go to standard output; with --output, a summary does. TIME is 30min, 2h, 3d (so long ago) or
    a date with or without a time, local unless it says otherwise.

    \b
    bmsreader history export --from 7d --output week.csv
    bmsreader history export --battery house --from 2026-03-01 --to 2026-04-01 --format parquet --output march.parquet
    bmsreader history export --from 1h --format jsonl | jq .soc
    """
    from bmsreader.cli.progress import progress_bar
    from bmsreader.cli.terminal import Terminal
    from bmsreader.store.export import rounded, write_all

    terminal = Terminal(as_json=as_json, quiet=quiet)
    kind = kind_of(kind, output, as_json=as_json)
    if output is not None and output.exists() and not overwrite:
        raise UsageError(f"{output} exists already", advice="Choose another name, or give --overwrite.")
    with reader(store) as past:
        infos = chosen(past, battery)
        start, until = stretch(past, infos, begin, end)
        readings = (reading for info in infos for reading in past.readings(info.id, start, until))
        with progress_bar(terminal, "exporting") as tell, destination(kind, output, past, infos) as rows:
            counted = told(readings, infos, start, until, tell)
            count = write_all(rounded(counted, grid), rows)
    if output is not None:
        if as_json:
            terminal.json({"file": str(output), "format": kind, "readings": count})
        else:
            terminal.remark(f"{output}: {count:,} readings.")
    if count == 0:
        terminal.remark(
            "There are no single readings in this time: `bmsreader history show` also knows their summaries."
        )


@command.command()
@click.option("--older-than", "days", type=click.FloatRange(min=0), required=True, metavar="DAYS", help="Required.")
@store
@options.quiet
@options.as_json
def prune(days: float, store: Path | None, quiet: bool, as_json: bool) -> None:
    """Delete single readings that are older than so many DAYS; their 15-minute and daily summaries stay.

    Readings go in segments of 3,600, when all of a segment is that old. To have this done always, set keep_days or
    keep_megabytes in the table [store] of the configuration.

    \b
    bmsreader history prune --older-than 365
    """
    from bmsreader.cli import words
    from bmsreader.cli.progress import progress_bar
    from bmsreader.cli.terminal import Terminal
    from bmsreader.store.database import size
    from bmsreader.store.pruning import prune

    terminal = Terminal(as_json=as_json, quiet=quiet)
    path = place(store)
    before = size(path)
    with progress_bar(terminal, "deleting") as tell:
        gone = prune(path, datetime.now(UTC) - timedelta(days=days), tell)
    after = size(path)
    if as_json:
        terminal.json({"file": str(path), "deleted": gone, "size_before": before, "size": after})
    else:
        terminal.line(
            f"{path}: {words.count(gone, 'reading')} deleted, {words.size(before)} before, {words.size(after)} now."
        )


@command.command()
@store
@options.quiet
@options.as_json
def check(store: Path | None, quiet: bool, as_json: bool) -> None:
    """Unpack everything in the history and compare it with its checksums; the exit code is 6 if anything is damaged.

    \b
    bmsreader history check
    """
    from bmsreader.cli import words
    from bmsreader.cli.progress import progress_bar
    from bmsreader.cli.terminal import Terminal
    from bmsreader.store.checking import check

    terminal = Terminal(as_json=as_json, quiet=quiet)
    path = place(store)
    with progress_bar(terminal, "checking") as tell:
        checked = check(path, tell)
    if as_json:
        terminal.json(
            {
                "file": str(path),
                "ok": checked.ok,
                "size": checked.size,
                "batteries": checked.batteries,
                "segments": checked.segments,
                "readings": checked.readings,
                "problems": checked.problems,
            }
        )
    else:
        readings, segments = words.count(checked.readings, "reading"), words.count(checked.segments, "segment")
        batteries = words.count(checked.batteries, "battery", "batteries")
        verdict = "all sound" if checked.ok else "NOT sound"
        terminal.line(f"{path}: {readings} of {batteries} in {segments}, {words.size(checked.size)}, {verdict}.")
        for problem in checked.problems:
            terminal.line(f"  {problem}")
    if not checked.ok:
        raise StoreError(
            f"{path} is damaged in {words.count(len(checked.problems), 'place')}",
            advice="All the rest can be read: `bmsreader history export` saves it. Or restore a backup.",
        )


# ---- export


def kind_of(kind: str | None, output: Path | None, *, as_json: bool) -> str:
    """Return the format: the one that is named, or the one that the name of the file tells."""
    if kind is None:
        ending = "" if output is None else output.suffix.lstrip(".")
        kind = {"parquet": "parquet", "jsonl": "jsonl", "ndjson": "jsonl"}.get(ending, "csv")
    if output is None and as_json:
        kind = "jsonl"
    if kind == "parquet" and output is None:
        raise UsageError("a Parquet file is no text", advice="Name a file: --output march.parquet.")
    return kind


@contextmanager
def destination(kind: str, output: Path | None, past: "Reader", infos: "Sequence[BatteryInfo]") -> "Iterator[Rows]":
    """Open what is written to; a file appears under its name only when it is complete."""
    from bmsreader.store.export import Csv, Lines, Parquet, Table

    part = None if output is None else output.with_name(f"{output.name}.part")
    table = Table(cells=largest(past, infos, "cell_"), sensors=largest(past, infos, "temperature_"))
    try:
        if kind == "parquet" and part is not None:
            yield Parquet(part, table)
        else:
            with text_file(part) as file:
                yield Lines(file) if kind == "jsonl" else Csv(file, table)
        if part is not None and output is not None:
            part.replace(output)
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


@contextmanager
def text_file(path: Path | None) -> Iterator[TextIO]:
    """Open a file, or give standard output."""
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        yield file


def largest(past: "Reader", infos: "Sequence[BatteryInfo]", prefix: str) -> int:
    """Return how many cells or sensors the batteries have at most."""
    names = [name for info in infos for name in past.fields(info.id) if name.startswith(prefix)]
    return max((int(name[len(prefix) :]) for name in names if name[len(prefix) :].isdecimal()), default=0)


def told(
    readings: "Iterator[Reading]", infos: "Sequence[BatteryInfo]", start: datetime, until: datetime, tell: Any
) -> "Iterator[Reading]":
    """Yield the readings, and tell how far in time they are."""
    each = (until - start).total_seconds()
    places = {info.id: number * each for number, info in enumerate(infos)}
    for number, reading in enumerate(readings):
        if number % 1000 == 0:
            tell(places[reading.battery] + (reading.taken_at - start).total_seconds(), each * len(infos))
        yield reading


# ---- show


def room(terminal: "Terminal") -> int:
    """Return how many points there is room for."""
    from bmsreader.cli.chart import room_in

    return POINTS if terminal.as_json else room_in(terminal.out.width)


def draw(terminal: "Terminal", info: "BatteryInfo", history: "History") -> None:
    """Draw the past of one battery."""
    from rich.text import Text

    from bmsreader.cli import words
    from bmsreader.cli.chart import chart

    console = terminal.out
    local = [f"{moment.astimezone():%Y-%m-%d %H:%M}" for moment in (history.start, history.end)]
    terminal.show(Text(f"{info.name}  {local[0]} to {local[1]}", style="bold"))
    if not history.stamps:
        terminal.show(Text("No readings in this time.\n", style="yellow"))
        return
    terminal.show(chart(history, console.width, ascii_only=console.options.ascii_only))
    for gap in history.gaps[-5:]:
        length = words.time_span(gap.duration.total_seconds())
        terminal.show(
            Text(f"nothing was read from {gap.start.astimezone():%Y-%m-%d %H:%M} on for {length}", style="dim")
        )
    terminal.show(Text(""))


def as_objects(history: "History") -> Iterator[dict[str, Any]]:
    """Yield the points and the gaps of one battery as JSON objects."""

    def iso(moment: datetime) -> str:
        return moment.isoformat().replace("+00:00", "Z")

    for number, time in enumerate(history.times):
        point: dict[str, Any] = {"battery": history.battery, "at": iso(time)}
        for name, series in history.series.items():
            point[name] = {key: getattr(series, key)[number] for key in ("min", "mean", "max", "last", "count")}
        yield point
    for gap in history.gaps:
        seconds = gap.duration.total_seconds()
        yield {"battery": history.battery, "gap": {"from": iso(gap.start), "to": iso(gap.end), "seconds": seconds}}
