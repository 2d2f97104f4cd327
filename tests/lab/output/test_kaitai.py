"""The Kaitai Struct specification says what the lab found, in Kaitai's own words.

The specifications of all these shapes were compiled by kaitai-struct-compiler 0.11, and what it made read the frames.
"""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bmsreader.lab.output.kaitai import kaitai
from tests.lab.output.test_export import found
from tests.lab.test_binary import SHAPES

pytestmark = pytest.mark.slow  # each analyses whole captures

TYPE = re.compile(r"[us]1|[us][24](be|le)|f[48](be|le)|b24(le)?")


def specified(shape: str) -> dict[str, Any]:
    text: dict[str, Any] = yaml.safe_load(kaitai(found(shape)[1], ident="my-battery"))
    return text


@pytest.mark.parametrize("shape", ["ej", "ej2", *SHAPES])
def test_every_number_has_a_place_and_a_type_that_kaitai_knows(shape: str) -> None:
    text = specified(shape)
    instances = [one for kind in text["types"].values() for one in kind["instances"].items()]
    names = {name for name, _ in instances}

    assert text["meta"] == {"id": "my_battery", "endian": "be"}
    for name, one in instances:
        assert ("value" in one) != ("pos" in one), name
        assert "value" in one or one.get("size") == 4 or TYPE.fullmatch(one["type"]), name
        assert set(re.findall(r"[a-z_0-9]*[a-z]_[a-z_0-9]+", str(one.get("value", "")))) <= names


def test_a_float_whose_halves_are_swapped_is_left_as_bytes() -> None:
    soc = specified("swapped floats")["types"]["answer_1"]["instances"]["soc_raw"]

    assert (soc["size"], soc["doc"].split("; ")[-1]) == (
        4,
        "a float whose two words are swapped, which Kaitai cannot read",
    )


def test_cells_stand_where_they_were_found() -> None:
    cells = specified("ej")["types"]["answer_1"]["instances"]["cell_voltages_raw"]

    assert (cells["pos"], cells["type"], cells["repeat-expr"]) == (12, "u2be", 4)


def test_a_frame_of_bytes_is_taken_apart_from_its_start_mark_on() -> None:
    start, payload, end = specified("two pages")["seq"]

    assert start["contents"] == [0xDD]
    assert (payload["size"], payload["type"]["cases"]) == ("_io.size - 2", {27: "answer_1", 23: "answer_2"})
    assert end["contents"] == [0x77]


def test_of_hex_digits_the_payload_is_described() -> None:
    assert [one["id"] for one in specified("ej")["seq"]] == ["payload"]
