"""Fields one by one, both ways: payload <-> raw numbers <-> values. The plain counterpart of the generated decoder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import cast

from bmsreader.protocol.description import Field, Message, Sign
from bmsreader.protocol.numbers import BOOL, BYTES, NUMBERS, REALS, width
from bmsreader.protocol.vocabulary import SEVERAL, TIME_TO_GO, list_of

Raw = int | float | bytes | tuple[int | float, ...]
"""Whole numbers but for the floats of the language, where NaN is what the battery does not report."""
Value = float | str | bool | bytes | tuple[float, ...] | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """One field of a received message with everything that is known about it."""

    name: str
    at: int
    """Offset in the payload, bytes."""
    size: int
    raw: Raw
    """The number, numbers or bytes as sent; for paired words plus minus minus."""
    value: Value
    """In the unit; None = not reported."""
    unit: str
    evidence: str
    note: str


def read_raw(field: Field, payload: bytes) -> Raw:
    """Return the raw number(s) of a field."""
    if field.type == BYTES:
        return payload[field.at : field.at + field.count]
    if field.minus is not None:
        return _number(field, payload, field.at) - _number(field, payload, field.minus)
    if field.sign is not None:
        number = _number(field, payload, field.at)
        return -number if is_negative(field.sign, payload) else number
    count = field.count if field.count_at is None else min(field.count, payload[field.count_at])
    numbers = tuple(_number(field, payload, at) for at in places(field)[:count])
    return numbers if field.count > 1 or field.name in SEVERAL else numbers[0]


def places(field: Field) -> tuple[int, ...]:
    """Return the offsets of a field's numbers."""
    step = field.step or width(field.type)
    return tuple(field.at + number * step for number in range(field.count))


def is_negative(sign: Sign, payload: bytes) -> bool:
    """Return whether the byte that holds a number's sign says that it is negative."""
    return payload[sign.at] & sign.mask == sign.negative & sign.mask


def _number(field: Field, payload: bytes, at: int) -> float:
    if field.type == BOOL:
        return payload[at]
    if field.type in REALS:
        return REALS[field.type].unpack(payload[at : at + width(field.type)])
    kind = NUMBERS[field.type]
    number = kind.unpack(payload[at : at + kind.width])
    return number & field.mask if field.mask else number


def write_raw(field: Field, raw: Raw, payload: bytearray) -> None:
    """Put the raw number(s) of a field into a payload; raise OverflowError when one does not fit."""
    if isinstance(raw, bytes):
        payload[field.at : field.at + field.count] = raw.ljust(field.count, b"\0")[: field.count]
        return
    if field.minus is not None and not isinstance(raw, tuple):
        _put(field, max(raw, 0), field.at, payload)
        _put(field, max(-raw, 0), field.minus, payload)
        return
    if field.sign is not None and not isinstance(raw, tuple):
        _put_sign(field.sign, payload, negative=raw < 0)
        raw = abs(raw)
    numbers = raw if isinstance(raw, tuple) else (raw,)
    for at, number in zip(places(field), numbers, strict=False):
        _put(field, number, at, payload)


def write_count(field: Field, raw: Raw, payload: bytearray) -> None:
    """Say in a payload how many of a field's numbers are used, where the battery says it."""
    if field.count_at is not None:
        payload[field.count_at] = min(field.count, len(raw)) if isinstance(raw, tuple) else 0


def _put_sign(sign: Sign, payload: bytearray, *, negative: bool) -> None:
    word = sign.negative if negative else sign.positive
    payload[sign.at] = payload[sign.at] & ~sign.mask | word & sign.mask


def _put(field: Field, number: float, at: int, payload: bytearray) -> None:
    if field.type in REALS:
        payload[at : at + width(field.type)] = REALS[field.type].pack(number)
        return
    number = int(number)
    if field.mask:
        kind = NUMBERS[field.type]
        if number > field.mask:
            raise OverflowError(f"{number} is outside 0 to {field.mask}")
        number |= kind.unpack(bytes(payload[at : at + kind.width])) & ~field.mask
    data = bytes([number & 0xFF]) if field.type == BOOL else NUMBERS[field.type].pack(number)
    payload[at : at + len(data)] = data


def scaled(field: Field, raw: float) -> float:
    """Return raw x scale + offset, dividing where that is exact: 3257 / 1000, not 3257 * 0.001."""
    divisor = divisor_of(field.scale)
    number = raw / divisor if divisor else raw * field.scale
    number = number + field.offset if field.offset else number
    return round(number) if is_counted(field) else number


def is_counted(field: Field) -> bool:
    """Return whether a field is a whole number that is sent as one that need not be."""
    return field.name == "cycle_count" and field.type in REALS


def divisor_of(scale: float) -> int | None:
    """Return n where the scale is 1/n for a whole n > 1."""
    inverse = round(1 / scale)
    return inverse if inverse > 1 and abs(1 / inverse - scale) < 1e-12 else None


