"""Write a message that is text, as a battery would: for the simulator."""

import json
from collections.abc import Sequence
from typing import Any

from bmsreader.protocol.description import Field, Framing, Message
from bmsreader.protocol.numbers import BOOL, width
from bmsreader.protocol.paths import LINE, Steps, place_of
from bmsreader.protocol.texts import is_number, said

Told = tuple[Steps, Field, float]
"""Where a number stands, how it is written, and the number."""


class Saying:
    """How one message is written: what a description does not name stays empty."""

    def __init__(self, framing: Framing, message: Message) -> None:
        self._framing = framing
        self._columns = message.columns
        in_line = framing.encoding == "text"
        self._told = [(place_of(path, in_line=in_line) or (), text) for path, text in message.told]

    def text(self, told: Sequence[Told]) -> bytes:
        """Return the body of the message, without marks and check value."""
        root: dict[str, Any] = {}
        for steps, text in self._told:
            _put(root, steps, _in_json(text) if self._framing.encoding == "json" else text)
        for steps, field, number in told:
            _put(root, steps, self._number(field, number))
        return self._json(root) if self._framing.encoding == "json" else self._line(root)

    def _number(self, field: Field, number: float) -> Any:
        if number != number:
            return None if self._framing.encoding == "json" else ""
        text = _hex_digits(field, int(number)) if field.base == 16 else said(number, field.decimals)
        if self._framing.encoding == "json" and field.type == BOOL:
            return bool(number)
        if self._framing.encoding == "json" and not field.prefix + field.suffix and field.base == 10:
            return _in_json(text)
        return f"{field.prefix}{text.replace('.', self._framing.point or '.')}{field.suffix}"

    def _json(self, root: dict[str, Any]) -> bytes:
        whole = root[LINE] if set(root) == {LINE} else root
        return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode("utf-8")

    def _line(self, root: dict[str, Any]) -> bytes:
        separators, pair = self._framing.separators, self._framing.pair
        line = [_shown(one) for one in root.pop(LINE, [])]
        items = [*line, *[""] * (self._columns - len(line))]
        for key, values in root.items():
            items.append(key + pair + separators[-1].join(map(_shown, values)))
        return separators[0].join(items).encode("utf-8")


def _hex_digits(field: Field, number: int) -> str:
    """Return a number as hex digits, as many as its type has."""
    digits = 2 * width(field.type)
    return f"{number % 16**digits:0{digits}X}"


def _in_json(text: str) -> Any:
    """Return what JSON makes of a text: a number, true, false, or the text."""
    if is_number(text):
        return float(text) if "." in text else int(text)
    return {"true": True, "false": False}.get(text, text)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _put(root: dict[str, Any], steps: Steps, value: object) -> None:
    """Put a value where a path leads, with whatever must be there to lead to it."""
    here: Any = root
    for step, following in zip(steps, (*steps[1:], None), strict=True):
        fresh = value if following is None else [] if isinstance(following, int) else {}
        if isinstance(step, int):
            here.extend([None] * (step + 1 - len(here)))
            if here[step] is None or following is None:
                here[step] = fresh
        elif step not in here or following is None:
            here[step] = fresh
        here = here[step]
