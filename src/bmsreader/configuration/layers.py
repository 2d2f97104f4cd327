"""Where settings come from: the file, systemd's credentials, the environment, the command; the later one wins."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bmsreader.configuration.about import Row, Section
from bmsreader.configuration.settings import SECTIONS
from bmsreader.configuration.values import NO, YES, raw_of
from bmsreader.model.errors import ConfigurationError
from bmsreader.protocol.locate import line_of
from bmsreader.protocol.shape import suggestion

PREFIX = "BMSREADER__"
BY_NAME = {section.name: section for section in SECTIONS}

Place = tuple[str, int, str]
"""Section, number of the table (0 where there can be one only), key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value as somebody gave it, and where."""

    raw: Any
    origin: str
    """For messages: ``file:line``, ``environment BMSREADER__MQTT__HOST`` ..."""
    line: int = 0
    """In the file; 0 elsewhere."""
    folder: Path = Path()
    """Relative file names are in there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong, and where."""

    origin: str
    line: int
    words: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.origin}: {self.words}"


@dataclass(slots=True, kw_only=True)
class Layers:
    """What was given so far, one layer upon the other."""

    given: dict[Place, Given] = field(default_factory=dict)
    tables: dict[tuple[str, int], Given] = field(default_factory=dict)
    """The tables that are there, each with the place of its head."""
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, where: Given, words: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(origin=where.origin, line=where.line, words=words))

    def count(self, section: str) -> int:
        """Return how many tables of this name there are."""
        return sum(1 for name, _ in self.tables if name == section)

    def add_file(self, path: Path) -> None:
        """Add a TOML file."""
        text = text_of(path)
        for name, content in toml_of(text, path).items():
            for number, table, where in self._tables(name, content, text, path):
                self.tables[name, number] = where
                for key, raw in table.items():
                    self._add_key(name, number, key, raw, text, path)

    def _tables(self, name: str, content: Any, text: str, path: Path) -> Iterator[tuple[int, dict[str, Any], Given]]:
        here = self._at(text, path, [name], content)
        section = BY_NAME.get(name)
        if section is None:
            known = {row.key: one for one in reversed(SECTIONS) for row in one.rows}
            inside = f"; it belongs below {known[name].head}" if name in known else suggestion(name, BY_NAME)
            what = "table" if isinstance(content, (dict, list)) else "key"
            self.wrong(here, f"{name}: unknown {what}{inside}")
        elif section.many and isinstance(content, dict):
            self.wrong(here, f"{name}: write {section.head} with two brackets, since there may be several")
        elif not section.many and isinstance(content, list):
            self.wrong(here, f"{name}: write {section.head} with one bracket, and only once")
        else:
            for number, table in enumerate(content if isinstance(content, list) else [content]):
                if isinstance(table, dict):
                    yield number, table, self._at(text, path, [name, number] if section.many else [name], table)
                else:
                    self.wrong(here, f"{name}: must be a table: write {section.head} and the settings below it")

    def _add_key(self, name: str, number: int, key: str, raw: Any, text: str, path: Path) -> None:
        section = BY_NAME[name]
        where = self._at(text, path, [name, number, key] if section.many else [name, key], raw)
        if row_of(section, key) is None:
            self.wrong(where, f"{name}.{key}: unknown key{_near(key, section)}")
        else:
            self.given[name, number, key] = where

    @staticmethod
    def _at(text: str, path: Path, keys: list[str | int], raw: Any) -> Given:
        line = line_of(text, keys)
        return Given(raw=raw, origin=f"{path}:{line}", line=line, folder=path.parent)

    def add_environment(self, environment: Mapping[str, str]) -> None:
        """Add variables such as ``BMSREADER__MQTT__HOST``; an empty one counts as absent."""
        names = [name for name in environment if name.upper().startswith(PREFIX) and environment[name]]
        self._add_texts(
            (name[len(PREFIX) :].lower().split("__"), environment[name], f"environment {name}")
            for name in sorted(names, key=_natural)
        )

    def add_overrides(self, overrides: Mapping[str, str]) -> None:
        """Add what the command says: ``mqtt.host``, ``battery.0.name``."""
        self._add_texts((key.lower().split("."), text, f"--set {key}") for key, text in overrides.items())

    def _add_texts(self, texts: Iterable[tuple[list[str], str, str]]) -> None:
        for parts, text, origin in texts:
            where = Given(raw=text, origin=origin)
            try:
                self._add_text(parts, where)
            except ConfigurationError as error:
                self.wrong(where, str(error))

    def _add_text(self, parts: list[str], where: Given) -> None:
        section = BY_NAME.get(parts[0])
        if section is None:
            raise ConfigurationError(f"there is no table {parts[0]!r}{suggestion(parts[0], BY_NAME)}")
        if len(parts) == 1 and section.optional and not section.many:
            self._switch(section, where)
            return
        rest, number = parts[1:], 0
        if section.many:
            number, rest = self._number(section, rest)
        if len(rest) != 1:
            many = "a number (from 0) and a key" if section.many else "a key"
            raise ConfigurationError(f"the name must have the table, {many}")
        row = row_of(section, rest[0])
        if row is None:
            raise ConfigurationError(f"unknown key {rest[0]!r}{_near(rest[0], section)}")
        self.tables.setdefault((section.name, number), where)
        self.given[section.name, number, row.key] = Given(raw=raw_of(row, where.raw), origin=where.origin)

    def _switch(self, section: Section, where: Given) -> None:
        """Let a whole table be there, with its defaults, or not."""
        word = where.raw.lower()
        if word in YES:
            self.tables.setdefault((section.name, 0), where)
        elif word in NO:
            self.tables.pop((section.name, 0), None)
            self.given = {place: given for place, given in self.given.items() if place[0] != section.name}
        else:
            raise ConfigurationError(f"must be true or false: whether {section.head} is used")

    def _number(self, section: Section, parts: list[str]) -> tuple[int, list[str]]:
        if not parts or not re.fullmatch(r"\d{1,3}", parts[0], re.ASCII):
            raise ConfigurationError(f"{section.head} may be there several times: name which one, counted from 0")
        number, count = int(parts[0]), self.count(section.name)
        if number > count:
            raise ConfigurationError(f"there are {count} {section.head} before this one: it must have number {count}")
        return number, parts[1:]


def row_of(section: Section, key: str) -> Row | None:
    """Return the setting with this key."""
    return next((row for row in section.rows if row.key == key), None)


def text_of(path: Path) -> str:
    """Return the text of a file; raise ConfigurationError."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise ConfigurationError(f"{path}:{line}: the file is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error


