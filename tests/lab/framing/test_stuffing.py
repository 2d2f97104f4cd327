"""Byte stuffing is found, written down, and read again."""

import asyncio
import tomllib
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bmsreader.descriptions import load_file
from bmsreader.lab.analysis import analyse
from bmsreader.lab.framing.bursts import bursts_of, packets_of
from bmsreader.lab.framing.stuffing import unstuffed
from bmsreader.lab.output.describe import describe
from bmsreader.lab.output.redacted import redacted
from bmsreader.lab.structure import structure_of
from bmsreader.model.reading import Reading
from bmsreader.protocol import Codec, parse
from bmsreader.protocol.crc import CATALOGUE
from bmsreader.protocol.description import Escape, Framing
from bmsreader.protocol.stuffing import Stuffing
from bmsreader.session import Session
from bmsreader.simulator import Battery, Pack, SimulatedLink
from tests.clock import START
from tests.hostile import document
from tests.lab.simulated import live
from tests.lab.talk import capture, split

PROFILE = "0000fff0-0000-1000-8000-00805f9b34fb"
CODES = [{"sent": 0xDC, "means": 0xC0}, {"sent": 0xDD, "means": 0xDB}]
WAYS: dict[str, dict[str, Any]] = {
    "HDLC": {"start_hex": "7E", "end_hex": "7E", "escape": {"byte": 0x7D, "xor": 0x20}},
    "SLIP": {"end_hex": "C0", "escape": {"byte": 0xDB, "codes": CODES}},
    "SLIP with a start": {"start_hex": "C0", "end_hex": "C0", "escape": {"byte": 0xDB, "codes": CODES}},
    "doubled": {"start_hex": "1002", "end_hex": "1003", "escape": {"byte": 0x10}},
    "two marks": {"start_hex": "E6", "end_hex": "E7", "escape": {"byte": 0xE5, "xor": 0x80}},
}


def battery(framing: dict[str, Any]) -> Codec:
    """Return a battery that stuffs. Its address holds what must be escaped, so that no frame is without."""
    fields = {
        "cell_voltages": {"at": 0, "type": "u16", "count": 4, "scale": 0.001, "least": 4},
        "pack_voltage": {"at": 8, "type": "u16", "scale": 0.01},
        "current": {"at": 10, "type": "i16", "scale": 0.01},
        "soc": {"at": 12, "type": "u8"},
        "remaining_capacity": {"at": 13, "type": "u16", "scale": 0.01},
        "temperatures": {"at": 15, "type": "u8", "count": 2, "offset": -40},
    }
    tree = {
        "id": "made",
        "name": "Made up",
        "ble": [
            {"service": PROFILE, "notify": PROFILE.replace("fff0", "fff1"), "write": PROFILE.replace("fff0", "fff2")}
        ],
        "framing": {"encoding": "binary", "limit": 256, **framing},
        "checksums": {"crc": {"algorithm": "crc16-modbus", "over": "bytes", "order": "little"}},
        "requests": {"status": {"send_hex": "7E01027E", "safety": "read"}},
        "messages": {
            "status": {
                "request": "status",
                "size": 21,
                "checksum": "crc",
                "when": [{"at": 0, "equals": 1}, {"at": 1, "equals": 3}],
                "blocks": {"status": 2},
            }
        },
        "blocks": {"status": fields},
        "plausible": [{"check": "range", "field": "soc", "min": 0, "max": 100}],
    }
    return Codec(parse(document(tree)))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_the_description_of_stuffed_frames_reads_what_the_lab_did_not_see(way: str, tmp_path: Path) -> None:
    codec = battery(WAYS[way])
    life = live(codec, count=200)

    draft = describe(
        analyse(structure_of(life.capture), life.labels(0.05, 0.25, 0.65, 0.95)), ident="mine", name="Mine", sources=[]
    )
    path = tmp_path / "mine.toml"
    path.write_text(draft.text)
    framing = tomllib.loads(draft.text)["framing"]
    mine = load_file(path)

    assert (framing["escape"], draft.decoded, draft.warnings) == (WAYS[way]["escape"], 200, ())
    for _, truth in live(codec, seed=11, soc=35).readings[::9]:
        (frame,) = mine.assembler().feed(truth.frames[0])
        reading = mine.decode(frame, battery="x", taken_at=START)  # type: ignore[arg-type]
        assert isinstance(reading, Reading), reading
        for name in ("pack_voltage", "current", "soc", "cell_voltages"):
            assert getattr(reading, name) == pytest.approx(getattr(truth, name)), name


