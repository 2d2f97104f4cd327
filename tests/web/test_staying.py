"""Settings that would shut out the owner who changes them."""

from dataclasses import replace
from typing import Any

import pytest

from bmsreader.configuration.settings import WebSettings
from bmsreader.model import ConfigurationError
from bmsreader.web.passwords import hashed_token
from bmsreader.web.staying import check
from tests.servers import free_port
from tests.web.made import scope

EVERYWHERE = WebSettings(host="0.0.0.0", password="open sesame", token=hashed_token("t"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": None}, "web.password: without it no browser gets in"),
        ({"password": None, "token": None}, "web.host: .*everybody in the network"),
        ({"host": "192.0.2.1"}, "web.port: .*cannot listen on"),
    ],
    ids=["a token alone", "nothing at all", "an address of others"],
)
def test_what_keeps_every_browser_out_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        check(EVERYWHERE, replace(EVERYWHERE, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"password": "another one"},
        {"password": None, "host": "127.0.0.1"},
        {"password": None, "ingress": True},
        {"enabled": False, "password": None, "token": None},
        {"port": free_port()},
    ],
    ids=["nothing", "another password", "this computer only", "ingress", "no page", "another port"],
)
def test_what_the_owner_may_want_is_not(changes: dict[str, Any]) -> None:
    check(EVERYWHERE, replace(EVERYWHERE, **changes))


def test_the_name_under_which_the_page_was_opened_stays_known() -> None:
    now = WebSettings(hosts=("pi.local",))

    check(now, WebSettings(), scope(headers={"host": "localhost:8099"}))
    with pytest.raises(ConfigurationError, match=r"web.hosts: the name under which"):
        check(now, WebSettings(), scope(headers={"host": "pi.local:8099"}))
