"""From the text of a description file to a checked ``Description``; every error names file, line and key."""

import keyword
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, cast

from bmsreader.model.errors import DescriptionError
from bmsreader.protocol.checksum import ALGORITHMS
from bmsreader.protocol.description import (
    Absent,
    Bit,
    BleProfile,
    ChecksumRule,
    Description,
    Field,
    Framing,
    Hints,
    LengthRule,
    Message,
    Request,
    Rule,
    Safety,
)
from bmsreader.protocol.locate import line_of
from bmsreader.protocol.numbers import BOOL, BYTES, NUMBERS, width
from bmsreader.protocol.rules import CHECKS
from bmsreader.protocol.vocabulary import FIELD_NAMES, NAME, RESERVED, SWITCHES

Path = tuple[str | int, ...]


def parse(text: str, *, source: str = "description") -> Description:
    """Return the description in the text.

    The structure (which keys exist, which types they have) is what the published JSON Schema says; files that are
    not shipped with the program are validated against it first. Raise DescriptionError for whatever is wrong.
    """
    return Parser(text, source).description()


class Parser:
    """One description file while it is read."""

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise DescriptionError(f"{source}: not TOML: {error}") from error

    def fail(self, path: Sequence[str | int], problem: str) -> NoReturn:
        """Raise the error for a key, with its file and line."""
        key = ".".join(map(str, path)) or "file"
        raise DescriptionError(f"{self._source}:{line_of(self._text, path)}: {key}: {problem}")

    def description(self) -> Description:
        """Return the whole description."""
        data = self.data
        checksums = {name: self._checksum(name, table) for name, table in data["checksums"].items()}
        requests = {name: self._request(name, table) for name, table in data["requests"].items()}
        self._refuse_known_writes(requests)
        messages = {name: self._message(name, table, checksums) for name, table in data["messages"].items()}
        for name, message in messages.items():
            if message.request not in requests or requests[message.request].safety != "read":
                self.fail(("messages", name, "request"), f"no read request is called {message.request!r}")
            if message.then is not None and message.then not in messages:
                self.fail(("messages", name, "then"), f"no message is called {message.then!r}")
        return Description(
            id=data["id"],
            name=data["name"],
            brands=tuple(data.get("brands", ())),
            sources=tuple(data.get("sources", ())),
            profiles=tuple(BleProfile(**{k: v.lower() for k, v in table.items()}) for table in data.get("ble", ())),
            hints=Hints(
                names=tuple(data.get("hints", {}).get("names", ())),
                manufacturer_ids=frozenset(data.get("hints", {}).get("manufacturer_ids", ())),
            ),
            baudrate=data.get("serial", {}).get("baudrate"),
            framing=self._framing(data["framing"]),
            requests=requests,
            messages=messages,
            rules=tuple(self._rule(number, table) for number, table in enumerate(data.get("plausible", ()))),
        )

    def _framing(self, table: Mapping[str, Any]) -> Framing:
        length = table.get("length")
        if length and length["type"] not in NUMBERS:
            self.fail(("framing", "length", "type"), f"unknown type {length['type']!r}; known: {', '.join(NUMBERS)}")
        return Framing(
            start=table["start"].encode("latin-1"),
            end=table["end"].encode("latin-1"),
            encoding=table["encoding"],
            limit=table["limit"],
            ignore=table.get("ignore", "").encode("latin-1"),
            xor_key_at=table["xor"]["key_at"] if "xor" in table else None,
            length=LengthRule(at=length["at"], type=length["type"], counts=tuple(length["counts"])) if length else None,
        )

    def _checksum(self, name: str, table: Mapping[str, Any]) -> ChecksumRule:
        if table["algorithm"] not in ALGORITHMS:
            known = ", ".join(ALGORITHMS)
            self.fail(("checksums", name, "algorithm"), f"unknown algorithm {table['algorithm']!r}; known: {known}")
        return ChecksumRule(name=name, **table)

    def _request(self, name: str, table: Mapping[str, Any]) -> Request:
        safety = cast(Safety, table["safety"])
        if safety == "read" and "send" not in table:
            self.fail(("requests", name), "a read request needs the bytes to `send`")
        if safety == "write" and ("send" in table or "pattern" not in table):
            self.fail(("requests", name), "a write is never sent: describe it by `pattern` only")
        send = bytes.fromhex(table["send_hex"]) if "send_hex" in table else table.get("send", "").encode("latin-1")
        return Request(name=name, safety=safety, send=send, pattern=table.get("pattern", ""))

    def _refuse_known_writes(self, requests: Mapping[str, Request]) -> None:
        writes = [request for request in requests.values() if request.safety == "write"]
        for request in requests.values():
            text = request.send.decode("latin-1")
            for write in writes:
                if request.safety == "read" and re.match(write.pattern, text):
                    self.fail(("requests", request.name, "send"), f"matches the known write command {write.name!r}")

    def _message(self, name: str, table: Mapping[str, Any], checksums: Mapping[str, ChecksumRule]) -> Message:
        path: Path = ("messages", name)
        if table["checksum"] not in checksums:
            self.fail((*path, "checksum"), f"no checksum is called {table['checksum']!r}")
        size = table["size"]
        fields: list[Field] = []
        for block, base in table["blocks"].items():
            if block not in self.data["blocks"]:
                self.fail((*path, "blocks"), f"no block is called {block!r}")
            for field_name, field_table in self.data["blocks"][block].items():
                fields.append(self._field(field_name, field_table, base, ("blocks", block, field_name)))
        for field in fields:
            last = max(field.at, field.minus or 0) + width(field.type) * field.count
            if field.at < 0 or last > size:
                self.fail((*path, "size"), f"field {field.name!r} ends at byte {last} of {size}")
        return Message(
            name=name,
            request=table["request"],
            size=size,
            when=tuple((condition["at"], condition["equals"]) for condition in table["when"]),
            checksum=checksums[table["checksum"]],
            fields=tuple(fields),
            xor_key=table.get("xor_key", 0),
            then=table.get("then"),
        )

    def _field(self, name: str, table: Mapping[str, Any], base: int, path: Path) -> Field:
        if not re.fullmatch(NAME, name) or keyword.iskeyword(name) or name in RESERVED:
            self.fail(path, f"{name!r} cannot name a field: lower-case words joined by _, none that Python reserves")
        if table["type"] not in (*NUMBERS, BYTES, BOOL):
            self.fail((*path, "type"), f"unknown type {table['type']!r}; known: {', '.join((*NUMBERS, BYTES, BOOL))}")
        if not table.get("raw") and name not in FIELD_NAMES:
            self.fail(
                path, f"{name!r} is no value of a reading; known: {', '.join(FIELD_NAMES)}; or mark it `raw = true`"
            )
        options = {key: table[key] for key in _PLAIN_KEYS if key in table}
        if "absent" in table:
            options["absent"] = Absent(**table["absent"])
        return Field(
            name=name,
            type=table["type"],
            at=base + table.get("at", table.get("plus", 0)),
            minus=base + table["minus"] if "minus" in table else None,
            unknown=tuple(table.get("unknown", ())),
            valid=(table["valid"][0], table["valid"][1]) if "valid" in table else None,
            bits=tuple(self._bit(bit, (*path, "bits")) for bit in table.get("bits", ())),
            **options,
        )

    def _rule(self, number: int, table: Mapping[str, Any]) -> Rule:
        path: Path = ("plausible", number)
        if table["check"] not in CHECKS:
            self.fail((*path, "check"), f"unknown check {table['check']!r}; known: {', '.join(CHECKS)}")
        parameters = {key: value for key, value in table.items() if key != "check"}
        if problem := CHECKS[table["check"]].problem(parameters):
            self.fail(path, problem)
        return Rule(check=table["check"], parameters=parameters)

    def _bit(self, table: Mapping[str, Any], path: Path) -> Bit:
        if "alarm" in table:
            if not re.fullmatch(NAME, table["alarm"]):
                self.fail(path, f"{table['alarm']!r} is no alarm name: lower-case words joined by _")
            return Bit(bit=table["bit"], name=table["alarm"], role="alarm")
        if "switch" in table:
            if table["switch"] not in SWITCHES:
                self.fail(path, f"{table['switch']!r} is no switch; known: {', '.join(SWITCHES)}")
            return Bit(bit=table["bit"], name=table["switch"], role="switch")
        return Bit(bit=table["bit"], name=table["name"], role="name")


_PLAIN_KEYS = ("count", "scale", "offset", "unit", "raw", "default", "collapse", "evidence", "note")
