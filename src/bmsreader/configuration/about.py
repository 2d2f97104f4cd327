"""What there is to know about a setting beside its name, type and default: the table that everything else is made of.

The check of a file, the JSON Schema, the example and the documentation are all read off the dataclasses in
``settings``, so that none of them can say something that another does not.
"""

import dataclasses
import types
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bmsreader.configuration.forms import Form

REQUIRED = dataclasses.MISSING
"""Stands for the default of a setting that has none."""


@dataclass(frozen=True, slots=True)
class About:
    """What an owner should know about a setting, and what it may be."""

    text: str
    """Full sentences, with the unit."""
    _: KW_ONLY
    unset: str = ""
    """What happens while it is not set, for settings whose default is None."""
    example: Any = None
    """A value for the example, where the default is None or empty."""
    least: float | None = None
    above: float | None = None
    """The least value that is too small."""
    most: float | None = None
    form: Form | None = None
    """The form of a text."""
    secret: bool = False
    """Never shown."""
    secret_path: bool = False
    """Of a URL: its path is never shown; whoever knows it may call it."""
    reads: str | None = None
    """Of a file: the secret setting that is its content."""
    exists: bool = False
    """Of a file: it has to be there and readable."""


@dataclass(frozen=True, slots=True)
class Table:
    """What an owner should know about a table of the file."""

    name: str
    """As it is written in the file."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting: everything that its dataclass says about it."""

    key: str
    kind: str
    """``text``, ``whole``, ``number``, ``flag``, ``path``, ``texts`` or ``choice``."""
    choices: tuple[str, ...]
    optional: bool
    """None is possible: the setting can be left out and has no default value then."""
    default: Any
    """``REQUIRED`` where there is none."""
    about: About

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.default is REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of the file: the dataclass behind it, and how often it may be there."""

    name: str
    """As it is written in the file."""
    attribute: str
    """Of the Configuration."""
    settings: type[Any]
    many: bool
    """Written ``[[name]]``, any number of times."""
    optional: bool
    """What it configures is not used while the table is absent."""
    text: str

    @property
    def rows(self) -> "tuple[Row, ...]":
        """The settings, in the order in which they are explained."""
        return rows(self.settings)

    @property
    def head(self) -> str:
        """Its first line in the file."""
        return f"[[{self.name}]]" if self.many else f"[{self.name}]"


def rows(settings: type[Any]) -> tuple[Row, ...]:
    """Return the settings of a dataclass."""
    hints = get_type_hints(settings, include_extras=True)
    return tuple(_row(field, hints[field.name]) for field in dataclasses.fields(settings))


def _row(field: "dataclasses.Field[Any]", hint: Any) -> Row:
    base, about = get_args(hint)
    inner, optional = _without_none(base)
    kind, choices = _kind(inner)
    return Row(key=field.name, kind=kind, choices=choices, optional=optional, default=field.default, about=about)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    (inner,) = (one for one in get_args(hint) if one is not types.NoneType)
    return inner, True


def _kind(hint: Any) -> tuple[str, tuple[str, ...]]:
    if get_origin(hint) is Literal:
        return "choice", get_args(hint)
    kinds = {str: "text", int: "whole", float: "number", bool: "flag", Path: "path", tuple[str, ...]: "texts"}
    return kinds[hint], ()


def sections_of(configuration: type[Any]) -> tuple[Section, ...]:
    """Return the tables of the file: the annotated fields of the Configuration."""
    hints = get_type_hints(configuration, include_extras=True)
    return tuple(
        _section(field.name, hints[field.name])
        for field in dataclasses.fields(configuration)
        if get_origin(hints[field.name]) is Annotated
    )


def _section(attribute: str, hint: Any) -> Section:
    base, table = get_args(hint)
    many = get_origin(base) is tuple
    inner, optional = (get_args(base)[0], True) if many else _without_none(base)
    return Section(name=table.name, attribute=attribute, settings=inner, many=many, optional=optional, text=table.text)
