"""What is true of real batteries' frames, as facts in our own table.

Learnt from the drivers of aiobmsble 0.31.0 (Apache-2.0, github.com/patman15/aiobmsble); each row names the module
there. The frames themselves are read from that package's tests when the benchmark runs, not kept here.
"""

from dataclasses import dataclass

from bmsreader.lab.evidence import Checksum, Domain, Notation

MODBUS = "crc16-modbus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One type of battery."""

    module: str
    start: bytes = b""
    end: bytes = b""
    checksum: Checksum | None = None
    length: tuple[int, int, int] | None = None
    """Offset as sent, its unit in bytes of the frame, and what the frame is longer by."""
    wide: bool = False
    """Whether the length field has two bytes, the lower one first."""
    xor_at: int | None = None
    """Every byte is XORed with the byte at this offset, behind hex digits."""
    size: int | None = None
    """Of all frames, where it is fixed."""
    kind: str = "raw"
    base: int = 0
    """Of the numbers, where frames are text in which they stand as figures."""
    masked: bool = False
    """Every byte is XORed with a constant of this battery."""
    paged: bool = False
    """Notifications are pages of a message: how many bytes count, the page's number and that of all, and these bytes;
    the check value stands in what they make up together."""
    noise: bytes = b""
    """Bytes that may stand between all others."""
    packs: bool = False
    """Several batteries report through one link; the first of them is the one that its owner looks at."""
    joined: bool = False
    """Several frames share a notification."""
    alone: bool = False
    """Each notification is a frame."""
    chunk: int = 20


def rule(
    algorithm: str,
    width: int = 1,
    notation: Notation = "big",
    start: int = 0,
    tail: int = 0,
    domain: Domain = "frame",
) -> Checksum:
    """Shorter to write in a table."""
    return Checksum(algorithm=algorithm, domain=domain, width=width, notation=notation, start=start, tail=tail)


CRC = rule(MODBUS, 2, "little")
LRC = rule("not-sum8", 1, "hex", 1, 1)

