"""What was found out, in the forms that others use."""

import ast

import pytest
import yaml  # type: ignore[import-untyped]

from bmsreader.lab.analysis import Analysis, analyse
from bmsreader.lab.export import aiobmsble, kaitai, markdown
from bmsreader.lab.structure import structure_of
from tests.lab.simulated import live

pytestmark = pytest.mark.slow  # each analyses whole captures


def analysed(protocol: str) -> Analysis:
    life = live(protocol)
    return analyse(structure_of(life.capture), life.labels(0.1, 0.35, 0.75, 0.95))


@pytest.mark.parametrize("protocol", ["ej", "ej2"])
def test_a_kaitai_specification_places_every_field(protocol: str) -> None:
    found = yaml.safe_load(kaitai(analysed(protocol), ident="my-battery"))

    assert found["meta"] == {"id": "my_battery", "endian": "be"}
    cells = found["types"]["answer_1"]["instances"]["cell_voltages_raw"]
    assert (cells["pos"], cells["type"], cells["repeat-expr"]) == (12, "u2be", 4)


def test_a_page_lists_fields_with_their_evidence() -> None:
    text = markdown(analysed("ej"), title="Mine")

    assert text.startswith("# Mine\n")
    assert "| 44 minus 46 | u16 | 0.01 | 0 | current | " in text


def test_the_table_of_aiobmsble_is_python() -> None:
    text = aiobmsble(analysed("ej2"))

    ast.parse(text)
    assert 'BMSDp("voltage", 62, 2, False, lambda x: x / 1000),' in text
