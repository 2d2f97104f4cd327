"""Tier S: synthetic protocols of many families, with what is true of each.

None copies a product; together they use the ways of building frames that public drivers use: marks at the start,
the end, both or none; lengths that count anything, as bytes or digits, checked or not; raw bytes, hex digits, XOR
by a constant or by a byte of the frame; 33 ways to make and place a check value, and none.
"""

from dataclasses import dataclass
from random import Random
from typing import Literal

from bmsreader.lab.checks.sums import FUNCTIONS
from bmsreader.lab.evidence import Domain, Notation

Encoded = Literal["raw", "hex", "xor", "xor-key", "hex-xor-key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthIs:
    """A length field: what it counts."""

    at: int
    """Offset in the frame as sent."""
    width: int = 1
    notation: Notation = "big"
    counts: Literal["all", "body", "body/2", "rest"] = "body"
    lenid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIs:
    """A check value."""

    function: str
    notation: Notation = "little"
    skip: int = 0
    """Bytes at the front of the domain that are left out."""
    domain: Domain = "frame"

    @property
    def width(self) -> int:
        """Bytes."""
        return FUNCTIONS[self.function].bits // 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One way to build frames."""

    name: str
    start: bytes = b""
    end: bytes = b""
    head: int = 1
    """Constant bytes between start and command."""
    length: LengthIs | None = None
    check: CheckIs | None = None
    encoded: Encoded = "raw"
    sizes: tuple[int, ...] = (34, 17, 50)
    """Body bytes of its kinds of answers."""
    chunk: int = 20
    streams: bool = False
    """Answers come without requests."""
    echoes: bool = False
    """The battery says each request again before it answers."""
    acknowledges: bytes = b""
    """What it says behind each answer."""
    packed: bool = False
    """Notifications hold whatever bytes come next: a frame may begin within one."""
    rows: bool = False
    """All answers of a poll come in a row, without a pause."""
    slow: bool = False
    """Each body begins with a state of charge that falls slowly, and a number that counts frames."""


def length(at: int, width: int = 1, notation: Notation = "big", **more: object) -> LengthIs:
    """Shorter to write in a table."""
    return LengthIs(at=at, width=width, notation=notation, **more)  # type: ignore[arg-type]


def check(function: str, notation: Notation = "little", skip: int = 0, domain: Domain = "frame") -> CheckIs:
    """Shorter to write in a table."""
    return CheckIs(function=function, notation=notation, skip=skip, domain=domain)


FAMILIES = (
    Family(name="sum8", start=b"\xaa", length=length(3), check=check("sum8")),
    Family(name="sum8 after head, end", start=b"\xaa\x55", end=b"\r\n", length=length(4), check=check("sum8", skip=2)),
    Family(
        name="sum8, end behind",
        start=b"\x55\xaa\x11\x01",
        end=b"\xfe",
        head=0,
        length=length(5, 2, "little", counts="all"),
        check=check("sum8"),
    ),
    Family(name="sum8, fixed size", start=b"\xcc", head=0, sizes=(18, 18, 18), check=check("sum8")),
    Family(
        name="sum8, 300 bytes stream",
        start=b"\x55\xaa\xeb\x90",
        head=0,
        sizes=(294, 294),
        chunk=128,
        streams=True,
        check=check("sum8"),
    ),
    Family(
        name="not sum8", start=b"\x55\x55", end=b"\x04\x04", head=1, sizes=(13, 13, 13), check=check("not-sum8", skip=3)
    ),
    Family(
        name="not sum8 of digits",
        start=b":",
        end=b"~",
        head=2,
        encoded="hex",
        length=length(7, 4, "hex", counts="all"),
        check=check("not-sum8", "hex", 1),
    ),
    Family(name="neg sum8", start=b"\x3c", end=b"\x3e", length=length(3), check=check("neg-sum8", skip=1)),
    Family(
        name="neg sum8 of decoded",
        start=b"<",
        end=b">",
        encoded="hex",
        length=length(5, 2, "hex", counts="body"),
        check=check("neg-sum8", domain="decoded"),
    ),
    Family(name="xor8", start=b"\xea\xd1\x01", end=b"\xf5", head=0, length=length(4), check=check("xor8", skip=3)),
    Family(name="xor8 of all", start=b"\x7e", head=2, length=length(4), check=check("xor8")),
    Family(name="sum16 little", start=b"\xaa", head=0, length=length(2), check=check("sum16", "little", 1)),
    Family(
        name="sum16 big after head", start=b"\xaa\x55\xaa\xff", head=0, sizes=(134, 134), check=check("sum16", "big", 4)
    ),
    Family(
        name="sum16 of decoded, digits",
        start=b"~",
        end=b"\r",
        encoded="hex",
        sizes=(54, 54),
        check=check("sum16", "big", domain="decoded"),
    ),
    Family(
        name="neg sum16 big",
        start=b"\xdd",
        end=b"\x77",
        head=0,
        length=length(2, counts="body"),
        check=check("neg-sum16", "big", 2),
    ),
    Family(
        name="neg sum16 of digits, LENID",
        start=b"~",
        end=b"\r",
        head=3,
        encoded="hex",
        length=length(9, 4, "hex", lenid=True),
        check=check("neg-sum16", "hex", 1),
    ),
    Family(
        name="not sum16", start=b"\x5a\xa5", length=length(4, 2, "big", counts="rest"), check=check("not-sum16", "big")
    ),
    Family(
        name="sum32",
        start=b"\xfa\xf5",
        head=1,
        length=length(4, 2, "little", counts="all"),
        check=check("sum32", "little", 2),
    ),
    Family(name="modbus", start=b"\x01\x03", head=-1, length=length(2), check=check("crc16-modbus")),
    Family(
        name="modbus in marks",
        start=b"\x7e\xa1",
        end=b"\xaa\x55",
        head=0,
        length=length(3),
        check=check("crc16-modbus", skip=1),
    ),
    Family(
        name="modbus big endian",
        start=b"\x9a",
        end=b"\x9d",
        head=5,
        length=length(7),
        check=check("crc16-modbus", "big"),
    ),
    Family(
        name="modbus big endian 2",
        start=b"\x7e",
        end=b"\x0d",
        head=4,
        length=length(6, 2),
        check=check("crc16-modbus", "big"),
    ),
    Family(
        name="modbus in digits",
        start=b"!",
        end=b"\r\n",
        encoded="hex",
        sizes=(30, 20),
        check=check("crc16-modbus", "hex", 1),
    ),
    Family(
        name="xmodem", start=b"\x7e", end=b"\x0d", head=3, length=length(5, 2), check=check("crc16-xmodem", "big", 1)
    ),
    Family(name="kermit", start=b"\xc0\xde", head=0, length=length(3), check=check("crc16-kermit", "little", 2)),
    Family(
        name="ccitt false",
        start=b"\x02",
        end=b"\x03",
        head=1,
        length=length(3),
        check=check("crc16-ibm-3740", "big", 1),
    ),
    Family(name="x25", start=b"\x7d\x7d", head=1, length=length(4), check=check("crc16-ibm-sdlc", "little")),
    Family(name="arc", start=b"\xab\xcd", head=0, length=length(3), check=check("crc16-arc", "little")),
    Family(name="arc, one byte sent", start=b"\xab", head=2, length=length(4), check=check("crc16-arc/low8")),
    Family(name="crc8", start=b"\xbb", head=0, length=length(2), check=check("crc8-smbus")),
    Family(name="crc8 maxim", start=b"\xbb\x01", head=0, length=length(3), check=check("crc8-maxim-dow", skip=2)),
    Family(
        name="crc32",
        start=b"\x4e\x57",
        head=0,
        length=length(3, 2, "big", counts="all"),
        check=check("crc32-iso-hdlc", "little"),
    ),
    Family(name="fletcher", start=b"\x24", head=1, length=length(3), check=check("fletcher16", "little", 1)),
    Family(name="no check value", start=b"\x7b", end=b"\x7d", head=0, length=length(2)),
    Family(name="no check value, fixed size", start=b"\x55\x14", end=b"\xaa", head=0, sizes=(16, 16, 16)),
    Family(name="nothing at all", head=-1, sizes=(24, 20)),
    Family(
        name="length in words",
        start=b"\x68",
        head=0,
        length=length(2, counts="body/2"),
        sizes=(34, 18, 50),
        check=check("sum8"),
    ),
    Family(
        name="length of the rest",
        start=b"\xa5\xa5",
        head=2,
        length=length(5, counts="rest"),
        check=check("crc16-modbus"),
    ),
    Family(
        name="xor by a constant",
        start=b"",
        end=b"",
        head=3,
        encoded="xor",
        sizes=(30, 30),
        check=check("sum8", domain="payload"),
    ),
    Family(
        name="xor by a byte, in digits", start=b":", end=b"~", head=3, encoded="hex-xor-key", sizes=(56, 56), chunk=20
    ),
    Family(name="echo of the request", start=b"\xdd", end=b"\x77", length=length(3), check=check("sum8"), echoes=True),
    Family(name="acknowledged, fixed size", start=b"\xdd", head=0, sizes=(25, 25), acknowledges=b"\x06"),
    Family(
        name="packed stream",
        start=b"\x16\x54",
        length=length(4),
        check=check("sum16"),
        streams=True,
        packed=True,
    ),
    Family(
        name="charge and counter in front",
        start=b"\xa5\x5a",
        length=length(4),
        sizes=(30, 30),
        check=check("xor8"),
        slow=True,
    ),
    Family(
        name="charge and counter in front, no check value",
        start=b"\xa5",
        head=0,
        sizes=(30,),
        slow=True,
        streams=True,
    ),
    Family(name="small frames in a row", head=0, sizes=(10, 10, 10, 10), streams=True, rows=True),
)
"""All synthetic families."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A frame and the bytes that an ideal lab would decode from it."""

    frame: bytes
    payload: bytes


def build(family: Family, kind: int, body: bytes, dice: Random) -> Built:
    """Return the frame that says ``body``."""
    head = bytes((0x31, 0x00, 0x10, 0x02, 0x46)[: max(0, family.head)])
    command = b"" if family.head < 0 else bytes([0x82 + kind])
    hexed = family.encoded in ("hex", "hex-xor-key")
    rule, field = family.check, family.length
    digits = 0 if not field else field.width // 2 if field.notation == "hex" else field.width
    check_size = rule.width if rule else 0
    key = dice.randrange(1, 255)
    inner = len(head) + len(command) + digits + len(body) + check_size
    factor = 2 if hexed else 1
    counted = b""
    if field:
        counts = {
            "all": len(family.start) + factor * inner + len(family.end),
            "body": factor * len(body) if field.lenid else len(body),
            "body/2": len(body) // 2,
            "rest": len(body) + check_size + len(family.end),
        }
        value = counts[field.counts]
        if field.lenid:
            value |= (-sum(value >> shift & 0xF for shift in (0, 4, 8)) & 0xF) << 12
        counted = value.to_bytes(digits, "little" if field.notation == "little" else "big")
    payload = head + command + counted + body
    return _finish(family, payload, key)


def _finish(family: Family, payload: bytes, key: int) -> Built:
    rule = family.check
    compute = FUNCTIONS[rule.function].compute if rule else None
    order: Literal["little", "big"] = "little" if rule and rule.notation == "little" else "big"
    if rule and compute and rule.domain != "frame":
        payload += compute(payload[rule.skip :]).to_bytes(rule.width, order)
    text = payload
    if family.encoded == "xor":
        text = bytes(byte ^ 0x55 for byte in payload)
    elif family.encoded == "hex-xor-key":
        payload = payload[:2] + b"\x00" + payload[3:]
        text = bytes(byte ^ key for byte in payload)
    if family.encoded.startswith("hex"):
        text = text.hex().upper().encode()
    frame = family.start + text
    if rule and compute and rule.domain == "frame":
        value = compute(frame[rule.skip :])
        sent = f"{value:0{2 * rule.width}X}".encode() if rule.notation == "hex" else value.to_bytes(rule.width, order)
        frame += sent
        payload += bytes.fromhex(sent.decode()) if rule.notation == "hex" else sent
    return Built(frame=frame + family.end, payload=payload)
