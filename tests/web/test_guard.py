"""What stands before every request, and behind every answer."""

import asyncio
import errno
import socket

import pytest
from starlette.types import Message

from bmsreader.configuration.settings import WebSettings
from bmsreader.model import UsageError
from bmsreader.web.door import Door
from bmsreader.web.guard import Guard, headers_of
from tests.web.made import scope
from tests.web.serving import Browser, Served


def test_a_page_loads_its_own_files_only_and_is_framed_by_nobody() -> None:
    policy = headers_of(framed=False, secure=False)["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_home_assistant_may_frame_it_when_ingress_is_switched_on() -> None:
    headers = headers_of(framed=True, secure=False)

    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_who_was_encrypted_once_stays_so() -> None:
    assert "Strict-Transport-Security" in headers_of(framed=False, secure=True)
    assert "Strict-Transport-Security" not in headers_of(framed=False, secure=False)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/v1/session", "/nothing", "/api/v1/batteries/nobody"])
def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    said = browser.get(path)

    for name, value in headers_of(framed=False, secure=False).items():
        assert said.headers[name] == value
    assert "Server" not in said.headers


@pytest.mark.slow
def test_what_is_not_there_is_told_in_words(browser: Browser) -> None:
    said = browser.get("/api/v2/nothing")

    assert said.status == 404
    assert said.json["error"] == "there is nothing here"


@pytest.mark.slow
@pytest.mark.parametrize("host", ["evil.example", "", "a b", "127.0.0.1.evil.example"])
def test_a_foreign_name_gets_nothing_not_even_a_file(house: Served, host: str) -> None:
    for path in ("/", "/api/v1/batteries", "/static/app.js", "/healthz"):
        assert house.browser(headers={"Host": host}).get(path).status == 421


@pytest.mark.slow
def test_a_long_question_is_refused(browser: Browser) -> None:
    assert browser.get("/api/v1/events?kind=" + "x" * 9000).status == 414


@pytest.mark.slow
@pytest.mark.parametrize(
    "request_text",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["garbage", "no host", "TLS", "a large head", "a wrong length", "two lengths"],
)
def test_hostile_bytes_do_no_harm(house: Served, request_text: bytes) -> None:
    with socket.create_connection(("127.0.0.1", house.port), timeout=5) as connection:
        connection.sendall(request_text)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65_536)

    assert b" 200 " not in answer[:20]
    assert house.browser().get("/healthz").status == 200


def answered(fail: Exception) -> tuple[int, bytes]:
    """Return what a page answers whose inside fails so."""
    sent: list[Message] = []

    async def inside(*_: object) -> None:
        raise fail

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    asyncio.run(Guard(inside, Door(WebSettings()), encrypted=False)(scope(), receive, send))
    assert b"content-security-policy" in dict(sent[0]["headers"])
    return sent[0]["status"], sent[1]["body"]


def test_what_the_computer_cannot_do_is_told_and_no_silence(caplog: pytest.LogCaptureFixture) -> None:
    status, body = answered(OSError(errno.ENOSPC, "No space left on device"))

    assert status == 503
    assert b"No space left on device" in body
    assert "No space left" in caplog.text


def test_half_a_character_in_a_message_does_not_keep_it_from_being_told() -> None:
    assert answered(UsageError("there is no \ud800"))[1] == b'{"error":"there is no ?","advice":""}'
