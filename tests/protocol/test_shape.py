"""Keys and values of a description have one shape, in the program as in the published schema."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bmsreader.descriptions.validation import schema, validate
from bmsreader.model import DescriptionError
from bmsreader.protocol import parse, shape
from bmsreader.protocol.rules import CHECKS
from bmsreader.protocol.shape import Shape, suggestion, whole
from bmsreader.protocol.vocabulary import SWITCHES
from tests.hostile import changed_descriptions

SCHEMA: dict[str, Any] = schema()
PARTS = SCHEMA["$defs"]


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        pytest.param(SCHEMA, shape.DESCRIPTION, id="description"),
        pytest.param(SCHEMA["properties"]["serial"], shape.SERIAL, id="serial"),
        pytest.param(SCHEMA["properties"]["ble"]["items"], shape.PROFILE, id="ble"),
        pytest.param(SCHEMA["properties"]["hints"], shape.HINTS, id="hints"),
        pytest.param(PARTS["framing"], shape.FRAMING, id="framing"),
        pytest.param(PARTS["framing"]["properties"]["xor"], shape.XOR, id="xor"),
        pytest.param(PARTS["framing"]["properties"]["parts"], shape.PARTS_OF_ANSWER, id="parts"),
        pytest.param(PARTS["bits_of_head"], shape.BITS, id="bits of a head"),
        pytest.param(PARTS["framing"]["properties"]["length"], shape.LENGTH, id="length"),
        pytest.param(PARTS["checksum"], shape.CHECKSUM, id="checksum"),
        pytest.param(PARTS["request"], shape.REQUEST, id="request"),
        pytest.param(PARTS["message"], shape.MESSAGE, id="message"),
        pytest.param(PARTS["message"]["properties"]["when"]["items"], shape.CONDITION, id="condition"),
        pytest.param(PARTS["field"], shape.FIELD, id="field"),
        pytest.param(PARTS["told_message"], shape.TOLD_MESSAGE, id="message in text"),
        pytest.param(PARTS["told_message"]["properties"]["when"]["items"], shape.TOLD, id="condition in text"),
        pytest.param(PARTS["told_field"], shape.TOLD_FIELD, id="field in text"),
        pytest.param(PARTS["field"]["properties"]["sign"], shape.SIGN, id="sign"),
        pytest.param(PARTS["field"]["properties"]["absent"], shape.ABSENT, id="absent"),
        pytest.param(PARTS["field"]["properties"]["bits"]["items"], shape.BIT, id="bit"),
    ],
)
def test_the_published_schema_knows_the_same_keys(part: dict[str, Any], wanted: Shape) -> None:
    assert set(part["properties"]) == {*wanted.required, *wanted.optional}
    assert set(part.get("required", ())) == set(wanted.required)
    assert part["additionalProperties"] is False
    assert all("description" in key or "$ref" in key for key in part["properties"].values())


def test_the_published_schema_knows_the_same_rules_switches_and_types() -> None:
    rules = {one["if"]["properties"]["check"]["const"]: set(one["then"]["required"]) for one in PARTS["rule"]["allOf"]}

    assert rules == {name: set(check.keys) for name, check in CHECKS.items()}
    assert PARTS["rule"]["properties"]["check"]["enum"] == list(CHECKS)
    assert PARTS["field"]["properties"]["bits"]["items"]["properties"]["switch"]["enum"] == list(SWITCHES)
    for part, wanted in (("field", shape.FIELD), ("told_field", shape.TOLD_FIELD)):
        assert wanted.required["type"].words == f"one of {', '.join(PARTS[part]['properties']['type']['enum'])}"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(changed_descriptions())
def test_what_the_program_accepts_the_schema_accepts(text: str) -> None:
    try:
        parse(text)
    except DescriptionError:
        return
    validate(text, source="mine.toml")


def test_a_table_has_its_keys_and_no_others() -> None:
    wanted = Shape(required={"at": whole(0, 9)}, optional={"count": whole(1, 9)})

    assert wanted.problem({"at": 3}) is None
    assert wanted.problem({"at": 3, "cuont": 1}) == ("cuont", "unknown key; did you mean 'count'?")
    assert wanted.problem({"at": 3, "zzz": 1}) == ("zzz", "unknown key; known: at, count")
    assert wanted.problem({"count": 1}) == (None, "misses the key 'at'")
    assert wanted.problem({"at": 10}) == ("at", "must be a whole number from 0 to 9")
    assert wanted.problem("at") == (None, "must be a table")


@pytest.mark.parametrize("value", [True, 1.0, "1", None, [1], -1, 10])
def test_what_only_looks_like_a_whole_number_is_none(value: object) -> None:
    assert not whole(0, 9).fits(value)


@pytest.mark.parametrize("value", [True, "1", float("nan"), float("inf"), 1e13, 10**400])
def test_what_only_looks_like_a_number_is_none(value: object) -> None:
    assert not shape.NUMBER.fits(value)


@pytest.mark.parametrize("value", ["a\x1b[2J", "a\n", "a\0", 1])
def test_text_that_could_play_with_a_terminal_is_refused(value: object) -> None:
    assert not shape.TEXT.fits(value)


def test_a_near_word_is_suggested_and_few_words_are_listed() -> None:
    assert suggestion("framming", ["framing", "id"]) == "; did you mean 'framing'?"
    assert suggestion("x", ["read", "write"]) == "; known: read, write"
    assert suggestion("x", []) == ""