def toml_of(text: str, path: Path) -> dict[str, Any]:
    """Return what a TOML text says; raise ConfigurationError that names the line and what was probably meant."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        lines = text.splitlines() or [""]
        line = int(found[1]) if found and found[1] else len(lines)
        problem = str(error).replace(found[0], "") if found else str(error)
        hint = _toml_hint(lines[min(line, len(lines)) - 1])
        raise ConfigurationError(
            f"{path}:{line}: this is not TOML: {problem[:1].lower()}{problem[1:]}{hint}"
        ) from error


def _toml_hint(line: str) -> str:
    key, equals, value = line.partition("=")
    value = value.partition("#")[0].strip()
    if not equals and ":" in line:
        return f"; write {line.partition(':')[0].strip()} = ..."
    if not equals or value[:1] in ("", '"', "'", "[", "{"):
        return ""
    if value.lower() in (*YES, *NO):
        return f"; write {key.strip()} = {str(value.lower() in YES).lower()}"
    return f'; text needs quotes: {key.strip()} = "{value}"' if re.search(r"[A-Za-z/:]", value) else ""


def _near(key: str, section: Section) -> str:
    """Return which key was probably meant, also where it belongs to another table."""
    near = suggestion(key, [row.key for row in section.rows])
    if "did you mean" not in near:
        for other in SECTIONS:
            if row_of(other, key) is not None:
                return f"; it belongs below {other.head}"
    return near


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort BATTERY__10 behind BATTERY__9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
