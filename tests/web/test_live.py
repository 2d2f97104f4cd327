"""What changes goes out as it changes: readings, alarms, batteries that are gone."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from tests.web.serving import Browser, Served, served

pytestmark = pytest.mark.slow


def events_of(browser: Browser, wanted: set[str]) -> list[tuple[str, Any]]:
    """Read the stream until each kind of event came."""
    connection = browser.connection()
    connection.request("GET", "/api/v1/stream")
    answer = connection.getresponse()
    found: list[tuple[str, Any]] = []
    while not wanted <= {kind for kind, _ in found}:
        line = answer.readline().decode()
        if line.startswith("event: "):
            found.append((line[7:].strip(), json.loads(answer.readline().decode().removeprefix("data: "))))
    connection.close()
    return found


def test_a_renamed_battery_is_gone_under_its_old_name_and_there_under_the_new_one(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        body = {"values": {"name": "House", "address": "02:00:07:00:15:44"}}
        house.loop.call_soon_threadsafe(lambda: None)
        connection = browser.connection()
        connection.request("GET", "/api/v1/stream")
        answer = connection.getresponse()
        answer.readline()
        assert browser.post("/api/v1/settings/battery", body).status == 201

        slugs = []
        while "house" not in slugs:
            line = answer.readline().decode()
            if line.startswith("data: ") and "slug" in line:
                slugs.append(json.loads(line[6:])["slug"])
        connection.close()
    assert "lt-12v-1544" in slugs


def test_the_stream_begins_with_everything(house: Served) -> None:
    found = events_of(house.browser(), {"battery", "gateway"})

    assert {value["slug"] for kind, value in found if kind == "battery"} == {"lt-12v-1544", "v-12v100ah-0215"}


def test_a_visitor_who_enters_gets_text_for_his_own_day(house: Served) -> None:
    async def enter() -> bytes:
        visitor = await house.page.live.enter(UTC)
        texts: AsyncIterator[bytes] = visitor.texts()
        try:
            await anext(texts)
            return await anext(texts)
        finally:
            house.page.live.hub.leave(visitor)

    text = asyncio.run_coroutine_threadsafe(enter(), house.loop).result(5)
    assert text.count(b"event: battery") == 2
    assert b'"sparkline":null' in text


def test_an_alarm_is_told_when_it_is_raised_and_when_it_is_over_and_done_with(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        connection = browser.connection()
        connection.request("GET", "/api/v1/stream")
        answer = connection.getresponse()
        answer.readline()
        rule = {"name": "charged", "field": "soc", "above": 1}
        assert browser.post("/api/v1/settings/alarm", {"values": rule}).status == 201

        raised = next_alarm(answer)
        assert (raised["name"], raised["cleared_at"]) == ("charged", None)
        assert browser.post(f"/api/v1/alarms/{raised['id']}/acknowledge").status == 200
        while next_alarm(answer)["acknowledged_at"] is None:
            pass
        assert browser.ask("DELETE", "/api/v1/settings/alarm/0").status == 200
        while next_alarm(answer)["cleared_at"] is None:
            pass
        connection.close()


def next_alarm(answer: http.client.HTTPResponse) -> dict[str, Any]:
    while True:
        if answer.readline() == b"event: alarm\n":
            found: dict[str, Any] = json.loads(answer.readline().decode().removeprefix("data: "))
            return found
