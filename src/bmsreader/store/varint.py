"""Whole numbers as zigzag varints: small ones, of either sign, take one byte. In bulk, and fast without numpy."""

import re
from collections.abc import Iterable
from itertools import repeat
from operator import sub

from bmsreader.model.errors import StoreError

REMEMBERED = 8192
"""Numbers from minus to plus this many are looked up instead of computed: they take one or two bytes."""
LONGEST = 32
"""Bytes that one number may take: no value of a battery comes near it."""

_split = re.compile(rb"[\x80-\xff]*[\x00-\x7f]").findall
_one_byte = tuple((byte >> 1) ^ -(byte & 1) for byte in range(128))


class _Encoded(dict[int, bytes]):
    """Every number's bytes, filled as numbers come along."""

    def __missing__(self, number: int) -> bytes:
        encoded = _encode(number)
        if -REMEMBERED <= number < REMEMBERED:
            self[number] = encoded
        return encoded


class _Decoded(dict[bytes, int]):
    """Every number by its bytes, filled as numbers come along."""

    def __missing__(self, encoded: bytes) -> int:
        number = _decode(encoded)
        if len(encoded) <= 2:
            self[encoded] = number
        return number


def _encode(number: int) -> bytes:
    rest = number << 1 if number >= 0 else (-number << 1) - 1
    encoded = bytearray()
    while rest > 0x7F:
        encoded.append(rest & 0x7F | 0x80)
        rest >>= 7
    encoded.append(rest)
    return bytes(encoded)


def _decode(encoded: bytes) -> int:
    if len(encoded) > LONGEST:
        raise StoreError(f"a number of {len(encoded)} bytes in a segment")
    rest = 0
    for byte in reversed(encoded):
        rest = rest << 7 | byte & 0x7F
    return (rest >> 1) ^ -(rest & 1)


_encoded = _Encoded()
_decoded = _Decoded()


def encode(numbers: Iterable[int]) -> bytes:
    """Return the varints of all numbers, one after the other."""
    return b"".join(map(_encoded.__getitem__, numbers))


def decode(data: bytes, count: int) -> list[int]:
    """Return the numbers; raise StoreError unless the bytes are exactly so many."""
    if len(data) == count and data.isascii():
        return list(map(_one_byte.__getitem__, data))
    pieces = _split(data)
    if len(pieces) != count or (data and data[-1] > 0x7F):
        raise StoreError(f"{len(pieces)} numbers in a segment where {count} belong")
    return list(map(_decoded.__getitem__, pieces))


def differences(numbers: list[int]) -> list[int]:
    """Return what each number is more than the one before; one fewer than there are numbers."""
    return list(map(sub, numbers[1:], numbers))


def ramp(count: int, slope: int) -> Iterable[int]:
    """Return 0, slope, 2 slope ...: as many as wanted."""
    return range(0, count * slope, slope) if slope else repeat(0, count)
