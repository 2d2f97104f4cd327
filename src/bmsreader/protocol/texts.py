"""Answers that are text: JSON, or one line of values, taken apart into numbers that a path leads to."""

import json
import re
from collections.abc import Mapping, Sequence
from math import nan
from typing import Final, NamedTuple, NoReturn

from bmsreader.protocol.numbers import LARGEST_DECIMAL
from bmsreader.protocol.paths import LINE, Steps

Tree = Mapping[str, "Tree"] | Sequence["Tree"] | str | bool | None
"""What was said. Numbers stay as they were written; a list that is the answer itself is under the key ``LINE``."""

DEEPEST = 16
"""Levels of lists and objects within each other, at most."""
_NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,24})?|\.\d{1,24})([eE][+-]?\d{1,3})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Unreadable(NamedTuple):
    """Why a text is none, or a number in it is none."""

    reason: str


class Missing:
    """What a path leads to that is not there."""


MISSING: Final = Missing()


def text_of(data: bytes) -> str | Unreadable:
    """Return bytes as text: UTF-8, else one byte for each character; control characters are a sign of damage."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    wrong = _CONTROL.search(text)
    if wrong:
        return Unreadable(f"character {wrong[0]!r} at position {wrong.start() + 1} is no text")
    return text


def json_tree(data: bytes) -> Tree | Unreadable:
    """Return what a JSON text says; its numbers as they are written, so that none can be too long to be read."""
    if depth_of(data) > DEEPEST:
        return Unreadable(f"lists within lists, more than {DEEPEST} levels deep")
    try:
        text = data.decode("utf-8")
        tree: Tree = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
    except ValueError as error:
        return Unreadable(f"no JSON: {_first_words(error)}")
    return {LINE: tree} if isinstance(tree, list) else tree


def depth_of(data: bytes) -> int:
    """Return how many brackets are open at once at most, whether they stand in strings or not."""
    depth = deepest = 0
    for byte in data:
        if byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"}]":
            depth -= 1
    return deepest


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _first_words(error: ValueError) -> str:
    """Return what is wrong without the text itself, which may be long."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is no UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at character {error.pos + 1}"
    return str(error)


def line_tree(data: bytes, separators: str, pair: str, point: str = "") -> Tree | Unreadable:
    """Return what a line says: values before the first key under ``LINE``, values behind a key under that key.

    ``point`` is what stands for the point in its numbers.
    """
    text = text_of(data)
    if isinstance(text, Unreadable):
        return text
    found: dict[str, list[Tree]] = {}
    key = LINE
    for item in split(text, separators):
        value = item
        if pair and pair in item:
            name, _, value = item.partition(pair)
            key = name.strip()
            if key in found or not key:
                return Unreadable(f"the key {key!r} is there twice" if key else "a value without its key")
        found.setdefault(key, []).append(value.strip().replace(point or ".", "."))
    return found


def split(text: str, separators: str) -> list[str]:
    """Return the values between separators; several spaces are one, and those at the ends are none."""
    parts = re.split(f"[{re.escape(separators)}]", text)
    if " " in separators:
        parts = [part for part in parts if part.strip()]
    return parts


def spelled(value: Tree | Missing) -> Tree | Missing:
    """Return a value as it is written."""
    return ("true" if value else "false") if isinstance(value, bool) else value


def look_up(tree: Tree, steps: Steps) -> Tree | Missing:
    """Return what stands where a path leads."""
    here: Tree = tree
    for step in steps:
        if isinstance(step, str):
            if not isinstance(here, Mapping) or step not in here:
                return MISSING
            here = here[step]
        elif isinstance(here, list) and step < len(here):
            here = here[step]
        else:
            return MISSING
    return here


def number_of(value: Tree | Missing, prefix: str = "", suffix: str = "", base: int = 10) -> float | Unreadable:
    """Return the number that a value says; NaN for what is not reported: null, and nothing at all."""
    if value is None or value == "" or isinstance(value, Missing):
        return nan
    if isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        return Unreadable("a list, no number" if isinstance(value, list) else "an object, no number")
    inner = value.removeprefix(prefix).removesuffix(suffix).strip()
    if prefix + suffix and (not value.startswith(prefix) or not value.endswith(suffix)):
        return Unreadable(f"{_short(value)} is not written as {prefix}number{suffix}")
    if base == 16:
        good = re.fullmatch(r"(0[xX])?[0-9a-fA-F]{1,8}", inner) is not None
        return float(int(inner, 16)) if good else Unreadable(f"{_short(value)} is no number of hex digits")
    if not _NUMBER.fullmatch(inner):
        return Unreadable(f"{_short(value)} is no number")
    number = float(inner)
    return number if abs(number) <= LARGEST_DECIMAL else Unreadable(f"{_short(value)} is too large for a battery")


def _short(value: str) -> str:
    return repr(value if len(value) <= 24 else f"{value[:20]}...")


def is_number(text: str) -> bool:
    """Return whether a text is a number as JSON writes it."""
    return re.fullmatch(r"-?(0|[1-9]\d{0,15})(\.\d{1,15})?", text, re.ASCII) is not None


def said(number: float, decimals: int) -> str:
    """Return a number as a battery writes it, with so many digits behind the point; empty for none."""
    if number != number:
        return ""
    text = f"{number:.{decimals}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text
