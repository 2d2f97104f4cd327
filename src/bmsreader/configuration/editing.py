"""Change single settings in the owner's file: comments, order, blanks and line ends stay as they were."""

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from bmsreader.configuration.about import Section
from bmsreader.configuration.statements import Kind, statements
from bmsreader.configuration.writing import toml
from bmsreader.model.errors import ConfigurationError

BOM = "\ufeff"
COMMENTED_HEAD = re.compile(r"#\s*\[{1,2}\s*[A-Za-z]")
"""A table that stands in a comment: what comes below it would belong to it, should the owner take its # away."""
NOT_HERE = "Change it in the file itself."


class Draft:
    """The text of a settings file while it is changed."""

    def __init__(self, text: str) -> None:
        """Raise ConfigurationError when the text is no TOML."""
        self._bom = BOM if text.startswith(BOM) else ""
        text = text.removeprefix(BOM)
        self._is_windows = "\n" in text and text.count("\n") == text.count("\r\n")
        if self._is_windows:
            text = text.replace("\r\n", "\n")
        try:
            self._data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(f"the file is no TOML: {error}", advice=NOT_HERE) from error
        self._parts = statements(text)

    @property
    def text(self) -> str:
        """The whole text; raise ConfigurationError if it says anything else than what was asked for."""
        found = "".join(one.text for one in self._parts)
        try:
            same = tomllib.loads(found) == self._data
        except tomllib.TOMLDecodeError:
            same = False
        if not same:
            raise ConfigurationError("this file is written in a way that cannot be changed here", advice=NOT_HERE)
        return self._bom + (found.replace("\n", "\r\n") if self._is_windows else found)

    def count(self, section: Section) -> int:
        """Return how many tables of this kind there are."""
        found = self._data.get(section.name)
        return 0 if found is None else len(found) if isinstance(found, list) else 1

    def table(self, section: Section, number: int) -> Mapping[str, Any]:
        """Return the settings of a table as the file has them; none where there is no such table."""
        return self._table(section, number) or {}

    def change(self, section: Section, number: int, values: Mapping[str, Any]) -> None:
        """Set settings of a table, or take them out (None); a table that may be there once is made if need be.

        Raise ConfigurationError when there is no such table.
        """
        if section.many and number >= self.count(section):
            raise ConfigurationError(f"the file has no {section.head} number {number}")
        known = self._table(section, number)
        for key, value in values.items():
            if value is None:
                if known is not None and key in known:
                    del known[key]
                    self._take_out(section, number, key)
                continue
            if known is None:
                self._begin(section, {})
                known = self._table(section, number)
                assert known is not None  # noqa: S101 - it was begun just now
            is_new = key not in known
            known[key] = deepcopy(value)
            if is_new:
                self._put_in(section, number, key, value)
            else:
                self._replace(section, number, key, value)

    def add(self, section: Section, values: Mapping[str, Any]) -> int:
        """Add a table with these settings; return its number. Raise ConfigurationError when there can be one only."""
        number = self.count(section)
        if number and not section.many:
            raise ConfigurationError(f"there is a {section.head} already")
        self._begin(section, {key: value for key, value in values.items() if value is not None})
        return number

    def remove(self, section: Section, number: int) -> None:
        """Take out a table with its settings; comments behind its last setting stay."""
        known = self._table(section, number)
        if known is None:
            raise ConfigurationError(f"the file has no {section.head} number {number}")
        if section.many:
            del self._data[section.name][number]
            if not self._data[section.name]:
                del self._data[section.name]
        else:
            del self._data[section.name]
        head, end = self._region(section, number)
        last = max((at for at in range(head, end) if self._parts[at].kind is not Kind.REST), default=head)
        del self._parts[head : last + 1]
        if head and self._parts[head - 1].is_blank and (head == len(self._parts) or self._parts[head].is_blank):
            del self._parts[head - 1]

    # ---- where things are

    def _table(self, section: Section, number: int) -> dict[str, Any] | None:
        found = self._data.get(section.name)
        if isinstance(found, list):
            found = found[number] if number < len(found) else None
        return found if isinstance(found, dict) else None

    def _region(self, section: Section, number: int) -> tuple[int, int]:
        """Return the places of a table's head and of what begins behind it; raise ConfigurationError."""
        seen = -1
        for at, one in enumerate(self._parts):
            if one.kind is Kind.HEAD and one.path == (section.name,):
                seen += 1
                if seen == number:
                    heads = (i for i in range(at + 1, len(self._parts)) if self._parts[i].kind is Kind.HEAD)
                    return at, next(heads, len(self._parts))
        raise ConfigurationError(f"{section.head} has no head of its own in this file", advice=NOT_HERE)

    def _place(self, section: Section, number: int, key: str) -> int:
        """Return where a setting stands; raise ConfigurationError."""
        head, end = self._region(section, number)
        for at in range(head + 1, end):
            if self._parts[at].kind is Kind.PAIR and self._parts[at].path == (key,):
                return at
        raise ConfigurationError(f"{section.name}.{key} stands in an unusual place", advice=NOT_HERE)

    # ---- changes

    def _replace(self, section: Section, number: int, key: str, value: Any) -> None:
        at = self._place(section, number, key)
        one = self._parts[at]
        text = one.text[: one.begin] + toml(value) + one.text[one.end :]
        (self._parts[at],) = statements(text)

    def _take_out(self, section: Section, number: int, key: str) -> None:
        del self._parts[self._place(section, number, key)]

    def _put_in(self, section: Section, number: int, key: str, value: Any) -> None:
        head, end = self._region(section, number)
        at, indent = self._best_place(head, end, key)
        before = self._parts[at - 1]
        if not before.text.endswith("\n"):
            (self._parts[at - 1],) = statements(before.text + "\n")
        self._parts[at:at] = statements(f"{indent}{key} = {toml(value)}\n")

    def _best_place(self, head: int, end: int, key: str) -> tuple[int, str]:
        """Return where a new setting belongs: behind its own comment, else behind the last setting."""
        hint = re.compile(rf"#\s?{re.escape(key)}\s*=")
        last, indent = head, ""
        for at in range(head + 1, end):
            one = self._parts[at]
            if one.is_comment and COMMENTED_HEAD.match(one.text.strip()):
                break
            if one.is_comment and hint.match(one.text.strip()):
                return at + 1, one.text[: len(one.text) - len(one.text.lstrip())]
            if one.kind is Kind.PAIR:
                last, indent = at, one.text[: len(one.text) - len(one.text.lstrip())]
        return last + 1, indent

    def _begin(self, section: Section, values: Mapping[str, Any]) -> None:
        """Add a table: behind those of its kind, else at the end."""
        lines = "".join(f"{key} = {toml(value)}\n" for key, value in values.items())
        count = self.count(section)
        at = len(self._parts)
        if count:
            head, end = self._region(section, count - 1)
            at = max(i for i in range(head, end) if self._parts[i].kind is not Kind.REST) + 1
        if section.many:
            self._data.setdefault(section.name, []).append(deepcopy(dict(values)))
        else:
            self._data[section.name] = deepcopy(dict(values))
        if at and not self._parts[at - 1].text.endswith("\n"):
            (self._parts[at - 1],) = statements(self._parts[at - 1].text + "\n")
        blank = "\n" if at and not self._parts[at - 1].is_blank else ""
        self._parts[at:at] = statements(f"{blank}{section.head}\n{lines}")


def plain(value: Any) -> Any:
    """Return a value as TOML has it."""
    if isinstance(value, Path):
        return value.as_posix()
    return [plain(one) for one in value] if isinstance(value, (tuple, list)) else value
