"""A block: some readings of one battery as packed columns, with a header that describes them and a checksum."""

import json
import struct
import zlib
from collections.abc import Collection, Mapping
from typing import Any

from bmsreader.model.errors import StoreError
from bmsreader.store import columns
from bmsreader.store.columns import Column
from bmsreader.store.integers import Spec, deflate_text, inflate

VERSION = 1
"""First byte of every block; a program refuses blocks of a version that it does not know."""
PREFIX = struct.Struct("<BIH")
"""Version; CRC-32 of all that follows it; length of the header."""
AFTER_CHECKSUM = 5
"""Where the bytes begin that the checksum covers."""
MOST = 1 << 20
"""Values in a column; a block that claims more is damaged."""

USUAL = (
    b'[96,[["quarter",0,"i","c",0,1],["low",0,"f",3,"d",3321,0],["total",0,"f",3,"d",3321,0],["high",0,"f",3,"d",3321,0],'
    b'["last",0,"f",3,"d",3321,0],["last_at",0,"i","d",899000,900000],["count",0,"i","d",900,0]]]'
    b'[3600,[["taken_at",57,"i","d",1772323200000,1000],["protocol",0,"=","ej2"],["variant",0,"=","short_status+capacity"],'
    b'["variant",0,"=","status"],["pack_voltage",42,"f",3,"d",13283,0],["current",39,"f",1,"d",129,0],["soc",0,"=",60],'
    b'["remaining_capacity",0,"=",58.0],["full_charge_capacity",0,"=",97.0],["design_capacity",0,"=",100.0],'
    b'["cycle_count",0,"=",49],["time_to_empty",0,"=",null],["time_to_full",21,"f",0,"d",10800,0],["health",0,"=",null],'
    b'["max_error",0,"=",null],["alarms",0,"=",[]],["charge_switch",0,"=",true],["discharge_switch",0,"=",true],'
    b'["charge_enabled",0,"=",true],["discharge_enabled",0,"=",true],["heater",0,"=",false],["derived",0,"=",["pack_voltage"'
    b']],["notes",0,"=",[]],["cell_1",33,"f",3,"d",3320,0],["cell_2",32,"f",3,"d",3321,0],["cell_3",31,"f",3,"d",3321,0],'
    b'["cell_4",33,"f",3,"d",3321,0],["temperature_1",0,"=",18.0],["temperature_2",0,"=",18.0],["signal",42,"i","d",-62,0]]]'
)
"""What headers are mostly like: deflate's preset dictionary, part of version 1 and never to be changed within it."""

_dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def encode(count: int, packed: Mapping[str, Column], *, slopes: Mapping[str, int] | None = None) -> bytes:
    """Return a block of so many rows. ``slopes`` says by how much whole numbers of a column usually grow per row."""
    described: list[list[Any]] = []
    parts = []
    for name, values in packed.items():
        spec, data = columns.pack(values, slope=(slopes or {}).get(name, 0))
        described.append([name, len(data), *spec])
        parts.append(data)
    header = deflate_text(_dumps([count, described]).encode(), USUAL)
    body = struct.pack("<H", len(header)) + header + b"".join(parts)
    return struct.pack("<BI", VERSION, zlib.crc32(body)) + body


class Block:
    """A block that was encoded: columns are unpacked when they are asked for. Raises StoreError where it is damaged."""

    def __init__(self, data: bytes) -> None:
        if len(data) < PREFIX.size:
            raise StoreError(f"a segment of only {len(data)} bytes")
        version, checksum, length = PREFIX.unpack_from(data)
        if version != VERSION:
            raise StoreError(f"a segment of version {version}", advice="Update bmsreader, or restore a backup.")
        if zlib.crc32(memoryview(data)[AFTER_CHECKSUM:]) != checksum:
            raise StoreError("a segment is damaged: its checksum is wrong")
        begin = PREFIX.size + length
        try:
            self.count, described = json.loads(inflate(data[PREFIX.size : begin], USUAL))
            self._specs: dict[str, tuple[Spec, int, int]] = {}
            for name, size, *spec in described:
                self._specs[name] = (spec, begin, begin + size)
                begin += size
            sound = 0 < self.count <= MOST and begin == len(data)
        except (ValueError, TypeError) as error:
            raise StoreError(f"the header of a segment is damaged: {error}") from error
        if not sound:
            raise StoreError("the header of a segment does not fit its columns")
        self._data = data
        self._unpacked: dict[str, list[Any]] = {}

    @property
    def names(self) -> Collection[str]:
        """The names of all columns."""
        return self._specs.keys()

    def column(self, name: str) -> list[Any] | None:
        """Return the values of a column, or None where the block has no such column."""
        if name not in self._specs:
            return None
        if name not in self._unpacked:
            spec, begin, end = self._specs[name]
            try:
                self._unpacked[name] = columns.unpack(spec, self._data[begin:end], self.count)
            except (ValueError, TypeError, LookupError, ArithmeticError, StopIteration) as error:
                raise StoreError(f"the column {name} of a segment is damaged: {error}") from error
        return self._unpacked[name]

    def constant(self, name: str) -> tuple[Any] | None:
        """Return the one value that a whole column has, in a tuple of its own; None where values differ."""
        spec = self._specs[name][0] if name in self._specs else ["", None]
        return (spec[1],) if spec[0] == "=" else None
