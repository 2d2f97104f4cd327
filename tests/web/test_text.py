"""JSON as the page sends it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bmsreader.web.text import as_json, iso


def test_letters_stay_letters_and_there_are_no_blanks() -> None:
    assert as_json({"name": "Häuser 🔋", "list": (1, None)}) == '{"name":"Häuser 🔋","list":[1,null]}'.encode()


def test_times_paths_and_sets_become_text() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)

    assert json.loads(as_json([moment, Path("/a"), {"b", "a"}])) == [iso(moment), "/a", ["a", "b"]]


def test_infinity_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json(float("inf"))
