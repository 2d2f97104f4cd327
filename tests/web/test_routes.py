"""The table of the API is complete, and each row of it says what it needs."""

import re

import pytest

from bmsreader.web.endpoint import Access
from bmsreader.web.openapi import WORDS, refusals_of
from bmsreader.web.routes import whole
from tests.web.serving import Served

pytestmark = pytest.mark.slow


def test_each_row_describes_what_stands_in_its_path(house: Served) -> None:
    for one in house.page.endpoints:
        in_path = [parameter.name for parameter in one.parameters if parameter.where == "path"]
        assert sorted(re.findall(r"{(\w+)}", one.path)) == sorted(in_path)


def test_no_two_rows_are_the_same(house: Served) -> None:
    rows = house.page.endpoints

    assert len({(one.method, one.path) for one in rows}) == len(rows)
    assert len({one.name for one in rows}) == len(rows)


def test_only_coming_in_and_what_says_nothing_of_the_house_is_for_everybody(house: Served) -> None:
    everybody = {one.path for one in house.page.endpoints if one.access is Access.ANYBODY}

    assert everybody == {"/api/v1/session", "/api/v1/login", "/api/v1/logout", "/healthz", "/api/v1/openapi.json"}


def test_each_number_that_it_refuses_with_has_words(house: Served) -> None:
    assert {status for one in house.page.endpoints for status in refusals_of(one)} <= set(WORDS)


def test_a_whole_number_has_its_limits() -> None:
    assert whole("limit", "How many.", default=5, least=1, most=9).schema == {
        "type": "integer", "minimum": 1, "maximum": 9, "default": 5
    }  # fmt: skip
