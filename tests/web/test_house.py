"""What the page sees of the program."""

import asyncio
import threading
from typing import Any

import pytest

from bmsreader.web.house import THREADS, WAITING
from bmsreader.web.refusal import Refused
from tests.web.serving import Served, served

pytestmark = pytest.mark.slow


def test_how_sure_a_value_is_comes_from_the_description(house: Served) -> None:
    assert house.house.grades("ej")["soc"] == "measured"
    assert house.house.grades("nobody") == {}


def test_a_battery_is_known_by_its_slug(house: Served) -> None:
    assert house.house.info("lt-12v-1544").name == "LT-12V-1544"
    assert house.house.slugs()["02:00:07:00:15:44"] == "lt-12v-1544"
    with pytest.raises(Refused):
        house.house.info("nobody")


def test_too_many_questions_of_the_disk_are_turned_away_and_then_asked_again(house: Served) -> None:
    go_on = threading.Event()

    async def crowd() -> list[Any]:
        asked = [house.house.in_thread(go_on.wait, 10) for _ in range(WAITING + 3)]
        asyncio.get_running_loop().call_later(0.2, go_on.set)
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run_coroutine_threadsafe(crowd(), house.loop).result(20)

    assert sum(isinstance(one, Refused) for one in answers) == 3
    assert answers.count(True) == WAITING > THREADS
    assert house.browser().get("/api/v1/batteries/lt-12v-1544/history").status == 200


def test_a_demo_says_why_it_is_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("demo"), demo="no Bluetooth adapter here") as found:
        session = found.browser().session()

        assert (session["demo"], session["problem"]) == (True, "no Bluetooth adapter here")
        assert found.browser().json("/api/v1/gateway")["demo"]