TRUTHS = (
    Truth(module="abc", start=b"\xcc", size=20, checksum=rule("crc8-maxim-dow")),
    Truth(module="ag", start=b":", end=b"~", kind="hex", checksum=LRC),
    Truth(
        module="ant", start=b"\x7e\xa1", end=b"\xaa\x55", length=(5, 1, 10), checksum=rule(MODBUS, 2, "little", 1, 2)
    ),
    Truth(module="ant_leg", start=b"\xaa\x55\xaa\xff", size=140, checksum=rule("sum16", 2, "big", 4)),
    Truth(module="braunpwr", start=b"\x7b", end=b"\x7d", length=(2, 1, 4)),
    Truth(module="buknuwo", start=b"\x01\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="c4s", start=b"\x02\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="cbtpwr", start=b"\xaa\x55", end=b"\r\n", length=(3, 1, 7), checksum=rule("sum8", start=2, tail=2)),
    Truth(
        module="cbtpwr_vb",
        start=b"~",
        end=b"\r",
        kind="hex",
        length=(9, 1, 18),
        checksum=rule("neg-sum16", 2, "hex", 1, 1),
    ),
    Truth(module="daly", start=b"\xd2\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="daren", start=b"\xdd", end=b"\x77", length=(3, 1, 7), checksum=rule("neg-sum16", 2, "big", 2, 1)),
    Truth(module="dometic", start=b"\x23\x85", size=8, packs=True, alone=True),
    Truth(module="dpwrcore", size=20, paged=True, checksum=rule("sum16", 2, "big", 1, 2), alone=True),
    Truth(module="ecoworthy", checksum=CRC, alone=True, chunk=244),
    Truth(module="eg4", start=b"\x01\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="ej", start=b":", end=b"~", kind="hex", checksum=LRC),
    Truth(module="ejpro", start=b":", end=b"~", kind="hex", checksum=LRC),
    Truth(module="epoch_pro", start=b"\xfa", length=(4, 1, 7), checksum=CRC),
    Truth(module="felicity", start=b"{", end=b"}", kind="json", base=10, chunk=35),
    Truth(module="gobel", start=b"\x01\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="greenway", start=b"\x47\x16\x01", length=(4, 1, 6), checksum=rule("sum8")),
    Truth(module="humsienk", start=b"\xaa", length=(2, 1, 5), checksum=rule("sum16", 2, "little", 1)),
    Truth(module="jbd", start=b"\xdd", end=b"\x77", length=(3, 1, 7), checksum=rule("neg-sum16", 2, "big", 2, 1)),
    Truth(module="jikong", start=b"\x55\xaa\xeb\x90", size=300, checksum=rule("sum8"), chunk=128),
    Truth(module="lipower", start=b"\x22\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="lithionics", end=b"\r\n", kind="csv", base=10, joined=True),
    Truth(module="myvolta", start=b"\x55\x55", end=b"\x04\x04", checksum=rule("not-sum8", start=3, tail=2)),
    Truth(
        module="neey",
        start=b"\x55\xaa\x11\x01",
        end=b"\xff",
        length=(6, 1, 0),
        wide=True,
        checksum=rule("sum8", tail=1),
    ),
    Truth(module="ogt", start=b"+RD,", end=b"\r\n", kind="hex", masked=True, alone=True),
    Truth(module="pace", start=b"\x9a", end=b"\x9d", length=(7, 1, 11), checksum=rule(MODBUS, 2, "big", 0, 1)),
    Truth(
        module="pro", start=b"\x55\xaa", length=(2, 1, 5), checksum=rule("xor8", start=3, tail=1), alone=True, chunk=244
    ),
    Truth(
        module="pwrboozt",
        start=b":",
        end=b"~",
        kind="hex",
        noise=b"\0",
        checksum=rule("not-sum8", start=1, domain="decoded"),
    ),
    Truth(module="pwrxtreme", kind="hex", size=113, checksum=rule("sum16", 2, "big", 1, domain="decoded")),
    Truth(module="pylontech", start=b"\x01\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="redodo", start=b"\x00\x00", length=(2, 1, 4), checksum=rule("sum8")),
    Truth(module="renogy", start=b"\x30\x03", length=(2, 1, 5), checksum=CRC),
    Truth(module="renogy_pro", start=b"\x30\x03", length=(2, 1, 5), checksum=CRC),
    Truth(
        module="roypow", start=b"\xea\xd1\x01", end=b"\xf5", length=(3, 1, 4), checksum=rule("xor8", start=3, tail=1)
    ),
    Truth(module="saftkiste", start=b"\xf0\xff", checksum=rule("crc32-iso-hdlc/low8")),
    Truth(module="saihang", start=b"\xa5\xa5", length=(4, 1, 7), checksum=rule(MODBUS, 2, "little", 2)),
    Truth(module="seplos", start=b"\x00\x04", length=(2, 1, 5), checksum=CRC),
    Truth(
        module="seplos_v2",
        start=b"\x7e",
        end=b"\x0d",
        length=(6, 1, 10),
        checksum=rule("crc16-xmodem", 2, "big", 1, 1),
    ),
    Truth(module="superb", size=20, alone=True),
    Truth(module="superb_v2", size=24, alone=True, chunk=244),
    Truth(module="tdt", start=b"\x7e", end=b"\x0d", length=(7, 1, 11), checksum=rule(MODBUS, 2, "big", 0, 1)),
    Truth(module="tianpwr", start=b"\x55", end=b"\xaa", size=20),
    Truth(module="topband", kind="hex", size=113, checksum=rule("sum16", 2, "big", 1, domain="decoded")),
    Truth(module="vatrer", start=b"\x02\x03", length=(2, 1, 5), checksum=CRC),
    Truth(
        module="ws_nova",
        start=b":",
        end=b"~",
        kind="hex",
        xor_at=3,
        checksum=rule(MODBUS, 2, "little", domain="payload"),
    ),
    Truth(module="x123smart", end=b"\r", kind="csv", base=16, joined=True),
)
"""All types of which the tests there hold whole frames that tell of volts."""

LEFT_OUT = {
    "allpowers": "its frames tell percent, watts and minutes, never volts",
    "eleksol": "its tests hold no frame: the driver is that of jbd under other characteristics",
}
"""Types of the package that are not tried, and why."""
