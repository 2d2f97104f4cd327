"""Names and manufacturer ids are hints, and hints only order what is tried."""

import pytest

from bmsreader.descriptions import load, shipped
from bmsreader.protocol import Codec
from bmsreader.session.hints import by_likelihood, likelihood

EJ_NAMES = [
    "LT-12V-1544",
    "LT-12V12345",
    "LT-12V-0002\r\n",
    "L-12V100AH-0902",
    "V-12V200Ah-0215",
    "V-12V200AH-0533",
    "V-24V100AH-0001",
    "SV12V150224041",
    "G-12V300Ah-0345",
    "libatt",
    "libattU12E9",
    "AG100L21021805",
    "EJ22040073",
    "LT-12100BG-A04123",
]


@pytest.mark.parametrize("name", EJ_NAMES)
def test_every_name_that_was_seen_in_the_field_hints_at_the_first_generation(name: str) -> None:
    assert likelihood(load("ej"), name=name) == 1


@pytest.mark.parametrize("name", ["BT-Battery    ", "BT-CARATECONE", "Power-1"])
def test_names_of_the_second_generation_hint_at_it(name: str) -> None:
    assert by_likelihood(shipped(), name=name)[0].id == "ej2"


@pytest.mark.parametrize("name", [None, "", "Caravan", "TV"])
def test_an_unknown_name_hints_at_nothing_and_excludes_nothing(name: str | None) -> None:
    assert likelihood(load("ej"), name=name) == 0
    assert len(by_likelihood(shipped(), name=name)) == len(shipped())


def test_a_manufacturer_id_counts_as_much_as_a_name() -> None:
    assert by_likelihood(shipped(), name="renamed", manufacturer_ids=[28256])[0].id == "ej2"


def test_both_together_count_most() -> None:
    assert likelihood(load("ej"), name="LT-12V-1544", manufacturer_ids=[33384]) == 2


def test_what_a_person_named_comes_before_what_a_name_hints_at() -> None:
    named = Codec(load("ej2").description)
    named.preferred = True

    assert by_likelihood([load("ej"), named], name="LT-12V-1544")[0] is named
