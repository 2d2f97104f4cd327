"""From a battery that writes to its description and back: JSON, lines of values, keys and values."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bmsreader.descriptions import load_file
from bmsreader.lab.known import explanations
from bmsreader.lab.output.describe import describe
from bmsreader.lab.output.export import aiobmsble, markdown
from bmsreader.lab.output.kaitai import kaitai
from bmsreader.lab.output.page import page
from bmsreader.model import Reading
from bmsreader.protocol import Codec, parse
from tests.hostile import document
from tests.lab.test_binary import PROFILE, RULES, VALUES, analysed, bare, life_of

STAR = {"algorithm": "xor8", "over": "characters", "mark": "*"}


def spoken(
    framing: dict[str, Any], message: dict[str, Any], block: dict[str, Any], check: dict[str, Any] = STAR
) -> Codec:
    """Return an invented battery that writes when it is asked."""
    tree: dict[str, Any] = {"id": "made", "name": "Made up", "ble": [PROFILE], "framing": {"limit": 1024, **framing}}
    tree["requests"] = {"status": {"send": "read\r\n", "safety": "read"}}
    tree["messages"] = {"status": {"request": "status", "blocks": ["status"], **message}}
    if "checksum" in message:
        tree["checksums"] = {"check": check}
    fields = {name: {"type": "decimal", **field} for name, field in block.items()}
    return Codec(parse(document({**tree, "blocks": {"status": fields}, "plausible": RULES})))


def json() -> Codec:
    """Return one whose numbers are whole, in lists within lists."""
    return spoken(
        {"encoding": "json"},
        {},
        {
            "cell_voltages": {"path": "Cells[0][{0..3}]", "scale": 0.001, "least": 4},
            "pack_voltage": {"path": "Batt[0][0]", "scale": 0.001},
            "current": {"path": "Batt[1][0]", "scale": 0.1},
            "soc": {"path": "Soc[0][0]"},
            "temperatures": {"path": "Temp[0][{0..1}]", "scale": 0.1},
        },
    )


def lines() -> Codec:
    """Return one that writes hundredths of a volt and degrees Fahrenheit."""
    return spoken(
        {"encoding": "text", "separator": ",", "end": "\r\n"},
        {"columns": 8},
        {
            "pack_voltage": {"path": "[0]", "scale": 0.01},
            "cell_voltages": {"path": "[{1..4}]", "scale": 0.001, "least": 4},
            "temperatures": {"path": "[5]"},
            "current": {"path": "[6]", "decimals": 1},
            "soc": {"path": "[7]"},
        },
    )


def pairs() -> Codec:
    """Return one that writes keys, units and a check value."""
    return spoken(
        {"encoding": "text", "start": "$", "separator": ",", "pair": ":", "end": "\r\n"},
        {"checksum": "check"},
        {
            "pack_voltage": {"path": "V", "suffix": "V", "decimals": 2},
            "cell_voltages": {"path": "C{1..4}", "decimals": 3, "least": 4},
            "current": {"path": "A", "suffix": "A", "decimals": 1},
            "soc": {"path": "S", "suffix": "%"},
            "temperatures": {"path": "T", "decimals": 1},
        },
    )


def endless() -> Codec:
    """Return one whose answers have a line for each value, and nothing that ends them."""
    return spoken(
        {"encoding": "text", "start": "V=", "separator": "\n,", "pair": "="},
        {"columns": 1},
        {
            "pack_voltage": {"path": "[0]", "decimals": 2},
            "cell_voltages": {"path": "CELLS[{0..3}]", "decimals": 3, "least": 4},
            "current": {"path": "I", "decimals": 1},
            "soc": {"path": "SOC"},
            "temperatures": {"path": "T"},
        },
    )


def digits() -> Codec:
    """Return one that writes hex digits, and sums the comma before its check value."""
    return spoken(
        {"encoding": "text", "separator": ",", "end": "\r\n"},
        {"columns": 8, "checksum": "check"},
        {
            "pack_voltage": {"path": "[0]", "type": "u32", "base": 16, "scale": 0.01},
            "cell_voltages": {"path": "[{1..4}]", "type": "u16", "base": 16, "scale": 0.001, "least": 4},
            "current": {"path": "[5]", "type": "i16", "base": 16, "scale": 0.1},
            "soc": {"path": "[6]", "type": "u8", "base": 16},
            "temperatures": {"path": "[7]", "type": "i8", "base": 16},
        },
        {"algorithm": "crc8-maxim-dow", "over": "characters", "mark": ",", "over_mark": True},
    )


def blocks() -> Codec:
    """Return one that writes a line for each value, and behind the last word a check value in a byte."""
    return spoken(
        {"encoding": "text", "separator": "\r\n", "pair": "\t", "end": "\r\nChecksum\t", "behind": 1},
        {"checksum": "check"},
        {
            "pack_voltage": {"path": "V", "scale": 0.001},
            "cell_voltages": {"path": "C{1..4}", "scale": 0.001, "least": 4},
            "current": {"path": "I", "scale": 0.001},
            "soc": {"path": "SOC", "scale": 0.1},
            "temperatures": {"path": "T"},
        },
        {"algorithm": "neg-sum8", "over": "frame"},
    )


def commas() -> Codec:
    """Return one that writes commas where others write points."""
    return spoken(
        {"encoding": "text", "separator": ";", "end": "\r\n", "point": ","},
        {"columns": 8},
        {
            "pack_voltage": {"path": "[0]", "decimals": 2},
            "cell_voltages": {"path": "[{1..4}]", "decimals": 3, "least": 4},
            "temperatures": {"path": "[5]", "decimals": 1},
            "current": {"path": "[6]", "decimals": 1},
            "soc": {"path": "[7]"},
        },
    )


SHAPES = {
    "json": json,
    "lines": lines,
    "pairs": pairs,
    "endless": endless,
    "digits": digits,
    "blocks": blocks,
    "commas": commas,
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_is_written_reads_answers_that_the_lab_did_not_see(shape: Callable[[], Codec], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    draft = describe(analysed(life_of(shape())), ident="mine", name="Mine", sources=[])
    path.write_text(draft.text)
    mine = load_file(path)

    assert draft.decoded == draft.frames
    for _, truth in life_of(shape(), seed=11, soc=35.0).readings[::9]:
        got = mine.decode(truth.frames, battery="x", taken_at=datetime.now(UTC))
        assert isinstance(got, Reading), got
        for name in VALUES:
            assert getattr(got, name) == pytest.approx(getattr(truth, name), abs=0.06), name


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_battery_that_writes_what_was_written_gives_the_same_description(shape: Callable[[], Codec]) -> None:
    first = describe(analysed(life_of(shape())), ident="mine", name="Mine", sources=[]).text
    again = describe(analysed(life_of(Codec(parse(first)))), ident="mine", name="Mine", sources=[]).text

    assert bare(again) == bare(first)
    assert tomllib.loads(first)["framing"]["encoding"] == shape().description.framing.encoding


@pytest.mark.slow
def test_other_programs_are_told_the_paths() -> None:
    analysis = analysed(life_of(json()))

    assert "answer 1, pack voltage: Batt[0][0] x 0.001" in kaitai(analysis, ident="mine")
    assert yaml.safe_load(kaitai(analysis, ident="mine"))["seq"][0]["type"] == "str"
    assert "# answer 1, cell voltages: Cells[0][{0..3}] x 0.001" in aiobmsble(analysis)
    assert "| Temp[0][{0..1}] | decimal |" in markdown(analysis, title="Mine")
    assert '<td class="n">Soc[0][0]</td>' in page(analysis, title="Mine")


@pytest.mark.slow
def test_what_was_written_explains_the_battery_from_then_on() -> None:
    life = life_of(pairs())
    mine = Codec(parse(describe(analysed(life), ident="mine", name="Mine", sources=[]).text))
    (best,) = explanations([packet.value for packet in life.packets if not packet.sent], [mine])

    assert best.explains
