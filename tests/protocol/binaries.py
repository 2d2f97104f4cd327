"""Invented batteries that send bytes as they are, in every way in which frames can be built and cut."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bmsreader.protocol import Codec, parse
from bmsreader.protocol.checksum import ALGORITHMS, PARTS
from tests.hostile import document

SIZES = (13, 21)
"""Bytes of fields in the two messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way to build frames."""

    start: bytes = b""
    end: bytes = b""
    cut: str = "size"
    encoding: str = "binary"
    key: int = 0
    length: dict[str, Any] | None = None
    check: dict[str, Any] | None = None
    starts: tuple[bytes, bytes] = (b"\x11", b"\x22")
    """First payload bytes of the two messages."""


def tree_of(kind: Kind) -> dict[str, Any]:
    """Return the description of a battery that builds frames this way and has two messages."""
    framing: dict[str, Any] = {"encoding": kind.encoding, "limit": 256, "cut": kind.cut}
    framing |= {f"{name}_hex": mark.hex() for name, mark in (("start", kind.start), ("end", kind.end)) if mark}
    framing |= {"xor": {"key": kind.key}} if kind.key else {}
    framing |= {"length": kind.length} if kind.length else {}
    tree: dict[str, Any] = {"id": "made", "name": "Made up", "framing": framing}
    behind = 0
    if kind.check:
        tree["checksums"] = {"sum": kind.check}
        wide = PARTS[kind.check["part"]][0] if "part" in kind.check else ALGORITHMS[kind.check["algorithm"]].width
        behind = wide + kind.check.get("tail", 0)
    tree["messages"], tree["blocks"] = {}, {}
    for number, (name, first) in enumerate(zip(("one", "two"), kind.starts, strict=True)):
        base = len(first) + (kind.length["wide"] if kind.length else 0)
        tree["messages"][name] = {
            "size": base + SIZES[number] + behind,
            "when": [{"at": at, "equals": byte} for at, byte in enumerate(first)],
            "blocks": {name: base},
        } | ({"checksum": "sum"} if kind.check else {})
    tree["blocks"]["one"] = {
        "cell_voltages": {"at": 0, "type": "u16-le", "count": 3, "step": 3, "scale": 0.001, "least": 3},
        "soc": {"at": 8, "type": "u8"},
        "design_capacity": {"at": 9, "type": "f32"},
    }
    tree["blocks"]["two"] = {
        "current": {
            "at": 0,
            "type": "u16",
            "scale": 0.1,
            "mask": 0x3FFF,
            "sign": {"at": 0, "mask": 0xC0, "negative": 0x80},
        },
        "temperatures": {"at": 4, "type": "u16", "count": 3, "count_at": 3, "scale": 0.1, "offset": -273.1},
        "pack_voltage": {"at": 10, "type": "u24", "scale": 0.001},
        "remaining_capacity": {"at": 13, "type": "u32-ws", "scale": 0.001},
        "full_charge_capacity": {"at": 17, "type": "f32-le", "scale": 0.001},
    }
    if kind.length:
        at = len(kind.starts[0])
        tree["framing"]["length"] = {key: value for key, value in kind.length.items() if key != "wide"} | {"at": at}
    return tree


def codec_of(kind: Kind) -> Codec:
    return Codec(parse(document(tree_of(kind))))


LENGTHS: list[dict[str, Any]] = [
    {"type": "u8", "plus": 4, "wide": 1},
    {"type": "u16-le", "plus": 0, "wide": 2},
    {"type": "u16", "plus": 7, "wide": 2, "lenid": True},
]
CHECKS: list[dict[str, Any] | None] = [
    None,
    {"algorithm": "sum8", "over": "frame"},
    {"algorithm": "xor8", "over": "frame", "plus": 0x5A, "skip": 1},
    {"algorithm": "crc16-modbus", "over": "characters", "order": "little"},
    {"algorithm": "crc16-xmodem", "over": "bytes", "gap": 1, "tail": 2},
    {"algorithm": "neg-sum16", "over": "bytes", "skip": 2, "plus": 3},
    {"algorithm": "crc32-iso-hdlc", "over": "characters", "part": "low8", "tail": 1},
]


@st.composite
def kinds(draw: st.DrawFn, *, checked: bool = False) -> Kind:
    """Draw a way to build frames whose frames can be found in a stream."""
    cut = draw(st.sampled_from(["length", "size"]))
    encoding = draw(st.sampled_from(["binary", "binary", "ascii-hex"]))
    starts = [b"\xaa", b"\xdd\xa5", b"\x55\xaa\xeb\x90"] + ([b""] if encoding == "binary" else [b":"])
    check = draw(st.sampled_from(CHECKS[1:] if checked else CHECKS))
    return Kind(
        start=draw(st.sampled_from(starts)),
        end=draw(st.sampled_from([b"", b"\x77", b"\r\n"])),
        cut=cut,
        encoding=encoding,
        key=draw(st.sampled_from([0, 0, 0x55])),
        length=draw(st.sampled_from(LENGTHS)) if cut == "length" else None,
        check=check,
    )


values = st.fixed_dictionaries(
    {
        "cell_voltages": st.tuples(*[st.integers(2000, 4000).map(lambda raw: raw / 1000)] * 3),
        "soc": st.integers(0, 100),
        "current": st.integers(-5000, 5000).map(lambda raw: raw / 10),
        "temperatures": st.lists(st.integers(2500, 3200).map(lambda raw: raw / 10 - 273.1), max_size=3).map(tuple),
        "pack_voltage": st.integers(0, 1_000_000).map(lambda raw: raw / 1000),
        "remaining_capacity": st.integers(0, 1_000_000).map(lambda raw: raw / 1000),
        "design_capacity": st.integers(0, 100_000).map(lambda raw: raw / 100),
        "full_charge_capacity": st.integers(1, 1_000_000).map(lambda raw: raw / 1000),
    }
)
