"""The page comes, goes and moves as the settings say, and the batteries do not care."""

import asyncio
import http.client
import socket
import time
from pathlib import Path

import pytest

from tests.servers import free_port
from tests.web.serving import Browser, Served, served

pytestmark = pytest.mark.slow

EVERYWHERE = "0.0.0.0"


def until(condition: object, *, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def reload(house: Served, old: str, new: str) -> list[str]:
    """Change the file by hand, and have it read again."""
    house.file.write_text(house.file.read_text().replace(old, new))

    async def again() -> list[str]:
        return list(await house.house.reload())

    return asyncio.run_coroutine_threadsafe(again(), house.loop).result(10)


def test_without_a_password_the_page_is_not_served_to_the_network_and_the_batteries_are_read(tmp_path: Path) -> None:
    with served(tmp_path, web={"host": EVERYWHERE}) as house:
        health = house.house.gateway.health()

        assert health.page is not None
        assert "everybody in the network would get in" in health.page.problem
        assert not health.ok
        with pytest.raises(ConnectionRefusedError):
            house.browser().get("/")
        assert all(one.reading for one in house.house.gateway.snapshots())

        reload(house, f'"{EVERYWHERE}"', '"127.0.0.1"')
        until(lambda: house.house.gateway.health().ok)
        assert house.browser().get("/healthz").status == 200


def test_a_port_that_is_taken_is_told_and_the_gateway_goes_on(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with served(tmp_path, web={"port": port}) as house:
            health = house.house.gateway.health()

            assert health.page is not None
            assert health.page.problem == f"the page: port {port} is taken by another program"
            assert any(one.kind == "page" for one in house.house.gateway.records())
            assert all(one.reading for one in house.house.gateway.snapshots())


def test_another_port_is_another_server_and_the_batteries_stay(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        connects = [one.counts.connects for one in house.house.gateway.snapshots()]
        port = free_port()

        told = reload(house, f"port = {house.port}", f"port = {port}")
        assert told == [f"the dashboard is at http://127.0.0.1:{port}/ now"]

        until(lambda: answers(Browser(port=port)))
        assert not answers(house.browser())
        assert [one.counts.connects for one in house.house.gateway.snapshots()] == connects
        page = house.house.gateway.health().page
        assert page is not None
        assert page.url == f"http://127.0.0.1:{port}/"


def test_another_name_is_welcome_without_another_server(tmp_path: Path) -> None:
    with served(tmp_path, web={"hosts": ["old.local"]}) as house:
        stream = house.browser().connection()
        stream.request("GET", "/api/v1/stream")
        assert stream.getresponse().readline() == b": hello\n"

        assert reload(house, "old.local", "new.local") == ["other visitors are let in to the dashboard"]

        assert house.browser(headers={"Host": "new.local"}).get("/healthz").status == 200
        assert house.browser(headers={"Host": "old.local"}).get("/healthz").status == 421
        assert len(house.page.live.hub) == 1
        stream.close()


def test_a_page_that_nobody_wants_is_not_there(tmp_path: Path) -> None:
    with served(tmp_path, web={"enabled": False}) as house:
        assert house.house.gateway.health().page is None
        assert not answers(house.browser())

        reload(house, "enabled = false", "enabled = true")
        until(lambda: answers(house.browser()))


def test_streams_end_with_the_gateway(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        stream = house.browser().connection()
        stream.request("GET", "/api/v1/stream")
        answer = stream.getresponse()
        assert answer.readline() == b": hello\n"
    assert is_over(answer)
    stream.close()


def is_over(answer: http.client.HTTPResponse) -> bool:
    """Read on until the stream ends."""
    try:
        while answer.readline():
            pass
    except (OSError, http.client.HTTPException):
        return True
    return True


def answers(browser: Browser) -> bool:
    try:
        return browser.get("/healthz").status == 200
    except OSError:
        return False
