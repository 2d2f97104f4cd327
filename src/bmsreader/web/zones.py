"""When a day begins: time zones of visitors, and that of this computer."""

import os
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bmsreader.model.errors import UsageError

FOLDER = "zoneinfo/"


def zone_of(name: str | None, *, environment_zone: str | None = None, link: Path = Path("/etc/localtime")) -> tzinfo:
    """Return a time zone by its name, or that of this computer; raise UsageError when there is none.

    Where the system has no list of time zones at all, as Windows, it is that of this computer.
    """
    if name is None:
        return _here(os.environ.get("TZ", "") if environment_zone is None else environment_zone, link)
    found = _named(name)
    if found is not None:
        return found
    if _has_none():
        return zone_of(None)
    raise UsageError(f"there is no time zone {name!r}", advice="Such as Europe/Berlin or UTC.")


def name_of(zone: tzinfo) -> str:
    """Return what a time zone is called."""
    return str(zone)


@cache
def _has_none() -> bool:
    return not available_timezones()


def _named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _here(environment_zone: str, link: Path) -> tzinfo:
    """Return the zone of this computer; where it has no name, as it is now: without the change of clocks."""
    name = environment_zone.removeprefix(":")
    if not name:
        try:
            name = str(link.resolve()).rpartition(FOLDER)[2]
        except OSError:
            name = ""
    zone = _named(name) if name else None
    now = datetime.now().astimezone().tzinfo
    assert now is not None  # noqa: S101 - astimezone sets it
    return zone or now
