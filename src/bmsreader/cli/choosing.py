"""Which history is meant, which of its batteries, and which time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.model.errors import UsageError

if TYPE_CHECKING:
    from bmsreader.model.battery import BatteryInfo
    from bmsreader.store import Reader

store = click.option(
    "--store",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="History to use. [default: the one that a gateway started here would write]",
)


def place(path: Path | None) -> Path:
    """Return the history that is meant; raise StoreError where there is none."""
    from bmsreader.cli.running import configuration
    from bmsreader.store import default_store

    found = None if path is not None else configuration()
    return path or (None if found is None else found.store.path) or default_store()


@contextmanager
def reader(path: Path | None) -> "Iterator[Reader]":
    """Open the history that is meant."""
    from bmsreader.store import Reader

    with Reader(place(path)) as past:
        yield past


def chosen(past: "Reader", wanted: str | None) -> "list[BatteryInfo]":
    """Return the batteries that are meant; raise UsageError when there is none of that name."""
    infos = past.infos()
    if wanted is None:
        return infos
    found = [one for one in infos if wanted.casefold() in names_of(one)]
    found = found or [one for one in infos if one.name.casefold().startswith(wanted.casefold())]
    if len(found) != 1:
        listed = ", ".join(info.slug for info in infos) or "none"
        raise UsageError(
            f"the history has {'no' if not found else 'more than one'} battery {wanted}", advice=f"There are: {listed}."
        )
    return found


def names_of(info: "BatteryInfo") -> set[str]:
    """Return by what an owner may call a battery."""
    return {info.slug, info.name.casefold(), info.id.casefold(), (info.address or info.id).casefold()}


def moment(text: str, now: datetime) -> datetime:
    """Return the time that the owner means; raise UsageError where it is none."""
    from bmsreader.cli import events

    try:
        return events.moment(text, now)
    except UsageError:
        raise UsageError(
            f"{text!r} is no time", advice="Write 30min, 2h, 3d, or a time such as 2026-03-01T18:00."
        ) from None


def stretch(
    past: "Reader", infos: "Sequence[BatteryInfo]", begin: str | None, end: str | None
) -> tuple[datetime, datetime]:
    """Return the time that is meant: without a begin, from the first reading on."""
    now = datetime.now(UTC)
    spans = [span for span in (past.span(info.id) for info in infos) if span is not None]
    first = min((span[0] for span in spans), default=now - timedelta(days=1))
    last = max((span[1] for span in spans), default=now) + timedelta(milliseconds=1)
    start = first if begin is None else moment(begin, now)
    until = max(now, last) if end is None else moment(end, now)
    if until <= start:
        raise UsageError("--to is before --from")
    return start, until
