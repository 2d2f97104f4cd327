"""The shape of a description file: which keys each table has and what may stand in them.

The published JSON Schema says the same in a form that editors understand; this is what ``parse`` relies on, whether
the file was validated before or not, since what a description says becomes part of a generated decoder.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bmsreader.protocol.checksum import ALGORITHMS, PARTS
from bmsreader.protocol.numbers import ALL_NUMBERS, BOOL, BYTES, DECIMAL, IN_HEX, NUMBERS
from bmsreader.protocol.paths import expanded, steps_of
from bmsreader.protocol.rules import CHECKS
from bmsreader.protocol.vocabulary import NAME

MOST_BYTES = 4096
"""No message is longer than this."""

LONGEST_MARK = 16
"""Bytes that frames begin or end with, at most."""

LARGEST = 1e12
"""No number of a description is larger than this; infinities and "not a number" are none at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What may stand behind a key, in words and as a test."""

    words: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The keys of one table."""

    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)

    def problem(self, table: object) -> tuple[str | None, str] | None:
        """Return (key, what is wrong with it), with key None for the table itself; None when all is well."""
        if not isinstance(table, dict):
            return None, "must be a table"
        kinds = {**self.required, **self.optional}
        for key, value in table.items():
            if key not in kinds:
                return key, f"unknown key{suggestion(key, kinds)}"
            if not kinds[key].fits(value):
                return key, f"must be {kinds[key].words}"
        missing = [key for key in self.required if key not in table]
        return (None, f"misses the key {missing[0]!r}") if missing else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" where a known word is near, or the known words where they are few."""
    import difflib  # only an error needs it

    words = list(known)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(words)}" if words else ""


def whole(low: int, high: int) -> Kind:
    """Return the kind of whole numbers in a range."""
    return Kind(words=f"a whole number from {low} to {high}", fits=lambda v: type(v) is int and low <= v <= high)


def one_of(known: Collection[str]) -> Kind:
    """Return the kind of the known words."""
    return Kind(words=f"one of {', '.join(known)}", fits=lambda v: isinstance(v, str) and v in known)


def matching(pattern: str, words: str) -> Kind:
    """Return the kind of texts of one form."""
    return Kind(words=words, fits=lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None)


