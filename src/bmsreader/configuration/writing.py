"""Write settings as TOML: the example with every setting, and the configuration as it is in effect."""

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bmsreader.configuration.about import Row, Section
from bmsreader.configuration.settings import SECTIONS, Configuration

HIDDEN = "***"
HARMLESS = frozenset({"db", "bucket", "org", "precision", "rp", "consistency"})
"""Names in the query of a URL whose values are no secrets."""
WIDTH = 100

HEAD = """\
Settings of bmsreader. Every setting is here, with its meaning.

Nothing has to be set: without any change, all supported batteries in range are read every 10 seconds
and their history is kept. A line that begins with # and a blank explains. A line that begins with #
and no blank is a setting with its default, or with an example: take the # away to set it, and that of
the [table] above it.

Try a changed file: bmsreader config check
Use it:             systemctl reload bmsreader, or bmsreader reload

Each setting can also be given by an environment variable, such as BMSREADER__GATEWAY__INTERVAL=30 or
BMSREADER__BATTERY__0__NAME=Garage (batteries are counted from 0); variables win over this file."""


def example() -> str:
    """Return a commented file with every setting, in which only the tables that are always there are not commented."""
    lines = [f"# {line}".rstrip() for line in HEAD.splitlines()]
    for section in SECTIONS:
        lines += ["", *_heading(section)]
        for row in section.rows:
            lines += ["", *_explained(row), f"#{row.key} = {toml(example_of(row))}"]
    return "\n".join(lines) + "\n"


def example_of(row: Row) -> Any:
    """Return the value of a setting in the example."""
    return row.about.example if row.required or row.default in (None, ()) else row.default


def _heading(section: Section) -> Iterator[str]:
    yield from _comment(section.text)
    yield f"#{section.head}" if section.optional else section.head


def _explained(row: Row) -> Iterator[str]:
    unset = f" Not set: {row.about.unset}." if row.about.unset else ""
    yield from _comment(f"{row.about.text}{' Must be set.' if row.required else unset}")


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


def toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, Path):
        value = value.as_posix()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def effective(configuration: Configuration) -> Iterator[tuple[Section, int, Row, Any, str]]:
    """Yield each setting in effect: table, its number, setting, value and where it came from; secrets hidden."""
    for section in SECTIONS:
        for number, table in enumerate(tables_of(configuration, section)):
            for row in section.rows:
                name = f"{section.name}.{number}.{row.key}" if section.many else f"{section.name}.{row.key}"
                yield section, number, row, shown(row, getattr(table, row.key)), origin_of(configuration, name)


def tables_of(configuration: Configuration, section: Section) -> tuple[Any, ...]:
    """Return the tables of one kind."""
    found: Any = getattr(configuration, section.attribute)
    if section.many:
        return tuple(found)
    return () if found is None else (found,)


def origin_of(configuration: Configuration, name: str) -> str:
    """Return where a setting came from."""
    return configuration.origins.get(name, "default")


def shown(row: Row, value: Any) -> Any:
    """Return a value as it may be shown: secrets are hidden, also those inside an address."""
    if value is None:
        return None
    if row.about.secret:
        return HIDDEN
    return without_secrets(value, path=row.about.secret_path) if row.key == "url" else value


def without_secrets(url: str, *, path: bool = False) -> str:
    """Return a URL without user, password and tokens; ``path``: the path is a secret too, as that of a webhook is."""
    parts = urlsplit(url)
    user = f"{HIDDEN}@" if "@" in parts.netloc else ""
    place = f"/{HIDDEN}" if path and parts.path.strip("/") else parts.path
    pairs = [pair.partition("=") for pair in parts.query.split("&")] if parts.query else []
    query = "&".join(key + equals + (value if key in HARMLESS else HIDDEN) for key, equals, value in pairs)
    return f"{parts.scheme}://{user}{parts.netloc.rpartition('@')[2]}{place}{'?' if query else ''}{query}"


def as_toml(configuration: Configuration) -> str:
    """Return the configuration in effect as TOML, with where each setting came from behind it."""
    lines = [f"# {configuration.source}"]
    before: tuple[str, int] | None = None
    for section, number, row, value, origin in effective(configuration):
        if before != (section.name, number):
            before = section.name, number
            lines += ["", section.head]
        text = f"#{row.key} =" if value is None else f"{row.key} = {toml(value)}"
        lines.append(f"{text:<50}  # {origin}{f': {row.about.unset}' if value is None else ''}")
    return "\n".join(lines) + "\n"


def as_data(configuration: Configuration) -> dict[str, Any]:
    """Return the configuration in effect for JSON: ``{"mqtt": {"host": {"value": "broker", "from": "..."}}}``."""
    data: dict[str, Any] = {"source": configuration.source, "warnings": list(configuration.warnings)}
    for section in SECTIONS:
        data[section.name] = [] if section.many else None
    for section, number, row, value, origin in effective(configuration):
        if section.many:
            if len(data[section.name]) == number:
                data[section.name].append({})
            table = data[section.name][number]
        else:
            table = data[section.name] = data[section.name] or {}
        table[row.key] = {"value": str(value) if isinstance(value, Path) else value, "from": origin}
    return data
