"""From a battery of bytes to its description and back: what the lab writes of a simulated one reads that one."""

import asyncio
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bmsreader.descriptions import load_file
from bmsreader.lab.analysis import Analysis, analyse
from bmsreader.lab.output.describe import describe
from bmsreader.lab.structure import structure_of
from bmsreader.model import FrameRejected, Reading
from bmsreader.protocol import Codec, parse
from bmsreader.session import Session
from bmsreader.simulator import Battery, Pack, SimulatedLink
from tests.hostile import document
from tests.lab.simulated import Life, live

MOMENTS = (0.05, 0.25, 0.65, 0.95)
SERVICE = "0000fff0-0000-1000-8000-00805f9b34fb"
PROFILE = {"service": SERVICE, "notify": SERVICE.replace("fff0", "fff1"), "write": SERVICE.replace("fff0", "fff2")}
RULES = [{"check": "range", "field": "soc", "min": 0, "max": 100}]


def made(
    framing: dict[str, Any], check: dict[str, Any] | None, messages: dict[str, Any], blocks: dict[str, Any]
) -> Codec:
    """Return an invented battery: its requests are those that its messages name."""
    requests = {one["request"]: {"send_hex": one.pop("asks"), "safety": "read"} for one in messages.values()}
    tree: dict[str, Any] = {"id": "made", "name": "Made up", "ble": [PROFILE], "framing": {"limit": 512, **framing}}
    tree |= {"checksums": {"sum": check}} if check else {}
    for name, message in messages.items():
        message["blocks"] = {name: 0}
        if check:
            message["checksum"] = "sum"
    return Codec(
        parse(document({**tree, "requests": requests, "messages": messages, "blocks": blocks, "plausible": RULES}))
    )


def modbus() -> Codec:
    """Registers with a length, a CRC, tenths of a volt, a current around 30000 and temperatures above -40."""
    return made(
        {"start_hex": "D203", "encoding": "binary", "cut": "length", "length": {"at": 0, "type": "u8", "plus": 5}},
        {"algorithm": "crc16-modbus", "over": "frame", "order": "little"},
        {"status": {"request": "status", "asks": "D2030000003ED7B9", "size": 33}},
        {
            "status": {
                "cell_voltages": {"at": 1, "type": "u16", "count": 4, "scale": 0.001, "least": 4},
                "pack_voltage": {"at": 13, "type": "u16", "scale": 0.1},
                "current": {"at": 15, "type": "u16", "scale": 0.1, "offset": -3000},
                "soc": {"at": 17, "type": "u16", "scale": 0.1},
                "temperatures": {"at": 20, "type": "u8", "offset": -40},
            }
        },
    )


def two_pages() -> Codec:
    """A mark at both ends, a sum in front of the second, cells in one answer and the rest in another, in kelvin."""
    return made(
        {
            "start_hex": "DD",
            "end_hex": "77",
            "encoding": "binary",
            "cut": "length",
            "length": {"at": 2, "type": "u8", "plus": 7},
        },
        {"algorithm": "neg-sum16", "over": "characters", "skip": 1},
        {
            "status": {
                "request": "status",
                "asks": "DDA50300FFFD77",
                "size": 25,
                "when": [{"at": 0, "equals": 3}],
                "then": "cells",
            },
            "cells": {"request": "cells", "asks": "DDA50400FFFC77", "size": 21, "when": [{"at": 0, "equals": 4}]},
        },
        {
            "status": {
                "pack_voltage": {"at": 3, "type": "u16", "scale": 0.01},
                "current": {"at": 5, "type": "i16", "scale": 0.01},
                "remaining_capacity": {"at": 7, "type": "u16", "scale": 0.01},
                "soc": {"at": 12, "type": "u8"},
                "temperatures": {"at": 15, "type": "u16", "scale": 0.1, "offset": -273.1},
            },
            "cells": {"cell_voltages": {"at": 3, "type": "u16", "count": 8, "scale": 0.001, "least": 8}},
        },
    )


def fixed_and_little() -> Codec:
    """A long mark, a fixed size, a sum over everything, little-endian words of four bytes, cells with gaps."""
    return made(
        {"start_hex": "55AAEB90", "encoding": "binary", "cut": "size"},
        {"algorithm": "sum8", "over": "frame"},
        {"status": {"request": "status", "asks": "AA5590EB96000000000000000000000000000010", "size": 80}},
        {
            "status": {
                "cell_voltages": {"at": 2, "type": "u16-le", "count": 4, "step": 4, "scale": 0.001, "least": 4},
                "pack_voltage": {"at": 30, "type": "u32-le", "scale": 0.001},
                "current": {"at": 38, "type": "i32-le", "scale": 0.001},
                "temperatures": {"at": 46, "type": "i16-le", "scale": 0.1},
                "soc": {"at": 57, "type": "u8"},
            }
        },
    )


