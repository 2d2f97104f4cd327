"""Find, check and compile descriptions."""

import os.path
from functools import cache
from typing import TYPE_CHECKING

from bmsreader.model.errors import DescriptionError
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.parse import parse

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ("ej", "ej2")
"""Ids of the descriptions that come with the program, most common battery first."""


def shipped_ids() -> tuple[str, ...]:
    """Return the ids of the shipped descriptions, most common battery first."""
    return SHIPPED


@cache
def load(name: str) -> Codec:
    """Return a shipped description, compiled; it was checked against the schema when the program was tested."""
    if name not in SHIPPED:
        raise DescriptionError(f"no description is called {name!r}; there are: {', '.join(SHIPPED)}")
    text = _shipped_text(name)
    return Codec(parse(text, source=f"{name}.toml"))


def _shipped_text(name: str) -> str:
    """Return the text of a shipped file; importlib.resources alone takes 7 ms to import."""
    path = os.path.join(os.path.dirname(__file__), f"{name}.toml")  # noqa: PTH118, PTH120
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def shipped() -> tuple[Codec, ...]:
    """Return all shipped descriptions, compiled."""
    return tuple(map(load, SHIPPED))


def load_file(path: "Path | str") -> Codec:
    """Return the description in a file, compiled; raise DescriptionError that names file, line and key."""
    from pathlib import Path

    from bmsreader.descriptions.validation import validate  # jsonschema takes 80 ms to import: only for foreign files

    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DescriptionError(f"{path}: cannot be read: {error}") from error
    validate(text, source=str(path))
    return Codec(parse(text, source=str(path)))


def load_folder(folder: "Path") -> tuple[Codec, ...]:
    """Return the shipped descriptions, overridden and extended by those in the owner's folder."""
    codecs = {codec.id: codec for codec in shipped()}
    if folder.is_dir():
        for path in sorted(folder.glob("*.toml")):
            codec = load_file(path)
            codecs[codec.id] = codec
    return tuple(codecs.values())
