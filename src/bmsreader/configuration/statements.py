"""A TOML text cut into statements: comments and blank lines, heads of tables, and settings with their values.

Joined again they are the text, to the byte. So one setting can be changed and everything else stays as the owner wrote
it. Only what a settings file of this program may hold is looked into; the rest is carried along.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

QUOTES = ('"""', "'''", '"', "'")
OPENING, CLOSING = "[{", "]}"


class Kind(Enum):
    """What a statement is."""

    REST = "blank or comment"
    HEAD = "head of a table"
    PAIR = "setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One line of the file, or several where a value needs them."""

    kind: Kind
    text: str
    """With its line end."""
    path: tuple[str, ...] = ()
    """Of a head, or of a setting within its table."""
    many: bool = False
    """A head with two brackets."""
    begin: int = 0
    end: int = 0
    """Where the value stands in the text."""

    @property
    def is_comment(self) -> bool:
        """Whether there is a comment, and nothing else."""
        return self.kind is Kind.REST and self.text.lstrip().startswith("#")

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing at all."""
        return self.kind is Kind.REST and not self.text.strip()


def statements(text: str) -> list[Statement]:
    """Return the statements of a valid TOML text; of a wrong one, anything."""
    return list(_statements(text))


def _statements(text: str) -> Iterator[Statement]:
    at = 0
    while at < len(text):
        line_end = _line_end(text, at)
        line = text[at:line_end]
        begin = line.lstrip(" \t")[:1]
        if begin in ("", "\r", "\n", "#"):
            yield Statement(kind=Kind.REST, text=line)
            at = line_end
        elif begin == "[":
            yield _head(line)
            at = line_end
        else:
            pair = _pair(text, at)
            yield pair
            at += len(pair.text)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _head(line: str) -> Statement:
    many = line.lstrip().startswith("[[")
    return Statement(kind=Kind.HEAD, text=line, path=_path_of(tomllib.loads(line)), many=many)


def _pair(text: str, at: int) -> Statement:
    equals = _find(text, at, "=")
    begin = equals + 1
    while begin < len(text) and text[begin] in " \t":
        begin += 1
    end, line_end = _value_end(text, begin)
    path = _path_of(tomllib.loads(f"{text[at:equals].strip()} = 0"))
    return Statement(kind=Kind.PAIR, text=text[at:line_end], path=path, begin=begin - at, end=end - at)


def _path_of(data: Any) -> tuple[str, ...]:
    """Return the keys that lead to the only leaf."""
    path = []
    while isinstance(data, (dict, list)) and data:
        if isinstance(data, list):
            data = data[0]
            continue
        ((key, data),) = data.items()
        path.append(key)
    return tuple(path)


def _find(text: str, at: int, wanted: str) -> int:
    """Return where a character stands outside of quotes."""
    while at < len(text) and text[at] != wanted:
        at = _string_end(text, at) if text[at] in "\"'" else at + 1
    return at


def _string_end(text: str, at: int) -> int:
    """Return where the string that begins here is over."""
    quote = next(one for one in QUOTES if text.startswith(one, at))
    end = at + len(quote)
    while end < len(text) and not text.startswith(quote, end):
        end += 2 if quote[0] == '"' and text[end] == "\\" else 1
    end += len(quote)
    if len(quote) == 3:  # one or two quotes more may belong to the text itself
        while end < len(text) and text[end] == quote[0]:
            end += 1
    return min(end, len(text))


def _value_end(text: str, at: int) -> tuple[int, int]:
    """Return where a value is over, and where the line is in which it ends."""
    depth, end = 0, at
    while at < len(text):
        character = text[at]
        if character in "\"'":
            at = end = _string_end(text, at)
        elif character == "#":
            at = _line_end(text, at)
            if not depth:
                return end, at
        elif character == "\n":
            at += 1
            if not depth:
                return end, at
        else:
            depth += (character in OPENING) - (character in CLOSING)
            at += 1
            if character not in " \t\r":
                end = at
    return end, at