def unscaled(field: Field, value: float) -> float:
    """Return the raw number nearest to a value."""
    number = (value - field.offset) / field.scale
    return number if field.type in REALS else round(number)


def reported(field: Field, raw: float) -> bool:
    """Return whether a raw number is a report, not one of the field's "unknown" marks, and is a number at all."""
    return raw == raw and raw not in field.unknown and (field.valid is None or field.valid[0] <= raw <= field.valid[1])


def used_places(raws: Sequence[float]) -> int:
    """Return how many numbers there are up to the last one that is not 0."""
    return max((number for number, raw in enumerate(raws, 1) if raw), default=0)


def numbered(raws: Iterable[float]) -> tuple[float, ...]:
    """Return numbers with 0 for those that are none, as an unused or dead cell is 0."""
    return tuple([raw if raw == raw else 0 for raw in raws])


def present_sensors(field: Field, raws: Sequence[float]) -> tuple[float, ...]:
    """Return the values of the sensors that are there: the absent-sensor rule, see ``Field``."""
    raws = [raw for raw in raws if raw == raw] if field.type in REALS else raws
    raws = [raw for raw in raws if raw not in field.unknown] if field.unknown else raws
    if not raws:
        return ()
    if field.collapse and len(set(raws)) == 1:
        return (scaled(field, raws[0]),)
    absent = field.absent
    if absent is not None and abs(raws[0] - absent.raw) > absent.beyond:
        raws = (raws[0], *(raw for raw in raws[1:] if raw != absent.raw))
    return tuple(scaled(field, raw) for raw in raws)


def to_value(field: Field, raw: Raw) -> Value:
    """Return the value that a raw number stands for; None where the battery did not report it."""
    if isinstance(raw, bytes):
        return raw
    if field.bits and isinstance(raw, int):
        return tuple(bit.name for bit in field.bits if raw >> bit.bit & 1)
    if field.type == BOOL:
        return bool(raw)
    if isinstance(raw, tuple):
        if list_of(field.name) == "temperatures":
            return present_sensors(field, raw)
        raw = numbered(raw)
        used = len(raw) if field.count_at is not None else max(field.least, used_places(raw))
        return tuple(scaled(field, number) for number in raw[:used])
    return scaled(field, raw) if reported(field, raw) else None


def to_raw(field: Field, values: Mapping[str, object]) -> Raw | None:
    """Return the raw number(s) for the values of a reading, or None where the values say nothing of this field."""
    if field.bits:
        return _status_word(field, values)
    if field.name == TIME_TO_GO:
        value = values.get("time_to_full") or values.get("time_to_empty")
    else:
        value = values.get(field.name)
    if value is None:
        return None
    if isinstance(value, bytes):
        return value
    if field.type == BOOL:
        return int(bool(value))
    if isinstance(value, (tuple, list)):
        raws = tuple(unscaled(field, cast(float, item)) for item in value)
        return _all_sensors(field, raws) if list_of(field.name) == "temperatures" else raws
    return unscaled(field, cast(float, value))


def _all_sensors(field: Field, raws: tuple[float, ...]) -> tuple[float, ...]:
    """Fill the sensors that a reading left out: one alone stands for all, others are absent."""
    if not raws or len(raws) == field.count or field.count_at is not None:
        return raws
    if field.unknown:
        return raws + (field.unknown[0],) * (field.count - len(raws))
    if field.type in REALS and not field.collapse:
        return raws + (nan,) * (field.count - len(raws))
    filler = raws[0] if field.collapse and len(raws) == 1 else field.absent.raw if field.absent else 0
    return raws + (filler,) * (field.count - len(raws))


def _status_word(field: Field, values: Mapping[str, object]) -> int:
    word = field.default
    alarms = values.get("alarms") or ()
    names = values.get(field.name)
    for bit in field.bits:
        state: object = None
        if bit.role == "alarm":
            state = isinstance(alarms, (tuple, list)) and bit.name in alarms
        elif bit.role == "switch":
            state = values.get(bit.name)
        elif isinstance(names, (tuple, list)):
            state = bit.name in names
        if state is not None:
            word = word | 1 << bit.bit if state else word & ~(1 << bit.bit)
    return word


def explain(message: Message, payload: bytes) -> tuple[FieldValue, ...]:
    """Return every field of a payload with raw number, value, evidence and note, in the order of the bytes."""
    found = []
    for field in sorted(message.fields, key=lambda field: field.at):
        raw = read_raw(field, payload)
        found.append(
            FieldValue(
                name=field.name,
                at=field.at,
                size=(field.step or width(field.type)) * (field.count - 1) + width(field.type),
                raw=raw,
                value=to_value(field, raw),
                unit=field.unit,
                evidence=field.evidence,
                note=field.note,
            )
        )
    return tuple(found)
