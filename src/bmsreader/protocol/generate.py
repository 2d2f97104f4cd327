"""Turn the field table of one message, or of messages that complete each other, into a decoder.

The decoder is Python source made from the description and compiled once, as ``dataclasses`` does it: seven
notifications become a checked reading several times faster than by walking the table. Nothing of a description
reaches the source but field names of the vocabulary, checked identifiers, and numbers.
"""

import struct
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import datetime
from math import inf
from typing import Any, cast

from bmsreader.model.reading import FIELDS, Reading
from bmsreader.protocol.description import Description, Field, Message, Rule
from bmsreader.protocol.fields import divisor_of, is_counted, numbered, places, present_sensors, scaled, used_places
from bmsreader.protocol.numbers import ALL_NUMBERS, BOOL, BYTES, REALS
from bmsreader.protocol.rules import CHECKS
from bmsreader.protocol.vocabulary import LISTS, NUMERIC, SEVERAL, SWITCHES, TIME_TO_GO, TIMES, list_of

Decoder = Callable[[bytes, int, str, datetime, tuple[bytes, ...], tuple[str, ...]], Reading | str]
"""(payload, known cells, battery, taken at, frames, notes) -> reading, or the reason why it cannot be real."""


TYPICAL = 4
"""Cells of a 12 V LiFePO4 pack."""


class Draft:
    """A reading while the generated decoder fills it; then it becomes a ``Reading`` and is frozen.

    Assigning slots of a plain class and changing the class takes a tenth of the time of a frozen ``__init__``.
    """

    __slots__ = Reading.__slots__


def decoder_source(description: Description, parts: Sequence[Message]) -> tuple[str, dict[str, object]]:
    """Return the source of the decoder and the objects that it refers to."""
    sent = {field.name for message in description.messages.values() for field in message.fields}
    table = _Table(parts, sent)
    rules = [line for rule in description.rules for line in _rule(table, rule)]  # first: they say what they need
    body = [*table.extraction(), *rules, *table.construction(description.id)]
    head = "def decode(_payload, _known, battery, taken_at, frames, notes):"
    return "\n    ".join([head, *body]), table.names


def make_decoder(description: Description, parts: Sequence[Message]) -> Decoder:
    """Return the decoder of messages whose payloads are handed over joined."""
    source, names = decoder_source(description, parts)
    exec(compile(source, f"<decoder of {description.id}>", "exec"), names)  # noqa: S102 - see the module's docstring
    return cast(Decoder, names["decode"])


def _rule(table: "_Table", rule: Rule) -> list[str]:
    return list(CHECKS[rule.check].emit(table, dict(rule.parameters)))


