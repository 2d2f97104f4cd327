"""Messages through the real Apprise to a real HTTP server on this machine."""

import asyncio
import json
import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from bmsreader.model import PublishError, Severity
from bmsreader.publishers.notification import Notification
from tests.publishers.web import Request, Web, says, web

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")]


@pytest.fixture
def server() -> Iterator[Web]:
    with web(says(200)) as found:
        yield found


def notification(server: Web, timeout: float = 10.0) -> Notification:
    return Notification(server.address.replace("http", "json") + "/hook", name="phone", timeout=timeout)


@pytest.mark.parametrize(
    ("severity", "over", "kind"),
    [
        (Severity.INFO, False, "info"),
        (Severity.WARNING, False, "warning"),
        (Severity.CRITICAL, False, "failure"),
        (Severity.CRITICAL, True, "success"),
    ],
)
def test_a_message_arrives_with_its_severity(server: Web, severity: Severity, over: bool, kind: str) -> None:
    asyncio.run(notification(server).send("House: low charge", "State of charge: 14 %.", severity, over=over))

    (body,) = map(json.loads, server.bodies)
    assert (body["title"], body["message"], body["type"]) == ("House: low charge", "State of charge: 14 %.", kind)


def test_a_refusal_is_told_without_what_is_secret() -> None:
    with web(says(401)) as server:
        url = server.address.replace("http://", "json://me:hush@") + "/hook"
        with pytest.raises(PublishError, match=r"json:// did not take the message: .*401") as caught:
            asyncio.run(Notification(url, name="phone").send("t", "b", Severity.INFO))

    assert "hush" not in str(caught.value) + caught.value.advice


def test_a_server_that_hangs_is_given_up_in_time() -> None:
    released = threading.Event()

    def hang(request: Request, connection: socket.socket) -> None:
        released.wait(20)

    with web(hang) as slow:
        with pytest.raises(PublishError, match=r"within 0\.5 s"):
            asyncio.run(notification(slow, timeout=0.5).send("t", "b", Severity.INFO))
        released.set()


def test_an_address_that_nobody_understands_is_found_before_it_matters() -> None:
    with pytest.raises(PublishError, match="does not understand the address that begins with nonsense://"):
        asyncio.run(Notification("nonsense://token", name="phone").prepare())


def test_preparing_sends_nothing(server: Web) -> None:
    asyncio.run(notification(server).prepare())

    assert server.requests == []


def test_without_apprise_it_is_said_how_to_get_it(server: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(PublishError, match="need Apprise") as caught:
        asyncio.run(notification(server).send("t", "b", Severity.INFO))

    assert "pip install 'bmsreader[notify]'" in caught.value.advice
