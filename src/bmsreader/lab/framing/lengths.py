"""Length fields: where a frame says how long it is, and what it counts."""

from binascii import Error, unhexlify
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import log2

from bmsreader.lab.evidence import Finding, Length, Notation

OFFSETS = range(16)
HEX_OFFSETS = range(24)
SHAPES: tuple[tuple[int, Notation], ...] = ((1, "big"), (2, "big"), (2, "little"), (2, "hex"), (4, "hex"))
SCALES = (1, 2)
CONSTANTS = range(-4, 41)
"""Bytes that a length field may leave out (or count too much)."""
BEHIND = range(6)
"""Bytes of check value and end behind what a length counts."""
LENGTH_MASK = 0xFFF
SAMPLES = 80


def field_value(length: Length, data: bytes) -> int | None:
    """Return the number in a length field; None where there is none or where its own check fails."""
    field = data[length.at : length.at + length.width]
    if len(field) < length.width:
        return None
    if length.notation != "hex":
        return int.from_bytes(field, length.notation)
    value = digits(field)
    if value is None or not length.mask:
        return value
    return value & length.mask if length_checked(value) else None


def size_of(length: Length, data: bytes) -> int | None:
    """Return how long the frame says it is."""
    value = field_value(length, data)
    return None if value is None else value * length.scale + length.constant


@lru_cache(4096)
def digits(field: bytes) -> int | None:
    """Return the number that hexadecimal digits say; None when they are none."""
    try:
        return int.from_bytes(unhexlify(field), "big")
    except Error:
        return None


def length_checked(value: int) -> bool:
    """Whether the upper digit checks the lower three (LENID of telecom power supplies): all four sum to 0 mod 16."""
    return not sum(value >> shift & 0xF for shift in (0, 4, 8, 12)) & 0xF


def find_length(frames: Sequence[bytes]) -> Finding[Length] | None:
    """Return the length field of whole frames; weak evidence when all have one size."""
    samples = Counter((frame[:32], len(frame)) for frame in frames)
    common = samples.most_common(SAMPLES)
    if not common:
        return None
    found = [finding for length in _fields() if (finding := _weigh(length, common))]
    found.sort(key=lambda one: (-one.bits, one.value.at))
    if not found:
        return None
    best = found[0]
    return Finding(value=best.value, bits=best.bits, why=best.why, rivals=tuple(found[1:4]))


def _fields() -> Iterator[Length]:
    for width, notation in SHAPES:
        for at, scale in product(HEX_OFFSETS if notation == "hex" else OFFSETS, SCALES):
            yield Length(at=at, width=width, notation=notation, scale=scale)
    for at in HEX_OFFSETS:
        yield Length(at=at, width=4, notation="hex", mask=LENGTH_MASK)


def _weigh(field: Length, samples: Sequence[tuple[tuple[bytes, int], int]]) -> Finding[Length] | None:
    constants: Counter[int] = Counter()
    sizes: dict[int, set[int]] = {}
    total = 0
    for (head, size), count in samples:
        total += count
        value = field_value(field, head)
        if value is not None:
            constant = size - value * field.scale
            if constant in CONSTANTS:
                constants[constant] += count
                sizes.setdefault(constant, set()).add(size)
    if not constants:
        return None
    constant, agreeing = max(constants.items(), key=lambda item: (len(sizes[item[0]]), item[1]))
    different, share = len(sizes[constant]), agreeing / total
    if share < 0.6:
        return None
    length = Length(
        at=field.at,
        width=field.width,
        notation=field.notation,
        scale=field.scale,
        constant=constant,
        mask=field.mask,
    )
    bits = 8.0 * different + (4 if field.mask else 0) - _cost(length, max(sizes[constant])) - 20 * (1 - share)
    if different == 1 and ((field.scale == 2 and field.notation != "hex") or max(sizes[constant]) - constant < 3):
        return None
    why = f"{agreeing} of {total} frames of {different} different sizes are as long as bytes {length.at} and on say"
    return Finding(value=length, bits=round(bits, 1), why=why) if bits > 0 or different > 1 else None


def _cost(length: Length, largest: int) -> float:
    """Bits that it takes to name a field: an offset, a shape, and what it leaves out."""
    behind = length.constant - length.at - length.width
    natural = behind in BEHIND or not length.constant
    usual = 0.2 * length.at + (0.5 * behind if behind in BEHIND else 0)
    wide = 1.0 if length.width == 2 and length.notation != "hex" and largest < 256 else 0.0
    return log2(16) + wide + (0 if natural else 4) + usual + (2 if length.scale == 2 else 0)
