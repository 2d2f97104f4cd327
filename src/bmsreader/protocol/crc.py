"""Cyclic redundancy checks: the 63 parameter sets of 8, 16 and 32 bits that have a name, each computed by table.

The parameters are facts, from the catalogue of parametrised CRC algorithms (reveng.sourceforge.io/crc-catalogue) as
crccheck 1.3.1 lists it; all these sets reflect both input and output or neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Crc:
    """One parameter set."""

    name: str
    bits: int
    polynomial: int
    initial: int
    reflected: bool
    final: int
    """XORed with the result."""
    check: int
    """Of the nine characters 123456789; proves the other parameters."""

    @property
    def register(self) -> int:
        """State before the first byte, in the order of bits in which the table works."""
        return _mirrored(self.initial, self.bits) if self.reflected else self.initial

    def table(self) -> Sequence[int]:
        """What each byte value does to the register; shared by sets with the same polynomial."""
        return _table(self.bits, self.polynomial, self.reflected)

    def compute(self, data: bytes) -> int:
        """Return the CRC of the bytes."""
        table, register = self.table(), self.register
        if self.reflected:
            for byte in data:
                register = (register >> 8) ^ table[(register ^ byte) & 0xFF]
        else:
            shift, mask = self.bits - 8, (1 << self.bits) - 1
            for byte in data:
                register = (register << 8 & mask) ^ table[(register >> shift) ^ byte]
        return register ^ self.final

    def prefixes(self, data: bytes, begin: int, ends: range) -> list[int]:
        """Return the CRCs of ``data[begin:end]`` for all ends of a rising range, in one pass."""
        table, register, final = self.table(), self.register, self.final
        results = []
        at = begin
        shift, mask = self.bits - 8, (1 << self.bits) - 1
        for end in ends:
            if self.reflected:
                for byte in data[at:end]:
                    register = (register >> 8) ^ table[(register ^ byte) & 0xFF]
            else:
                for byte in data[at:end]:
                    register = (register << 8 & mask) ^ table[(register >> shift) ^ byte]
            at = max(at, end)
            results.append(register ^ final)
        return results


def _mirrored(value: int, bits: int) -> int:
    return int(f"{value:0{bits}b}"[::-1], 2)


@cache
def _table(bits: int, polynomial: int, reflected: bool) -> tuple[int, ...]:
    return tuple(_row(value, bits, polynomial, reflected) for value in range(256))


def _row(value: int, bits: int, polynomial: int, reflected: bool) -> int:
    if reflected:
        polynomial = _mirrored(polynomial, bits)
        for _ in range(8):
            value = (value >> 1) ^ (polynomial if value & 1 else 0)
        return value
    top, mask = 1 << (bits - 1), (1 << bits) - 1
    value <<= bits - 8
    for _ in range(8):
        value = (value << 1 & mask) ^ (polynomial if value & top else 0)
    return value


# name, polynomial, initial, reflected, final, check
_SETS = (
    ("crc8-autosar", 0x2F, 0xFF, False, 0xFF, 0xDF),
    ("crc8-bluetooth", 0xA7, 0x00, True, 0x00, 0x26),
    ("crc8-cdma2000", 0x9B, 0xFF, False, 0x00, 0xDA),
    ("crc8-darc", 0x39, 0x00, True, 0x00, 0x15),
    ("crc8-dvb-s2", 0xD5, 0x00, False, 0x00, 0xBC),
    ("crc8-gsm-a", 0x1D, 0x00, False, 0x00, 0x37),
    ("crc8-gsm-b", 0x49, 0x00, False, 0xFF, 0x94),
    ("crc8-hitag", 0x1D, 0xFF, False, 0x00, 0xB4),
    ("crc8-i-432-1", 0x07, 0x00, False, 0x55, 0xA1),
    ("crc8-i-code", 0x1D, 0xFD, False, 0x00, 0x7E),
    ("crc8-lte", 0x9B, 0x00, False, 0x00, 0xEA),
    ("crc8-maxim-dow", 0x31, 0x00, True, 0x00, 0xA1),
    ("crc8-mifare-mad", 0x1D, 0xC7, False, 0x00, 0x99),
    ("crc8-nrsc-5", 0x31, 0xFF, False, 0x00, 0xF7),
    ("crc8-opensafety", 0x2F, 0x00, False, 0x00, 0x3E),
    ("crc8-rohc", 0x07, 0xFF, True, 0x00, 0xD0),
    ("crc8-sae-j1850", 0x1D, 0xFF, False, 0xFF, 0x4B),
    ("crc8-smbus", 0x07, 0x00, False, 0x00, 0xF4),
    ("crc8-tech-3250", 0x1D, 0xFF, True, 0x00, 0x97),
    ("crc8-wcdma", 0x9B, 0x00, True, 0x00, 0x25),
    ("crc16-arc", 0x8005, 0x0000, True, 0x0000, 0xBB3D),
    ("crc16-cdma2000", 0xC867, 0xFFFF, False, 0x0000, 0x4C06),
    ("crc16-cms", 0x8005, 0xFFFF, False, 0x0000, 0xAEE7),
    ("crc16-dds-110", 0x8005, 0x800D, False, 0x0000, 0x9ECF),
    ("crc16-dect-r", 0x0589, 0x0000, False, 0x0001, 0x007E),
    ("crc16-dect-x", 0x0589, 0x0000, False, 0x0000, 0x007F),
    ("crc16-dnp", 0x3D65, 0x0000, True, 0xFFFF, 0xEA82),
    ("crc16-en-13757", 0x3D65, 0x0000, False, 0xFFFF, 0xC2B7),
    ("crc16-genibus", 0x1021, 0xFFFF, False, 0xFFFF, 0xD64E),
    ("crc16-gsm", 0x1021, 0x0000, False, 0xFFFF, 0xCE3C),
    ("crc16-ibm-3740", 0x1021, 0xFFFF, False, 0x0000, 0x29B1),
    ("crc16-ibm-sdlc", 0x1021, 0xFFFF, True, 0xFFFF, 0x906E),
    ("crc16-iso-iec-14443-3-a", 0x1021, 0xC6C6, True, 0x0000, 0xBF05),
    ("crc16-kermit", 0x1021, 0x0000, True, 0x0000, 0x2189),
    ("crc16-lj1200", 0x6F63, 0x0000, False, 0x0000, 0xBDF4),
    ("crc16-m17", 0x5935, 0xFFFF, False, 0x0000, 0x772B),
    ("crc16-maxim-dow", 0x8005, 0x0000, True, 0xFFFF, 0x44C2),
    ("crc16-mcrf4xx", 0x1021, 0xFFFF, True, 0x0000, 0x6F91),
    ("crc16-modbus", 0x8005, 0xFFFF, True, 0x0000, 0x4B37),
    ("crc16-nrsc-5", 0x080B, 0xFFFF, True, 0x0000, 0xA066),
    ("crc16-opensafety-a", 0x5935, 0x0000, False, 0x0000, 0x5D38),
    ("crc16-opensafety-b", 0x755B, 0x0000, False, 0x0000, 0x20FE),
    ("crc16-profibus", 0x1DCF, 0xFFFF, False, 0xFFFF, 0xA819),
    ("crc16-riello", 0x1021, 0xB2AA, True, 0x0000, 0x63D0),
    ("crc16-spi-fujitsu", 0x1021, 0x1D0F, False, 0x0000, 0xE5CC),
    ("crc16-t10-dif", 0x8BB7, 0x0000, False, 0x0000, 0xD0DB),
    ("crc16-teledisk", 0xA097, 0x0000, False, 0x0000, 0x0FB3),
    ("crc16-tms37157", 0x1021, 0x89EC, True, 0x0000, 0x26B1),
    ("crc16-umts", 0x8005, 0x0000, False, 0x0000, 0xFEE8),
    ("crc16-usb", 0x8005, 0xFFFF, True, 0xFFFF, 0xB4C8),
    ("crc16-xmodem", 0x1021, 0x0000, False, 0x0000, 0x31C3),
    ("crc32-aixm", 0x814141AB, 0x00000000, False, 0x00000000, 0x3010BF7F),
    ("crc32-autosar", 0xF4ACFB13, 0xFFFFFFFF, True, 0xFFFFFFFF, 0x1697D06A),
    ("crc32-base91-d", 0xA833982B, 0xFFFFFFFF, True, 0xFFFFFFFF, 0x87315576),
    ("crc32-bzip2", 0x04C11DB7, 0xFFFFFFFF, False, 0xFFFFFFFF, 0xFC891918),
    ("crc32-cd-rom-edc", 0x8001801B, 0x00000000, True, 0x00000000, 0x6EC2EDC4),
    ("crc32-cksum", 0x04C11DB7, 0x00000000, False, 0xFFFFFFFF, 0x765E7680),
    ("crc32-iscsi", 0x1EDC6F41, 0xFFFFFFFF, True, 0xFFFFFFFF, 0xE3069283),
    ("crc32-iso-hdlc", 0x04C11DB7, 0xFFFFFFFF, True, 0xFFFFFFFF, 0xCBF43926),
    ("crc32-jamcrc", 0x04C11DB7, 0xFFFFFFFF, True, 0x00000000, 0x340BC6D9),
    ("crc32-mef", 0x741B8CD7, 0xFFFFFFFF, True, 0x00000000, 0xD2C22F51),
    ("crc32-mpeg-2", 0x04C11DB7, 0xFFFFFFFF, False, 0x00000000, 0x0376E6E7),
    ("crc32-xfer", 0x000000AF, 0x00000000, False, 0x00000000, 0xBD0BE338),
)

CATALOGUE = {
    name: Crc(
        name=name,
        bits=int(name[3 : name.index("-")]),
        polynomial=polynomial,
        initial=initial,
        reflected=reflected,
        final=final,
        check=check,
    )
    for name, polynomial, initial, reflected, final, check in _SETS
}
"""All parameter sets by name, narrow ones first."""
