"""What stands in a request is taken for what it is, or refused in words."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from bmsreader.model import UsageError
from bmsreader.web import asked
from bmsreader.web.refusal import Refused
from tests.web.made import request

JSON = {"content-type": "application/json"}
ANYTHING = st.text(max_size=60)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T12:00:00Z", "2026-03-01T13:00:00%2B01:00", "2026-03-01T13:00:00+01:00", "1772366400000"],
)
def test_a_time_is_iso_8601_with_offset_or_milliseconds(text: str) -> None:
    assert asked.moment(request(f"start={text}"), "start") == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-01T12:00", "yesterday", "9" * 30, "-5", "0001-01-01T00:00:00Z", "1e9"])
def test_another_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        asked.moment(request(f"start={text}"), "start")


def test_what_is_not_there_has_its_default() -> None:
    assert asked.whole(request(), "points", 1000, least=0, most=5000) == 1000
    assert asked.text(request("kind="), "kind") is None
    assert asked.words(request("kind=a,%20b,,a"), "kind") == ["a", "b"]


@pytest.mark.parametrize("number", ["-1", "5001", "1.5", "x", "٣"])
def test_a_number_out_of_range_is_refused(number: str) -> None:
    with pytest.raises(UsageError):
        asked.whole(request(f"points={quote(number)}"), "points", 1000, least=0, most=5000)


def test_what_is_there_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="2 times"):
        asked.text(request("kind=a&kind=b"), "kind")


@pytest.mark.slow
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda one: asked.moment(one, "x"), id="time"),
        pytest.param(lambda one: asked.whole(one, "x", 1, least=0, most=9), id="number"),
        pytest.param(lambda one: asked.words(one, "x"), id="words"),
        pytest.param(asked.zone, id="zone"),
    ],
)
@given(text=ANYTHING)
def test_whatever_is_said_it_is_understood_or_refused(ask: Callable[[Request], object], text: str) -> None:
    try:
        ask(request(f"x={quote(text)}&tz={quote(text)}"))
    except UsageError:
        pass


def test_a_body_is_a_json_object() -> None:
    assert sent(b'{"name": "House"}') == {"name": "House"}
    assert sent(b"") == {}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(b"[1]", None, id="a list"),
        pytest.param(b"{", None, id="a part"),
        pytest.param(b"[" * 50_000, None, id="a deep one"),
        pytest.param(b"\xff", None, id="no text"),
        pytest.param(b'{"name": "\\ud800"}', None, id="half a character"),
        pytest.param(b'"' + b"x" * asked.LARGEST_BODY + b'"', 413, id="a large one"),
    ],
)
def test_another_body_is_refused(content: bytes, status: int | None) -> None:
    with pytest.raises((UsageError, Refused)) as refused:
        sent(content)
    assert getattr(refused.value, "status", None) == status


def test_a_body_that_does_not_say_that_it_is_json_is_refused_for_forms_need_no_permission_to_be_sent() -> None:
    with pytest.raises(Refused) as refused:
        asyncio.run(asked.body(request(body=b'{"a": 1}', headers={"content-type": "text/plain"})))
    assert refused.value.status == 415


@pytest.mark.slow
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_a_value_of_another_kind_is_refused(value: Any) -> None:
    values = {"minutes": value}
    try:
        found = asked.field(values, "minutes", (int, float))
    except UsageError:
        assert isinstance(value, bool) or not isinstance(value, int | float)
    else:
        assert found is value


def test_a_missing_value_has_its_default_or_is_refused() -> None:
    assert asked.field({}, "minutes", int, default=10) == 10
    with pytest.raises(UsageError, match="missing"):
        asked.field({}, "minutes", int)


def sent(content: bytes) -> Any:
    return asyncio.run(asked.body(request(body=content, headers=JSON)))


def test_json_is_what_a_browser_sends() -> None:
    assert sent(json.dumps({"name": "Häuser"}).encode()) == {"name": "Häuser"}