def list_of(kind: Kind, least: int = 0, most: int = 4096) -> Kind:
    """Return the kind of lists whose items are all of one kind."""
    return Kind(
        words=f"a list, each item {kind.words}",
        fits=lambda v: isinstance(v, list) and least <= len(v) <= most and all(map(kind.fits, v)),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST


def _is_byte_character(value: object) -> bool:
    return isinstance(value, str) and len(value) == 1 and ord(value) < 256


def _places(path: object) -> int:
    """Return how many numbers a path leads to; 0 where it is none."""
    paths = expanded(path) if isinstance(path, str) else None
    return len(paths) if paths and all(map(steps_of, paths)) else 0


TEXT = Kind(words="text without control characters", fits=lambda v: isinstance(v, str) and v.isprintable())
FLAG = Kind(words="true or false", fits=lambda v: isinstance(v, bool))
NUMBER = Kind(words="a number", fits=_is_number)
SCALE = Kind(words="a number other than 0", fits=lambda v: _is_number(v) and abs(v) >= 1e-12)
CHARACTERS = Kind(words="characters of one byte", fits=lambda v: isinstance(v, str) and all(map(_is_byte_character, v)))
MARK = Kind(
    words=f"1 to {LONGEST_MARK} characters of one byte",
    fits=lambda v: isinstance(v, str) and 0 < len(v) <= LONGEST_MARK and all(map(_is_byte_character, v)),
)
AFFIX = Kind(
    words="up to 8 characters, none of them a control character",
    fits=lambda v: isinstance(v, str) and len(v) <= 8 and v.isprintable(),
)
TABLE = Kind(words="a table", fits=lambda v: isinstance(v, dict))
TABLES = Kind(words="a list of tables", fits=lambda v: isinstance(v, list) and all(isinstance(i, dict) for i in v))
IDENTIFIER = matching(NAME, "lower-case words joined by _")
UUID = matching(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a UUID of 36 characters")
PATH = Kind(words="one path such as Batt[0][2], soc or [3]", fits=lambda v: _places(v) == 1)
PATHS = Kind(
    words="a path such as Batt[0][2], soc, [3] or cell{1..16}, or a list of them",
    fits=lambda v: all(map(_places, v)) and bool(v) if isinstance(v, list) else _places(v) > 0,
)
OFFSET = whole(0, MOST_BYTES)
RAW = whole(-(1 << 31), (1 << 32) - 1)

DESCRIPTION = Shape(
    required={
        "id": matching(r"[a-z][a-z0-9-]{0,31}", "a short name of lower-case letters, digits and -"),
        "name": TEXT,
        "framing": TABLE,
        "messages": TABLE,
        "blocks": TABLE,
    },
    optional={
        "checksums": TABLE,
        "requests": TABLE,
        "brands": list_of(TEXT),
        "sources": list_of(TEXT),
        "serial": TABLE,
        "ble": TABLES,
        "hints": TABLE,
        "plausible": TABLES,
    },
)
SERIAL = Shape(required={"baudrate": whole(300, 4_000_000)})
PROFILE = Shape(required={"service": UUID, "notify": UUID, "write": UUID})
HINTS = Shape(optional={"names": list_of(TEXT), "manufacturer_ids": list_of(whole(0, 0xFFFF))})
MARK_HEX = matching(rf"([0-9a-fA-F]{{2}}){{1,{LONGEST_MARK}}}", f"1 to {LONGEST_MARK} pairs of hex digits")
_IN_BYTES = ("at", "plus", "minus", "mask", "sign", "count", "step", "count_at")
"""Keys of a field that say at which bytes it stands."""
SPOKEN = ("json", "text")
"""Encodings in which paths lead to numbers."""
FRAMING = Shape(
    required={"encoding": one_of(("ascii-hex", "binary", *SPOKEN)), "limit": whole(4, 65536)},
    optional={
        "start": MARK,
        "start_hex": MARK_HEX,
        "end": MARK,
        "end_hex": MARK_HEX,
        "cut": one_of(("marks", "length", "size", "pause")),
        "ignore": CHARACTERS,
        "escape": TABLE,
        "xor": TABLE,
        "length": TABLE,
        "parts": TABLE,
        "separator": matching(r"[ -~\t\r\n]{1,4}", "1 to 4 characters of ASCII"),
        "pair": matching(r"[ -~\t]", "one character of ASCII"),
        "behind": whole(1, 4),
        "ahead": whole(1, 4),
        "point": one_of((",",)),
    },
)
PARTS_OF_ANSWER = Shape(
    required={"head": whole(1, 16), "number": TABLE},
    optional={"first": whole(0, 1), "total": TABLE, "length": TABLE},
)
BITS = Shape(required={"at": whole(0, 15)}, optional={"mask": whole(1, 255)})
ESCAPE = Shape(required={"byte": whole(0, 255)}, optional={"xor": whole(1, 255), "codes": TABLES})
CODE = Shape(required={"sent": whole(0, 255), "means": whole(0, 255)})
XOR = Shape(optional={"key_at": OFFSET, "key": whole(1, 255), "from": OFFSET, "over": one_of(("bytes", "characters"))})
LENGTH = Shape(
    required={"at": OFFSET, "type": one_of([name for name in NUMBERS if name.startswith("u")])},
    optional={
        "counts": list_of(one_of(("characters", "characters-2", "info-bytes")), least=1),
        "plus": whole(-256, 256),
        "times": whole(1, 4),
        "lenid": FLAG,
    },
)
CHECKSUM = Shape(
    required={"algorithm": one_of(ALGORITHMS), "over": one_of(("frame", "characters", "bytes", "masked"))},
    optional={
        "skip": OFFSET,
        "gap": whole(0, 64),
        "tail": whole(0, 64),
        "plus": whole(0, (1 << 32) - 1),
        "part": one_of(PARTS),
        "order": one_of(("big", "little")),
        "mark": matching(r"[ -~]{1,4}", "1 to 4 characters of ASCII"),
        "over_mark": FLAG,
        "tolerate": one_of(("upper-case",)),
    },
)
REQUEST = Shape(
    required={"safety": one_of(("read", "write"))},
    optional={
        "send": CHARACTERS,
        "send_hex": matching(r"([0-9a-fA-F]{2})+", "pairs of hex digits"),
        "pattern": matching(r"[!-~]{2,}", "two or more printable characters"),
    },
)
MESSAGE = Shape(
    required={"size": whole(1, MOST_BYTES), "blocks": TABLE},
    optional={
        "request": TEXT,
        "when": TABLES,
        "checksum": TEXT,
        "xor_key": whole(0, 255),
        "then": TEXT,
        "by_request": FLAG,
    },
)
TOLD_MESSAGE = Shape(
    required={"blocks": list_of(TEXT, least=1)},
    optional={"request": TEXT, "when": TABLES, "checksum": TEXT, "columns": whole(1, MOST_BYTES // 8), "then": TEXT},
)
"""A message in text."""
CONDITION = Shape(required={"at": OFFSET, "equals": whole(0, 255)})
TOLD = Shape(required={"path": PATH, "equals": TEXT})
"""What tells a message in text from others."""
_BINARY_TYPES = tuple(kind for kind in ALL_NUMBERS if kind != DECIMAL)
FIELD = Shape(
    required={"type": one_of((*_BINARY_TYPES, BYTES, BOOL))},
    optional={
        "at": OFFSET,
        "plus": OFFSET,
        "minus": OFFSET,
        "mask": whole(1, (1 << 32) - 1),
        "sign": TABLE,
        "count": whole(1, MOST_BYTES),
        "step": whole(1, MOST_BYTES),
        "count_at": OFFSET,
        "least": whole(0, MOST_BYTES),
        "scale": SCALE,
        "offset": NUMBER,
        "unit": TEXT,
        "unknown": list_of(RAW),
        "valid": list_of(RAW, least=2, most=2),
        "raw": FLAG,
        "default": RAW,
        "bits": TABLES,
        "absent": TABLE,
        "collapse": FLAG,
        "evidence": one_of(("vendor", "measured", "claimed", "disputed")),
        "note": TEXT,
    },
)
TOLD_FIELD = Shape(
    required={"type": one_of((DECIMAL, "u8", "u16", "u32", *IN_HEX, BOOL))},
    optional={
        "path": PATHS,
        "plus": PATH,
        "minus": PATH,
        "prefix": AFFIX,
        "suffix": AFFIX,
        "base": Kind(words="10 or 16", fits=lambda v: type(v) is int and v in (10, 16)),
        "decimals": whole(0, 9),
        **{key: kind for key, kind in FIELD.optional.items() if key not in _IN_BYTES},
    },
)
"""A field in text."""
SIGN = Shape(
    required={"at": OFFSET, "negative": whole(0, 255)}, optional={"mask": whole(1, 255), "positive": whole(0, 255)}
)
ABSENT = Shape(required={"raw": whole(0, 255), "beyond": whole(0, 255)})
BIT = Shape(required={"bit": whole(0, 31)}, optional={"alarm": IDENTIFIER, "switch": TEXT, "name": IDENTIFIER})
RULE = Shape(required={"check": one_of(CHECKS)})
