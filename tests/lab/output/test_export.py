"""What was found out, in the forms that others use."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest

from bmsreader.lab.analysis import Analysis
from bmsreader.lab.output.export import aiobmsble, markdown
from bmsreader.lab.structure import structure_of
from tests.lab.simulated import Life, live
from tests.lab.test_binary import SHAPES, analysed, life_of

pytestmark = pytest.mark.slow  # each analyses whole captures


class BMSDp(NamedTuple):
    """A row of aiobmsble's tables, as that package has it."""

    key: str
    pos: int
    size: int
    signed: bool
    fct: Callable[[int], Any] = lambda x: x


@cache
def found(shape: str) -> tuple[Life, Analysis]:
    life = life_of(SHAPES[shape]()) if shape in SHAPES else live(shape)
    return life, analysed(life)


def tables(text: str) -> Mapping[str, tuple[BMSDp, ...]]:
    """Return the tables of an export, run as the Python that they are."""
    names: dict[str, Any] = {"BMSDp": BMSDp}
    exec(re.sub(r": Final\[.*\] =", " =", text), names)
    return {name: table for name, table in names.items() if name.startswith("_FIELDS")}


def read(table: tuple[BMSDp, ...], frame: bytes, order: Any) -> dict[str, Any]:
    """Do what aiobmsble does with a table."""
    return {
        row.key: row.fct(int.from_bytes(frame[row.pos : row.pos + row.size], order, signed=row.signed)) for row in table
    }


def test_a_page_lists_fields_with_their_evidence() -> None:
    text = markdown(found("ej")[1], title="Mine")

    assert text.startswith("# Mine\n")
    assert "| 44 minus 46 | u16 | 0.01 | 0 | current | " in text


@pytest.mark.parametrize(("shape", "order"), [("modbus", "big"), ("fixed and little", "little"), ("two pages", "big")])
def test_a_table_for_aiobmsble_reads_the_frames(shape: str, order: str) -> None:
    life, analysis = found(shape)
    text = aiobmsble(analysis)
    frame = structure_of(life.capture).kinds[0].frames[-1].data
    values = read(tables(text)["_FIELDS"], frame, order)
    last = life.readings[-1][1]

    assert (values["voltage"], values["current"]) == pytest.approx((last.pack_voltage, last.current))
    assert values["battery_level"] == pytest.approx(last.soc, abs=0.5)
    assert f"_cell_voltages(data, cells={len(last.cell_voltages)}" in text


def test_a_table_of_payloads_says_so_and_a_value_of_two_words_is_told_in_words() -> None:
    text = aiobmsble(found("ej")[1])

    assert "first byte of the decoded payload" in text
    assert "# current: byte 44, u16: no row of a table can say it" in text
    assert tables(text)["_FIELDS"]


def test_both_byte_orders_have_a_table_each() -> None:
    text = aiobmsble(found("ej2")[1])

    assert 'BMSDp("voltage", 62, 2, False, lambda x: x / 1000),' in text
