"""From the text of a description file to a checked ``Description``; every error names file, line and key."""

import keyword
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from bmsreader.model.errors import DescriptionError
from bmsreader.protocol import shape
from bmsreader.protocol.consistency import Problem, description_problem, field_problem, message_problem
from bmsreader.protocol.description import (
    Absent,
    Bit,
    Bits,
    BleProfile,
    ChecksumRule,
    Description,
    Escape,
    Field,
    Framing,
    Hints,
    LengthRule,
    Message,
    Parts,
    Request,
    Rule,
    Sign,
)
from bmsreader.protocol.locate import line_of
from bmsreader.protocol.numbers import width
from bmsreader.protocol.paths import expanded
from bmsreader.protocol.rules import CHECKS
from bmsreader.protocol.shape import Shape, suggestion
from bmsreader.protocol.vocabulary import FIELD_NAMES, RESERVED, SWITCHES

Path = tuple[str | int, ...]


def parse(text: str, *, source: str = "description") -> Description:
    """Return the description in the text.

    Nothing in it is trusted, since a decoder is generated from it: keys, types and ranges are checked here, also
    where the file was not validated against the published schema. Raise DescriptionError for whatever is wrong.
    """
    return Parser(text, source).description()


def load_toml(text: str, source: str) -> dict[str, Any]:
    """Return the tables of a TOML text; raise DescriptionError with file and line when it is none."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise DescriptionError(f"{source}:1: file: not TOML that can be read: nested too deeply") from None
    except ValueError as error:
        _, _, where = str(error).partition("(at line ")
        line = where.partition(",")[0] or str(len(text.splitlines()) or 1)
        reason = str(error).partition(" (at ")[0]
        raise DescriptionError(f"{source}:{line}: file: not TOML: {reason}") from error


class Parser:
    """One description file while it is read."""

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self.data = load_toml(text, source)

    def fail(self, path: Sequence[str | int], problem: str) -> NoReturn:
        """Raise the error for a key, with its file and line."""
        key = ".".join(map(str, path)) or "file"
        raise DescriptionError(f"{self._source}:{line_of(self._text, path)}: {key}: {problem}")

    def description(self) -> Description:
        """Return the whole description."""
        data = self._checked(self.data, shape.DESCRIPTION, ())
        hints = self._checked(data.get("hints", {}), shape.HINTS, ("hints",))
        serial = self._checked(data["serial"], shape.SERIAL, ("serial",)) if "serial" in data else {}
        framing = self._framing(data["framing"])
        self._spoken = framing.spoken
        checksums = {name: self._checksum(name, table) for name, table in data.get("checksums", {}).items()}
        requests = {name: self._request(name, table) for name, table in data.get("requests", {}).items()}
        messages = {name: self._message(name, table, checksums) for name, table in data["messages"].items()}
        self._refuse_unused_blocks()
        description = Description(
            id=data["id"],
            name=data["name"],
            brands=tuple(data.get("brands", ())),
            sources=tuple(data.get("sources", ())),
            profiles=tuple(self._profile(number, table) for number, table in enumerate(data.get("ble", ()))),
            hints=Hints(
                names=tuple(hints.get("names", ())), manufacturer_ids=frozenset(hints.get("manufacturer_ids", ()))
            ),
            baudrate=serial.get("baudrate"),
            framing=framing,
            requests=requests,
            messages=messages,
            rules=tuple(self._rule(number, table) for number, table in enumerate(data.get("plausible", ()))),
        )
        self._refuse(description_problem(description), ())
        return description

    def _refuse_unused_blocks(self) -> None:
        placed = {block for message in self.data["messages"].values() for block in message["blocks"]}
        for block in self.data["blocks"]:
            if block not in placed:
                self.fail(("blocks", block), "no message places this block")

    def _refuse(self, found: Problem | None, path: Path) -> None:
        if found:
            self.fail((*path, *found.path), found.words)

    def _checked(self, table: Any, wanted: Shape, path: Path) -> dict[str, Any]:
        """Return the table after its keys and their types were checked."""
        if found := wanted.problem(table):
            key, problem = found
            self.fail(path if key is None else (*path, key), problem)
        return dict(table)

    def _named(self, name: str, path: Path) -> None:
        """Refuse a table whose name is no plain identifier."""
        if not shape.IDENTIFIER.fits(name):
            self.fail(path, f"{name!r} is no name: it must be {shape.IDENTIFIER.words}")

    def _profile(self, number: int, table: object) -> BleProfile:
        checked = self._checked(table, shape.PROFILE, ("ble", number))
        return BleProfile(**{key: value.lower() for key, value in checked.items()})

    def _framing(self, data: object) -> Framing:
        table = self._checked(data, shape.FRAMING, ("framing",))
        xor = self._checked(table["xor"], shape.XOR, ("framing", "xor")) if "xor" in table else {}
        if "xor" in table and ("key" in xor) == ("key_at" in xor):
            self.fail(("framing", "xor"), "needs either `key_at` or `key`")
        if "over" in xor and "key" not in xor:
            self.fail(("framing", "xor", "over"), "is for a constant `key`")
        if "from" in xor and (xor.get("over") == "characters" or xor["from"] <= xor.get("key_at", -1)):
            self.fail(("framing", "xor", "from"), "is the first of the bytes that are XORed, behind the key")
        return Framing(
            start=self._mark(table, "start"),
            end=self._mark(table, "end"),
            encoding=table["encoding"],
            limit=table["limit"],
            separators=table.get("separator", ""),
            pair=table.get("pair", ""),
            behind=table.get("behind", 0),
            ahead=table.get("ahead", 0),
            point=table.get("point", ""),
            cut=table.get("cut", "marks"),
            ignore=table.get("ignore", "").encode("latin-1"),
            escape=self._escape(table["escape"]) if "escape" in table else None,
            parts=self._parts(table["parts"]) if "parts" in table else None,
            xor_key_at=xor.get("key_at"),
            xor_key=xor.get("key", 0),
            xor_from=xor.get("from", 0),
            xor_over=xor.get("over", "bytes"),
            length=self._length(table["length"]) if "length" in table else None,
        )

    def _escape(self, data: object) -> Escape:
        path = ("framing", "escape")
        table = self._checked(data, shape.ESCAPE, path)
        if "xor" in table and "codes" in table:
            self.fail(path, "needs either `xor` or `codes`, or none of them")
        codes = [
            self._checked(code, shape.CODE, (*path, "codes", number))
            for number, code in enumerate(table.get("codes", ()))
        ]
        return Escape(
            byte=table["byte"],
            xor=table.get("xor", 0),
            codes=tuple((code["sent"], code["means"]) for code in codes),
        )

    def _parts(self, data: object) -> Parts:
        path = ("framing", "parts")
        table = self._checked(data, shape.PARTS_OF_ANSWER, path)
        numbers: dict[str, Any] = {
            key: Bits(**self._checked(table[key], shape.BITS, (*path, key)))
            for key in ("number", "total", "length")
            if key in table
        }
        return Parts(**{**table, **numbers})

    def _mark(self, table: Mapping[str, Any], key: str) -> bytes:
        """Return the bytes of a mark, which is written as characters or as hex digits."""
        if key in table and f"{key}_hex" in table:
            self.fail(("framing", key), f"is there twice: `{key}_hex` says it, too")
        return bytes.fromhex(table.get(f"{key}_hex", "")) or table.get(key, "").encode("latin-1")

    def _length(self, data: object) -> LengthRule:
        path = ("framing", "length")
        table = self._checked(data, shape.LENGTH, path)
        if ("counts" in table) == ("plus" in table):
            self.fail(path, "needs either `counts` or `plus`")
        return LengthRule(**{**table, "counts": tuple(table.get("counts", ()))})

    def _checksum(self, name: str, data: object) -> ChecksumRule:
        self._named(name, ("checksums", name))
        return ChecksumRule(name=name, **self._checked(data, shape.CHECKSUM, ("checksums", name)))

    def _request(self, name: str, data: object) -> Request:
        path = ("requests", name)
        self._named(name, path)
        table = self._checked(data, shape.REQUEST, path)
        sends = [key for key in ("send", "send_hex") if key in table]
        if table["safety"] == "write" and (sends or "pattern" not in table):
            self.fail((*path, *sends[:1]), "a write is never sent: describe it by `pattern` only")
        if table["safety"] == "read" and (len(sends) != 1 or "pattern" in table):
            self.fail(path, "a read request needs the bytes to `send` (or `send_hex`), and nothing else")
        hexed = table.get("send_hex")
        send = bytes.fromhex(hexed) if hexed else table.get("send", "").encode("latin-1")
        return Request(name=name, safety=table["safety"], send=send, pattern=table.get("pattern", ""))

    def _message(self, name: str, data: object, checksums: Mapping[str, ChecksumRule]) -> Message:
        path: Path = ("messages", name)
        self._named(name, path)
        table = self._checked(data, shape.TOLD_MESSAGE if self._spoken else shape.MESSAGE, path)
        if "checksum" in table and table["checksum"] not in checksums:
            problem = f"no checksum is called {table['checksum']!r}{suggestion(table['checksum'], checksums)}"
            self.fail((*path, "checksum"), problem)
        condition = shape.TOLD if self._spoken else shape.CONDITION
        when = [self._checked(one, condition, (*path, "when", n)) for n, one in enumerate(table.get("when", ()))]
        blocks = dict.fromkeys(table["blocks"], 0) if self._spoken else table["blocks"]
        fields = tuple(self._fields(path, blocks))
        fields, size = laid_out(fields) if self._spoken else (fields, table["size"])
        message = Message(
            name=name,
            request=table.get("request"),
            size=size,
            when=() if self._spoken else tuple((one["at"], one["equals"]) for one in when),
            told=tuple((one["path"], one["equals"]) for one in when) if self._spoken else (),
            columns=table.get("columns", 0),
            checksum=checksums[table["checksum"]] if "checksum" in table else None,
            fields=fields,
            xor_key=table.get("xor_key", 0),
            then=table.get("then"),
            by_request=table.get("by_request", False),
        )
        self._refuse(message_problem(message), path)
        return message

    def _fields(self, path: Path, placed: Mapping[str, object]) -> list[Field]:
        """Return the fields of all blocks that a message places."""
        fields = []
        blocks = self.data["blocks"]
        for block, base in placed.items():
            if block not in blocks:
                self.fail((*path, "blocks", block), f"no block is called {block!r}{suggestion(block, blocks)}")
            if not shape.OFFSET.fits(base) or not isinstance(base, int):
                self.fail((*path, "blocks", block), f"must be {shape.OFFSET.words}")
            if not isinstance(blocks[block], dict):
                self.fail(("blocks", block), "must be a table of fields")
            for name, field in blocks[block].items():
                fields.append(self._field(name, field, base, ("blocks", block, name)))
        return fields

    def _field(self, name: str, data: object, base: int, path: Path) -> Field:
        if not shape.IDENTIFIER.fits(name) or keyword.iskeyword(name) or name in RESERVED:
            self.fail(path, f"{name!r} cannot name a field: lower-case words joined by _, none that Python reserves")
        table = self._checked(data, shape.TOLD_FIELD if self._spoken else shape.FIELD, path)
        if not table.get("raw") and name not in FIELD_NAMES:
            known = suggestion(name, FIELD_NAMES)
            self.fail(path, f"{name!r} is no value of a reading{known} (otherwise mark it `raw = true`)")
        at = "path" if self._spoken else "at"
        if (at in table) == ("plus" in table) or ("plus" in table) != ("minus" in table):
            self.fail(path, f"needs either `{at}`, or `plus` and `minus`")
        options = {key: table[key] for key in _PLAIN_KEYS if key in table}
        if "absent" in table:
            options["absent"] = Absent(**self._checked(table["absent"], shape.ABSENT, (*path, "absent")))
        if "sign" in table:
            sign = self._checked(table["sign"], shape.SIGN, (*path, "sign"))
            options["sign"] = Sign(**{**sign, "at": base + sign["at"]})
        if "count_at" in table:
            options["count_at"] = base + table["count_at"]
        if self._spoken:
            options |= places_of(table)
        else:
            options["at"] = base + (table["at"] if "at" in table else table["plus"])
            options["minus"] = base + table["minus"] if "minus" in table else None
        field = Field(
            name=name,
            type=table["type"],
            unknown=tuple(table.get("unknown", ())),
            valid=(table["valid"][0], table["valid"][1]) if "valid" in table else None,
            bits=tuple(self._bit(bit, (*path, "bits", number)) for number, bit in enumerate(table.get("bits", ()))),
            **options,
        )
        self._refuse(field_problem(field), path)
        return field

    def _bit(self, data: object, path: Path) -> Bit:
        table = self._checked(data, shape.BIT, path)
        if len(table) != 2:
            self.fail(path, "needs one of `alarm`, `switch` and `name`")
        if "alarm" in table:
            return Bit(bit=table["bit"], name=table["alarm"], role="alarm")
        if "switch" in table:
            if table["switch"] not in SWITCHES:
                self.fail(path, f"{table['switch']!r} is no switch{suggestion(table['switch'], SWITCHES)}")
            return Bit(bit=table["bit"], name=table["switch"], role="switch")
        return Bit(bit=table["bit"], name=table["name"], role="name")

    def _rule(self, number: int, table: Mapping[str, Any]) -> Rule:
        path: Path = ("plausible", number)
        self._checked({"check": table.get("check")} if "check" in table else {}, shape.RULE, path)
        check = CHECKS[table["check"]]
        for key, value in table.items():
            if key not in ("check", *check.keys):
                self.fail((*path, key), f"unknown key{suggestion(key, check.keys)}")
            if key != "check" and (problem := check.problem(key, value)):
                self.fail((*path, key), problem)
        missing = [key for key in check.keys if key not in table]
        if missing:
            self.fail(path, f"misses the key {missing[0]!r}")
        return Rule(check=table["check"], parameters={key: table[key] for key in check.keys})


def places_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the numbers of a field in text stand; ``laid_out`` gives each its place in the payload."""
    if "path" not in table:
        return {"at": 0, "minus": 0, "paths": (table["plus"], table["minus"])}
    paths = [table["path"]] if isinstance(table["path"], str) else table["path"]
    places = tuple(place for path in paths for place in expanded(path) or ())
    return {"at": 0, "paths": places, "count": len(places)}


def laid_out(fields: Sequence[Field]) -> tuple[tuple[Field, ...], int]:
    """Return fields in text, each behind the one before, and the bytes that they take together."""
    found, at = [], 0
    for field in fields:
        size = width(field.type)
        found.append(replace(field, at=at, minus=None if field.minus is None else at + size))
        at += size * len(field.paths)
    return tuple(found), at


_PLAIN_KEYS = (
    "mask",
    "count",
    "step",
    "least",
    "prefix",
    "suffix",
    "base",
    "decimals",
    "scale",
    "offset",
    "unit",
    "raw",
    "default",
    "collapse",
    "evidence",
    "note",
)
