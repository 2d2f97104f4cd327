"""The checksums of battery protocols; an algorithm maps bytes to a number of known width."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import adler32


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """A checksum: its width in bytes and how it is computed."""

    width: int
    compute: Callable[[bytes], int]


def byte_sum(data: bytes) -> int:
    """Return the plain sum of all bytes.

    The low half of Adler-32 is 1 + the sum modulo 65521, computed in C: exact for up to 256 bytes, and four times
    faster than ``sum``.
    """
    return (adler32(data) & 0xFFFF) - 1 if len(data) <= 256 else sum(data)


def _crc16_modbus(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC16_TABLE[(crc ^ byte) & 0xFF]
    return crc


def _crc16_row(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


_CRC16_TABLE = tuple(map(_crc16_row, range(256)))


def _xor8(data: bytes) -> int:
    result = 0
    for byte in data:
        result ^= byte
    return result


def _not_sum8(data: bytes) -> int:
    return 0x100 - (adler32(data) & 0xFFFF) & 0xFF if len(data) <= 256 else ~sum(data) & 0xFF


ALGORITHMS = {
    "sum8": Algorithm(width=1, compute=lambda data: byte_sum(data) & 0xFF),
    "not-sum8": Algorithm(width=1, compute=_not_sum8),
    "neg-sum8": Algorithm(width=1, compute=lambda data: -byte_sum(data) & 0xFF),
    "sum16": Algorithm(width=2, compute=lambda data: byte_sum(data) & 0xFFFF),
    "neg-sum16": Algorithm(width=2, compute=lambda data: -byte_sum(data) & 0xFFFF),
    "xor8": Algorithm(width=1, compute=_xor8),
    "crc16-modbus": Algorithm(width=2, compute=_crc16_modbus),
}
"""The algorithms that a description may name."""
