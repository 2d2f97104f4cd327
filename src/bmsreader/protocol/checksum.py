"""The check values of battery protocols; an algorithm maps bytes to a number of known width."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from operator import xor
from zlib import adler32

from bmsreader.protocol.crc import CATALOGUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """A check value: its width in bytes and how it is computed."""

    width: int
    compute: Callable[[bytes], int]


def byte_sum(data: bytes) -> int:
    """Return the plain sum of all bytes.

    The low half of Adler-32 is 1 + the sum modulo 65521, computed in C: exact for up to 256 bytes, and four times
    faster than ``sum``.
    """
    return (adler32(data) & 0xFFFF) - 1 if len(data) <= 256 else sum(data)


def fletcher(data: bytes, modulus: int) -> int:
    """Return Fletcher's two sums of bytes, the second in the upper byte."""
    low = high = 0
    for byte in data:
        low = (low + byte) % modulus
        high = (high + low) % modulus
    return high << 8 | low


def words(data: bytes, first: int) -> int:
    """Return the sum of 16-bit words; ``first`` is 1 where their low byte comes first, 0 where the high one does."""
    return sum(data[first::2]) * 256 + sum(data[1 - first :: 2])


def ones_complement(data: bytes) -> int:
    """Return the check value of the internet protocols: the sum of 16-bit words with its carries, inverted."""
    total = words(data, 0)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def _not_sum8(data: bytes) -> int:
    return 0x100 - (adler32(data) & 0xFFFF) & 0xFF if len(data) <= 256 else ~sum(data) & 0xFF


def _sums() -> dict[str, Algorithm]:
    found: dict[str, Algorithm] = {}
    for width in (1, 2, 4):
        mask = (1 << 8 * width) - 1
        for name, compute in (("sum", _masked_sum), ("not-sum", _masked_not), ("neg-sum", _masked_negative)):
            found[f"{name}{8 * width}"] = Algorithm(width=width, compute=partial(compute, mask))
    found["not-sum8"] = Algorithm(width=1, compute=_not_sum8)
    return found


def _masked_sum(mask: int, data: bytes) -> int:
    return byte_sum(data) & mask


def _masked_not(mask: int, data: bytes) -> int:
    return ~byte_sum(data) & mask


def _masked_negative(mask: int, data: bytes) -> int:
    return -byte_sum(data) & mask


ALGORITHMS: dict[str, Algorithm] = {
    **_sums(),
    "xor8": Algorithm(width=1, compute=lambda data: reduce(xor, data, 0)),
    "not-xor8": Algorithm(width=1, compute=lambda data: reduce(xor, data, 0xFF)),
    **{name: Algorithm(width=crc.bits // 8, compute=crc.compute) for name, crc in CATALOGUE.items()},
    "fletcher16": Algorithm(width=2, compute=partial(fletcher, modulus=255)),
    "fletcher16-256": Algorithm(width=2, compute=partial(fletcher, modulus=256)),
    "adler32": Algorithm(width=4, compute=adler32),
    "internet16": Algorithm(width=2, compute=ones_complement),
    "words16-big": Algorithm(width=2, compute=lambda data: words(data, 0) & 0xFFFF),
    "words16-little": Algorithm(width=2, compute=lambda data: words(data, 1) & 0xFFFF),
}
"""The algorithms that a description may name."""

PARTS = {"low8": (1, 0), "high8": (1, 1), "low16": (2, 0), "high16": (2, 1)}
"""What may be sent of a wider check value: (bytes, whether they are the upper ones)."""


def part_of(algorithm: Algorithm, part: str) -> Algorithm:
    """Return an algorithm of which only the lowest or highest bytes are sent."""
    width, upper = PARTS[part]
    shift, mask, whole = 8 * (algorithm.width - width) if upper else 0, (1 << 8 * width) - 1, algorithm.compute
    return Algorithm(width=width, compute=lambda data: whole(data) >> shift & mask)


def combined(made: int, constant: int, *, by_xor: bool, width: int) -> int:
    """Return a check value with the protocol's own constant added to it, or XORed with it."""
    return made ^ constant if by_xor else made + constant & (1 << 8 * width) - 1