class _Table:
    """The fields of one or several messages, laid one behind the other."""

    def __init__(self, parts: Sequence[Message], sent: Set[str]) -> None:
        """Lay the fields out; ``sent`` are those that the battery sends in any message."""
        self.names: dict[str, object] = {"_new": object.__new__, "_Draft": Draft, "_Reading": Reading}
        self._variant = "+".join(part.name for part in parts)
        self._fields: dict[str, tuple[Field, int]] = {}
        base = 0
        for part in parts:
            for field in part.fields:
                self._fields.setdefault(field.name, (field, base))
            base += part.size
        self._slots: dict[int, str] = {}
        self._lists = {name: self._groups_of(name) for name in LISTS}
        self._derived = list(self._derivable(sent))
        self._needed: set[str] = set()
        self._switches: set[str] = set()
        self._unpack = self._struct()

    def _groups_of(self, name: str) -> list[str]:
        """Return the fields that make up a list, in order."""
        return sorted((field for field in self._fields if list_of(field) == name), key=SEVERAL.index)

    def _derivable(self, sent: Set[str]) -> Iterator[str]:
        """Yield the values that follow from others where the battery does not send them."""
        if "pack_voltage" not in self._fields and self._lists["cell_voltages"]:
            yield "pack_voltage"
        if "soc" not in sent and {"remaining_capacity", "full_charge_capacity"} <= set(self._fields):
            yield "soc"

    # what the rules ask

    def has(self, name: str) -> bool:
        self._needed.add(name)
        return name in self._fields or name in self._derived or bool(self._lists.get(name))

    def span(self, name: str) -> tuple[float, float]:
        """Return the lowest and highest value that the bytes of a field can say."""
        field = self._fields[name][0] if name in self._fields else None
        if field is None or field.type in (BYTES, BOOL):
            return -inf, inf
        number = ALL_NUMBERS[field.type]
        high = field.mask or number.high
        least = number.low - (high if field.minus is not None or field.sign is not None else 0)
        ends = [scaled(field, end) for end in (least, high)]
        return min(ends), max(ends)

    def maybe_none(self, name: str) -> bool:
        field = self._fields[name][0] if name in self._fields else None
        return name == "soc" in self._derived or (
            field is not None and bool(field.unknown or field.valid or field.type in REALS)
        )

    def constant(self, value: object) -> str:
        name = f"_k{len(self.names)}"
        self.names[name] = value
        return name

    def words(self, name: str) -> tuple[str, str] | None:
        field, base = self._fields.get(name, (None, 0))
        if field is None or field.minus is None:
            return None
        return self._slots[base + field.at], self._slots[base + field.minus]

    # how the payload is taken apart

    def _struct(self) -> list[str]:
        """Lay one ``struct`` per byte order over all numbers and remember which item each offset is."""
        lines: list[str] = []
        for mark, order in ((">", "big"), ("<", "little")):
            words: dict[int, str] = {}
            for field, base in self._fields.values():
                if field.type == BYTES:
                    continue
                kind = ALL_NUMBERS["u8" if field.type == BOOL else field.type]
                if kind.order != order or not kind.code:
                    continue
                for at in self._places(field):
                    words[base + at] = kind.code[1]
            lines += self._unpacking(mark, words)
        return lines + [line for field, base in self._fields.values() for line in self._odd(field, base)]

    @staticmethod
    def _places(field: Field) -> tuple[int, ...]:
        return places(field) if field.minus is None else (field.at, field.minus)

    def _odd(self, field: Field, base: int) -> Iterator[str]:
        """Read the numbers that ``struct`` does not know, one by one."""
        if field.type in (BYTES, BOOL) or ALL_NUMBERS[field.type].code:
            return
        kind = ALL_NUMBERS[field.type]
        read = self.constant(kind.unpack)
        for at in self._places(field):
            name = f"_v{len(self.names)}_{at}"
            self._slots[base + at] = name
            yield f"{name} = {read}(_payload[{base + at}:{base + at + kind.width}])"

    def _unpacking(self, mark: str, words: dict[int, str]) -> Iterator[str]:
        """Read all words in one go; where fields overlap, in as many goes as it takes."""
        rest = sorted(words)
        while rest:
            layout, position, index, left = mark, 0, 0, []
            name = f"_v{len(self.names)}"
            for at in rest:
                if at < position:
                    left.append(at)
                    continue
                layout += f"{at - position}x{words[at]}" if at > position else words[at]
                position = at + struct.calcsize(mark + words[at])
                self._slots[at] = f"{name}[{index}]"
                index += 1
            unpack = self.constant(struct.Struct(layout).unpack_from)
            yield f"{name} = {unpack}(_payload)"
            rest = left

    def extraction(self) -> Iterator[str]:
        """Yield the lines that turn the payload into local variables named as the values are."""
        yield from self._unpack
        yield "alarms = ()"
        for field, base in sorted(self._fields.values(), key=lambda item: item[0].name == TIME_TO_GO):
            if not field.raw or field.bits or field.name in self._needed:
                yield from self._field(field, base)
        for name, groups in self._lists.items():
            if groups and groups != [name]:
                yield f"{name} = {' + '.join(groups)}"
        if "pack_voltage" in self._derived:
            alone = self._lists["cell_voltages"] == ["cell_voltages"]
            total = _scale(self._fields["cell_voltages"][0], "sum(_cells)") if alone else "sum(cell_voltages)"
            yield f"pack_voltage = {total}"
        if "soc" in self._derived:
            reported = "remaining_capacity is not None and full_charge_capacity"
            yield f"soc = round(100 * remaining_capacity / full_charge_capacity, 1) if {reported} else None"

    def _field(self, field: Field, base: int) -> Iterator[str]:
        if field.type == BYTES:
            yield f"{field.name} = _payload[{base + field.at}:{base + field.at + field.count}]"
            return
        word = self._slots[base + field.at]
        if list_of(field.name) == "cell_voltages":
            yield from self._cells(field, base)
        elif list_of(field.name) == "temperatures":
            yield from self._temperatures(field, base)
        elif field.bits:
            yield from self._bits(field, word)
        elif field.type == BOOL:
            yield f"{field.name} = {word} != 0"
        elif field.name == TIME_TO_GO:
            yield from self._time_to_go(field, word)
        else:
            yield f"{field.name} = {self._number(field, base)}"

    def _number(self, field: Field, base: int) -> str:
        raw = self._slots[base + field.at]
        signed = ALL_NUMBERS[field.type].signed
        if field.mask:
            raw = f"({raw} & {field.mask})"
        if field.minus is not None:
            raw = f"({raw} - {self._slots[base + field.minus]})"
        elif field.sign is not None:
            sign = field.sign
            negative = f"_payload[{base + sign.at}] & {sign.mask} == {sign.negative & sign.mask}"
            raw = f"(-{raw} if {negative} else {raw})"
        elif signed:
            raw = f"{self.constant(signed)}({raw})"
        value = _scale(field, raw)
        if field.type in REALS and not field.valid:
            value = f"{value} if {raw} == {raw} else None"  # not for NaN
        if field.unknown:
            value = f"None if {raw} in {field.unknown!r} else {value}"
        if field.valid:
            value = f"{value} if {field.valid[0]} <= {raw} <= {field.valid[1]} else None"
        return value

    def _tuple(self, field: Field, base: int) -> str:
        """Return the expression of all raw numbers of a field; usually they stand side by side in what was read."""
        slots = [self._slots[base + at] for at in places(field)]
        name, _, index = slots[0][:-1].partition("[")
        if index and slots == [f"{name}[{int(index) + n}]" for n in range(len(slots))]:
            return f"{name}[{index}:{int(index) + len(slots)}]"
        return f"({', '.join(slots)},)"

    def _cells(self, field: Field, base: int) -> Iterator[str]:
        """Unused slots at the end are dropped, never below the known number of cells; a dead cell keeps its place."""
        size, start = ALL_NUMBERS[field.type].width, base + field.at
        yield f"_cells = {self._tuple(field, base)}"
        if field.type in REALS:
            yield f"_cells = {self.constant(numbered)}(_cells)"
        if field.count_at is not None:
            yield f"_count = _payload[{base + field.count_at}]"
        elif field.step or field.type in REALS:
            yield f"_count = {self.constant(used_places)}(_cells)"
        else:
            used = f"len(_payload[{start}:{start + size * field.count}].rstrip(b'\\0'))"
            yield f"_count = ({used} + {size - 1}) // {size}"
        groups = self._lists["cell_voltages"]
        if field.name != groups[-1]:
            yield f"_count = {field.count}"
        before = sum(self._fields[name][0].count for name in groups[: groups.index(field.name)])
        known = f"_known - {before}" if before else "_known"
        yield f"if _count < {known}: _count = {known}"
        if field.least:
            yield f"if _count < {field.least}: _count = {field.least}"
        yield "_cells = _cells[:_count]"
        if field.count >= TYPICAL:  # spelled out for the most common pack: a loop takes twice as long
            yield f"if _count == {TYPICAL}:"
            yield f"    {field.name} = ({', '.join(_scale(field, f'_cells[{i}]') for i in range(TYPICAL))})"
            yield f"else: {field.name} = tuple([{_scale(field, '_cell')} for _cell in _cells])"
        else:
            yield f"{field.name} = tuple([{_scale(field, '_cell')} for _cell in _cells])"

    def _temperatures(self, field: Field, base: int) -> Iterator[str]:
        sensors = self.constant(lambda raws: present_sensors(field, raws))
        yield f"_raws = {self._tuple(field, base)}"
        if field.count_at is not None:
            yield f"_raws = _raws[:_payload[{base + field.count_at}]]"
        if signed := ALL_NUMBERS[field.type].signed:
            yield f"_raws = tuple(map({self.constant(signed)}, _raws))"
        if field.collapse and field.count_at is None and not field.unknown and field.type not in REALS:
            yield f"if _raws.count(_raws[0]) == {field.count}: {field.name} = ({_scale(field, '_raws[0]')},)"
            yield f"else: {field.name} = {sensors}(_raws)"
        else:
            yield f"{field.name} = {sensors}(_raws)"

    def _bits(self, field: Field, word: str) -> Iterator[str]:
        alarms = tuple((1 << bit.bit, bit.name) for bit in field.bits if bit.role == "alarm")
        yield f"{field.name} = _word = {word}"
        if alarms:
            mask = sum(bit for bit, _ in alarms)
            yield f"if _word & {mask}: alarms += tuple([_n for _b, _n in {self.constant(alarms)} if _word & _b])"
        for bit in field.bits:
            if bit.role == "switch":
                yield f"{bit.name} = _word & {1 << bit.bit} != 0"
                self._switches.add(bit.name)

    def _time_to_go(self, field: Field, word: str) -> Iterator[str]:
        yield "time_to_full = time_to_empty = None"
        if not self.has("current"):
            return
        current = " and current is not None" if self.maybe_none("current") else ""
        yield f"if {word} not in {field.unknown!r}{current}:"
        yield f"    if current > 0: time_to_full = {_scale(field, word)}"
        yield f"    elif current < 0: time_to_empty = {_scale(field, word)}"

    # how the reading is made

    def construction(self, protocol: str) -> Iterator[str]:
        """Yield the lines that make the reading from the local variables."""
        known = {name for name in self._fields if name in (*NUMERIC, *SWITCHES, *TIMES)}
        known |= {name for name, groups in self._lists.items() if groups} | set(self._derived)
        known |= self._switches
        known |= set(TIMES) if TIME_TO_GO in self._fields else set()
        known |= {"battery", "taken_at", "frames", "notes", "alarms"}
        constants: dict[str, Any] = {"protocol": protocol, "variant": self._variant, "derived": tuple(self._derived)}
        yield "_r = _new(_Draft)"
        for name in FIELDS:
            if name in known:
                yield f"_r.{name} = {name}"
            elif name in constants:
                yield f"_r.{name} = {constants[name]!r}"
            else:
                yield f"_r.{name} = {() if name in ('cell_voltages', 'temperatures') else None!r}"
        yield "_r.__class__ = _Reading"
        yield "return _r"


def _scale(field: Field, raw: str) -> str:
    divisor = divisor_of(field.scale)
    scaled = f"{raw} / {divisor}" if divisor else raw if field.scale == 1 else f"{raw} * {field.scale!r}"
    scaled = f"{scaled} + {field.offset!r}" if field.offset else scaled
    return f"round({scaled})" if is_counted(field) else scaled
