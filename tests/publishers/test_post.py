"""A post ends in time, whatever the server does."""

import asyncio
import socket
import time

import pytest

from bmsreader.model import PublishError
from bmsreader.publishers.http import Answer, Endpoint, Message
from bmsreader.publishers.post import HttpPost
from tests.publishers.web import Request, says, web


def poster(address: str, *, timeout: float = 5.0) -> HttpPost:
    return HttpPost(Endpoint(address, timeout=timeout), timeout=timeout, name="test")


def hello() -> Message:
    return Message(b"hello", {})


def test_a_message_is_made_beside_the_event_loop_and_sent() -> None:
    with web(says(204)) as server:
        assert asyncio.run(poster(server.address)(hello)) == Answer(204)

    assert server.bodies == [b"hello"]


def test_what_fails_while_the_message_is_made_is_heard() -> None:
    def fail() -> Message:
        raise PublishError("the secret cannot be read")

    with pytest.raises(PublishError, match="the secret"):
        asyncio.run(poster("http://127.0.0.1:1")(fail))


def test_an_answer_that_drips_is_given_up_as_a_whole() -> None:
    def drip(request: Request, connection: socket.socket) -> None:
        for _ in range(1000):
            connection.sendall(b"H")
            if server.stopping.wait(0.01):
                return

    with web(drip) as server, pytest.raises(PublishError, match=r"did not answer within 0\.1 s"):
        asyncio.run(poster(server.address, timeout=0.1)(hello))


def test_after_a_server_that_hung_the_next_post_has_a_new_connection() -> None:
    def hang_once(request: Request, connection: socket.socket) -> bytes | None:
        if server.connections == 1:
            server.stopping.wait(5)
            return None
        return says(204)

    async def main(post: HttpPost) -> Answer:
        with pytest.raises(PublishError):
            await post(hello)
        return await post(hello)

    with web(hang_once) as server:
        assert asyncio.run(main(poster(server.address, timeout=0.1))) == Answer(204)


def test_stopping_does_not_wait_for_a_server_that_hangs() -> None:
    def hang(request: Request, connection: socket.socket) -> None:
        server.stopping.wait(5)

    async def main(post: HttpPost) -> None:
        async with asyncio.timeout(0.05):
            await post(hello)

    began = time.monotonic()
    with web(hang) as server, pytest.raises(TimeoutError):
        asyncio.run(main(poster(server.address, timeout=60)))

    assert time.monotonic() - began < 1
