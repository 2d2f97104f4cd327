"""The reference of all settings, made from the table that checks them."""

from collections.abc import Iterator

from bmsreader.configuration.about import Row, Section
from bmsreader.configuration.settings import SECTIONS
from bmsreader.configuration.values import words_for
from bmsreader.configuration.writing import toml

HEAD = """# Settings

Every setting of `bmsreader.toml`, with its default. [Configuration](configuration.md) says where the file is looked
for, how it is checked, and how settings come from the environment. `bmsreader config example` prints the same as file.
"""


def settings() -> Iterator[tuple[str, str]]:
    """Yield the page of all settings."""
    yield "settings.md", "\n".join([HEAD, *map(section, SECTIONS)])


def section(table: Section) -> str:
    """Return the section of one table."""
    rows = "\n".join(map(row, table.rows))
    return f"## {table.head}\n\n{table.text}\n\n| setting | default | meaning |\n| --- | --- | --- |\n{rows}\n"


def row(setting: Row) -> str:
    """Return the row of one setting."""
    cells = (f"`{setting.key}`", default(setting), f"{setting.about.text} {limits(setting)}".strip())
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def default(setting: Row) -> str:
    """Return what holds while it is not set."""
    if setting.required:
        return "must be set"
    return setting.about.unset if setting.default is None else f"`{toml(setting.default)}`"


def limits(setting: Row) -> str:
    """Return what it may be, where its form does not say it."""
    if setting.kind in ("whole", "number", "choice"):
        return f"*({words_for(setting)})*"
    return ""