def floats(order: str) -> Codec:
    """Nothing but IEEE floats behind a short head, in either byte order, or with their lower halves first."""
    kind = f"f32{order}"
    return made(
        {"start_hex": "A55A", "encoding": "binary", "cut": "length", "length": {"at": 1, "type": "u8", "plus": 6}},
        {"algorithm": "crc16-modbus", "over": "frame", "order": "little"},
        {"status": {"request": "status", "asks": "A55A01000000", "size": 64}},
        {
            "status": {
                "cell_voltages": {"at": 14, "type": kind, "count": 8, "least": 8},
                "pack_voltage": {"at": 2, "type": kind},
                "current": {"at": 6, "type": kind},
                "soc": {"at": 10, "type": kind},
                "temperatures": {"at": 46, "type": kind, "count": 2},
                "remaining_capacity": {"at": 54, "type": kind},
                "full_charge_capacity": {"at": 58, "type": kind},
            }
        },
    )


def numbered() -> Codec:
    """Notifications that say which part of an answer they are, of how many, and how much of it they hold."""
    bits = {"number": {"at": 1, "mask": 0xF0}, "total": {"at": 1, "mask": 0x0F}, "length": {"at": 0}}
    return made(
        {"start_hex": "3A", "end_hex": "0D0A", "encoding": "binary", "cut": "size", "parts": {"head": 2, **bits}},
        {"algorithm": "sum16", "over": "bytes"},
        {"status": {"request": "status", "asks": "07113A0105060D0A", "size": 41}},
        {
            "status": {
                "cell_voltages": {"at": 2, "type": "u16", "count": 8, "scale": 0.001, "least": 8},
                "pack_voltage": {"at": 18, "type": "u16", "scale": 0.01},
                "current": {"at": 20, "type": "i16", "scale": 0.01},
                "soc": {"at": 22, "type": "u8"},
                "temperatures": {"at": 24, "type": "u16", "scale": 0.1, "offset": -273.1},
            }
        },
    )


def registers() -> Codec:
    """Registers whose address is in the request only: two answers that nothing else tells apart."""
    return made(
        {"start_hex": "0103", "encoding": "binary", "cut": "length", "length": {"at": 0, "type": "u8", "plus": 5}},
        {"algorithm": "crc16-modbus", "over": "frame", "order": "little"},
        {
            "cells": {
                "request": "cells",
                "asks": "010300000008440C",
                "size": 19,
                "then": "status",
                "by_request": True,
            },
            "status": {"request": "status", "asks": "01030020000845C6", "size": 19, "by_request": True},
        },
        {
            "cells": {"cell_voltages": {"at": 1, "type": "u16", "count": 8, "scale": 0.001, "least": 8}},
            "status": {
                "pack_voltage": {"at": 1, "type": "u16", "scale": 0.01},
                "current": {"at": 3, "type": "i16", "scale": 0.1},
                "soc": {"at": 5, "type": "u16"},
                "remaining_capacity": {"at": 7, "type": "u16", "scale": 0.1},
                "full_charge_capacity": {"at": 9, "type": "u16", "scale": 0.1},
                "temperatures": {"at": 13, "type": "i16", "scale": 0.1},
            },
        },
    )


def masked() -> Codec:
    """Hex digits, every byte XORed with a constant, a CRC behind the mask."""
    return made(
        {"start": ":", "end": "~", "encoding": "ascii-hex", "xor": {"key": 0x5A}},
        {"algorithm": "crc16-modbus", "over": "bytes", "order": "little"},
        {"status": {"request": "status", "asks": b":0102~".hex(), "size": 40}},
        {
            "status": {
                "cell_voltages": {"at": 4, "type": "u16", "count": 4, "scale": 0.001, "least": 4},
                "current": {"at": 16, "type": "i16", "scale": 0.01},
                "soc": {"at": 21, "type": "u8"},
                "temperatures": {"at": 25, "type": "i8"},
            }
        },
    )


def own_key() -> Codec:
    """A key of its own for each message, which stands behind the mark; the bytes behind the length are masked."""
    return made(
        {
            "start_hex": "D7A3",
            "encoding": "binary",
            "cut": "length",
            "length": {"at": 1, "type": "u8", "plus": 4},
            "xor": {"key_at": 0, "from": 2},
        },
        {"algorithm": "sum16", "over": "bytes", "skip": 2},
        {"status": {"request": "status", "asks": "D7A30001", "size": 24, "xor_key": 0x5B}},
        {
            "status": {
                "cell_voltages": {"at": 6, "type": "u16", "count": 4, "scale": 0.001, "least": 4},
                "pack_voltage": {"at": 2, "type": "u16", "scale": 0.01},
                "current": {"at": 4, "type": "i16", "scale": 0.01},
                "soc": {"at": 15, "type": "u8"},
                "temperatures": {"at": 17, "type": "i8"},
            }
        },
    )


def test_a_message_is_masked_with_the_key_that_it_carries() -> None:
    frame = own_key().encode("status", {"pack_voltage": 13.1, "soc": 75})
    opened = own_key().open(frame)

    assert frame.hex() == "d7a35b165e455b5b5b5b5b5b5b5b5b5b5b105b5b5b5b5b5b5b35"
    assert not isinstance(opened, FrameRejected)
    assert opened.payload.hex() == "5b16051e00000000000000000000004b000000000000006e"