@pytest.mark.slow
def test_a_session_reads_a_simulated_battery_that_stuffs() -> None:
    codec = battery(WAYS["two marks"])
    life = live(codec, count=200)
    analysis = analyse(structure_of(life.capture), life.labels(0.05, 0.25, 0.65, 0.95))
    mine = Codec(parse(describe(analysis, ident="mine", name="Mine", sources=[]).text))
    pack = Pack(clock=lambda: 0.0, dice=Random(5), design_capacity=200, cells=4, soc=70.0)
    simulated = Battery(pack, codec=codec, dice=Random(6), variant="status", instant=True)

    got = asyncio.run(reading_of(simulated, mine))

    assert got.soc == pytest.approx(70.0, abs=1.0)
    assert got.pack_voltage == pytest.approx(pack.measure().pack_voltage, abs=0.02)


async def reading_of(simulated: Battery, codec: Codec) -> Reading:
    """Return what a session reads of a battery that it knows by a description of its own."""
    async with Session(SimulatedLink(simulated, codecs=(codec,)), codecs=(codec,)) as session:
        return await session.read()


DICE = Random(5)
HDLC = Framing(start=b"\x7e", end=b"\x7e", encoding="binary", limit=99, escape=Escape(byte=0x7D, xor=0x20))


def payload(number: int, word: bytes = b"") -> bytes:
    body = bytes([1, 3, number, *(DICE.choice((0x7D, 0x7E, 5, 80)) for _ in range(12))]) + word
    return body + bytes([sum(body) & 0xFF])


def sent(payload: bytes) -> bytes:
    assert HDLC.escape
    return b"\x7e" + Stuffing(HDLC.escape, HDLC.start, HDLC.end).stuffed(payload) + b"\x7e"


def test_frames_are_shown_without_escapes_and_kept_as_they_came() -> None:
    payloads = [payload(number) for number in range(40)]
    bursts = bursts_of(packets_of(capture([(b"?", split(sent(one))) for one in payloads]), None), 17)

    found = unstuffed(bursts)

    assert found
    assert [frame.data for frame in found.framed.frames] == payloads
    assert [found.sent[frame.at, frame.data] for frame in found.framed.frames] == [sent(one) for one in payloads]


def test_frames_without_escapes_are_left_to_others() -> None:
    frames = [bytes([0xDD, 3, 0, 9, *(DICE.randrange(256) for _ in range(9)), 0x77]) for _ in range(60)]

    assert unstuffed(bursts_of(packets_of(capture([(b"?", [one]) for one in frames]), None), 17)) is None


def test_nothing_private_is_hidden_behind_escapes() -> None:
    frames = [sent(payload(number, b"SN}12345678")) for number in range(40)]

    shown = redacted(structure_of(capture([(b"?", split(one)) for one in frames])), [b"SN}12345678"])

    assert shown.answers == 40
    assert not any(b"12345678" in record.data for record in shown.records)


def test_a_few_frames_with_escapes_suffice_where_all_of_their_size_have_a_right_check_value() -> None:
    """As where the escape byte is rare: two answers in fifty hold what looks like a mark."""
    rule = Framing(start=b"\xac", end=b"\xad", encoding="binary", limit=99, escape=Escape(byte=0xAE, xor=0x80))
    bodies = [bytes([2, 65, number, 7 * number % 160, 9]) for number in range(50)]
    bodies[8], bodies[30] = b"\x02\x41\xac\x07\x09", b"\x02\x41\x08\xae\x09"
    payloads = [body + bytes([CATALOGUE["crc8-maxim-dow"].compute(body)]) for body in bodies]
    stuffing = Stuffing(rule.escape, rule.start, rule.end)  # type: ignore[arg-type]
    air = [b"\xac" + stuffing.stuffed(one) + b"\xad" for one in payloads]
    bursts = bursts_of(packets_of(capture([(b"?", split(one)) for one in air]), None), 17)

    found = unstuffed(bursts)

    assert found
    assert [frame.data for frame in found.framed.frames] == payloads
