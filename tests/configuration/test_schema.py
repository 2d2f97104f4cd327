"""The published JSON Schema agrees with the check."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bmsreader.configuration.schema import of_row, schema
from bmsreader.configuration.settings import SECTIONS
from bmsreader.configuration.values import value_of
from bmsreader.model.errors import ConfigurationError
from tests.configuration.test_writing import everything_set

ROWS = [(section, row) for section in SECTIONS for row in section.rows]
TRIED: list[Any] = [
    True,
    0,
    1,
    0.05,
    10,
    4.5,
    70_000,
    -1,
    "",
    "x",
    "keep",
    "a b",
    " a",
    "/x",
    "http://a/b",
    [],
    ["hci0"],
    ["a b"],
    "a:1",
]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_it_takes_a_file_in_which_everything_is_set() -> None:
    Draft202012Validator(schema()).validate(tomllib.loads(everything_set()))


@pytest.mark.parametrize("text", ["[sotre]", "[gateway]\nintervall = 1", "[mqtt]", "[battery]"])
def test_it_refuses_what_the_check_refuses(text: str) -> None:
    assert not Draft202012Validator(schema()).is_valid(tomllib.loads(text))


def test_each_setting_takes_and_refuses_the_same_as_the_check() -> None:
    different = []
    for section, row in ROWS:
        validator = Draft202012Validator(of_row(row))
        for raw in TRIED:
            try:
                value_of(row, raw, folder=Path())
                taken = True
            except ConfigurationError:
                taken = False
            if taken != validator.is_valid(raw):
                different.append((section.name, row.key, raw))

    assert different == []


def test_the_pattern_of_an_editor_is_one_of_javascript() -> None:
    patterns = [row.about.form.pattern for _, row in ROWS if row.about.form]

    assert [pattern for pattern in patterns if "(?P" in pattern or "(?i" in pattern or "\\Z" in pattern] == []