def coarse() -> Codec:
    """A byte for each cell, a current around 300000, a fraction as state of charge, temperatures above -30."""
    return made(
        {"start_hex": "D203", "encoding": "binary", "cut": "length", "length": {"at": 0, "type": "u8", "plus": 5}},
        {"algorithm": "crc16-modbus", "over": "frame", "order": "little"},
        {"status": {"request": "status", "asks": "D2030000003ED7B9", "size": 41}},
        {
            "status": {
                "pack_voltage": {"at": 3, "type": "u16", "scale": 0.01},
                "current": {"at": 7, "type": "u32", "scale": 0.01, "offset": -3000},
                "soc": {"at": 13, "type": "f32", "scale": 100},
                "temperatures": {"at": 19, "type": "u8", "offset": -30},
                "cell_voltages": {"at": 26, "type": "u8", "count": 8, "scale": 0.01, "offset": 2.0, "least": 8},
            }
        },
    )


SHAPES: dict[str, Callable[[], Codec]] = {
    "modbus": modbus,
    "two pages": two_pages,
    "fixed and little": fixed_and_little,
    "masked": masked,
    "coarse": coarse,
    "floats": partial(floats, ""),
    "little floats": partial(floats, "-le"),
    "swapped floats": partial(floats, "-ws"),
    "numbered": numbered,
}
VALUES = ("cell_voltages", "pack_voltage", "current", "soc", "temperatures")


def cells_of(codec: Codec) -> int:
    return next(f.count for m in codec.description.messages.values() for f in m.fields if f.name == "cell_voltages")


def life_of(codec: Codec, **more: Any) -> Life:
    variant = next(iter(codec.description.messages))
    return live(codec, variant=variant, cells=cells_of(codec), **more)


def analysed(life: Life) -> Analysis:
    return analyse(structure_of(life.capture), life.labels(*MOMENTS))


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_written_reads_frames_that_the_lab_did_not_see(shape: str, tmp_path: Path) -> None:
    codec = SHAPES[shape]()
    path = tmp_path / "mine.toml"
    path.write_text(describe(analysed(life_of(codec)), ident="mine", name="Mine", sources=[]).text)
    mine = load_file(path)

    for _, truth in life_of(codec, seed=11, soc=35.0).readings[::9]:
        got = mine.decode(truth.frames, battery="x", taken_at=datetime.now(UTC))
        assert isinstance(got, Reading), got
        for name in VALUES:
            assert getattr(got, name) == pytest.approx(getattr(truth, name), abs=0.06), name


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_a_battery_that_speaks_what_was_written_gives_the_same_description(shape: str) -> None:
    first = describe(analysed(life_of(SHAPES[shape]())), ident="mine", name="Mine", sources=[]).text
    again = describe(analysed(life_of(Codec(parse(first)))), ident="mine", name="Mine", sources=[]).text

    assert bare(again) == bare(first)


def bare(text: str) -> dict[str, Any]:
    """Return a description without its evidence, and without the bytes that happened to stand still."""
    tree = tomllib.loads(text)
    for block in tree["blocks"].values():
        for field in block.values():
            field.pop("note")
            field.pop("evidence")
    for message in tree["messages"].values():
        message.pop("when", None)
    return tree


@pytest.mark.slow
@pytest.mark.parametrize("shape", [two_pages, registers, numbered, own_key])
def test_the_session_reads_a_battery_by_what_the_lab_wrote(shape: Callable[[], Codec]) -> None:
    codec = shape()
    mine = Codec(parse(describe(analysed(life_of(codec)), ident="mine", name="Mine", sources=[]).text))

    for charge in (20.0, 70.0):
        first = next(iter(codec.description.messages))
        pack = Pack(clock=lambda: 0.0, dice=Random(5), design_capacity=200, cells=cells_of(codec), soc=charge)
        battery = Battery(pack, codec=codec, dice=Random(6), variant=first, instant=True)
        got = asyncio.run(reading_of(battery, mine))

        assert len(got.cell_voltages) == cells_of(codec)
        assert got.pack_voltage == pytest.approx(pack.measure().pack_voltage, abs=0.02)
        assert got.soc == pytest.approx(charge, abs=1.0)


async def reading_of(battery: Battery, codec: Codec) -> Reading:
    """Return what a session reads of a battery that it knows by a description of its own."""
    async with Session(SimulatedLink(battery, codecs=(codec,)), codecs=(codec,)) as session:
        return await session.read()


@pytest.mark.slow
def test_answers_that_look_alike_are_told_apart_by_what_was_asked() -> None:
    life = life_of(registers())
    draft = describe(analysed(life), ident="mine", name="Mine", sources=[])
    mine = Codec(parse(draft.text))
    alone = mine.decode(life.readings[0][1].frames[0], battery="x", taken_at=datetime.now(UTC))

    assert draft.decoded == draft.frames
    assert [message.by_request for message in mine.description.messages.values()] == [True, True]
    assert not isinstance(alone, Reading)
    assert "only the request" in alone.reason
