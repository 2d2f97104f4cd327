"""Who gets in: the owner's rules."""

import pytest

from bmsreader.configuration.settings import WebSettings
from bmsreader.web.door import Door, needs_password, refusal_to_serve
from bmsreader.web.endpoint import Access
from bmsreader.web.passwords import hashed_token
from bmsreader.web.refusal import Refused
from tests.clock import Clock
from tests.web.made import scope

EVERYWHERE = "0.0.0.0"
DAY = 86_400.0


def door(**settings: object) -> Door:
    return Door(WebSettings(**settings), clock=Clock())  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "127.0.0.53"])
def test_this_computer_alone_needs_no_password(host: str) -> None:
    assert not needs_password(WebSettings(host=host))
    assert refusal_to_serve(WebSettings(host=host)) == ""


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.168.1.5", "pi.local"])
def test_a_network_needs_one_and_the_page_is_not_served_without(host: str) -> None:
    assert "everybody in the network" in refusal_to_serve(WebSettings(host=host))
    for secret in ({"password": "x" * 8}, {"token": hashed_token("t")}, {"ingress": True}):
        assert refusal_to_serve(WebSettings(host=host, **secret)) == ""
        assert door(host=host, **secret).required


def test_a_token_for_programs_keeps_nobody_out_of_a_page_that_only_this_computer_sees() -> None:
    assert not door(token=hashed_token("t")).required
    assert door(password="x" * 8).required


def test_a_foreign_name_is_turned_away_before_anything_else() -> None:
    with pytest.raises(Refused) as refused:
        door().guest(scope(headers={"host": "evil.example"}))

    assert refused.value.status == 421
    assert 'hosts = ["evil.example"]' in refused.value.advice


def test_a_name_that_the_owner_gave_is_welcome_at_once() -> None:
    one = door()

    one.adopt(WebSettings(hosts=("pi.local",)))

    assert one.guest(scope(headers={"host": "pi.local:8099"})).logged_in


def test_another_password_logs_everybody_out_and_another_name_does_not() -> None:
    one = door(password="first one")
    name = one.sessions.begin()

    one.adopt(WebSettings(password="first one", hosts=("pi.local",)))
    assert one.sessions.knows(name)
    one.adopt(WebSettings(password="second one"))
    assert not one.sessions.knows(name)


def test_home_assistant_has_asked_already_who_comes_through_its_ingress() -> None:
    one = door(host=EVERYWHERE, ingress=True)
    headers = {"x-ingress-path": "/api/hassio_ingress/abc", "host": "homeassistant.local:8123"}

    through = one.guest(scope(client="172.30.32.2", headers=headers))
    beside = one.guest(scope(client="172.30.32.9", headers={**headers, "host": "172.30.33.1"}))

    assert through.logged_in
    assert not beside.logged_in
    assert "Path=/api/hassio_ingress/abc/;" in one.cookie_header(through, "x", root="")


def test_cookies_are_for_encrypted_pages_only_where_the_page_is_encrypted() -> None:
    one = door(path="/battery")

    assert "; Secure" not in one.cookie_header(one.guest(scope()), "x", root="/battery")
    encrypted = one.cookie_header(one.guest(scope(scheme="https")), "x", root="/battery", days=1)
    assert encrypted == "bmsreader_8099=x; Path=/battery/; HttpOnly; SameSite=Strict; Secure; Max-Age=86400"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, "X-CSRF-Token"),
        ({"x-csrf-token": "0" * 64}, "X-CSRF-Token"),
        ({"x-csrf-token": "RIGHT", "origin": "https://evil.example"}, "another page"),
        ({"x-csrf-token": "RIGHT", "origin": "null"}, "another page"),
        ({"x-csrf-token": "RIGHT", "sec-fetch-site": "cross-site"}, "another page"),
    ],
    ids=["no token", "a made up one", "another origin", "an origin without name", "another site"],
)
def test_another_page_cannot_change_anything(headers: dict[str, str], words: str) -> None:
    one = door()
    name = one.sessions.anonymous()
    said = {key: one.sessions.token(name) if value == "RIGHT" else value for key, value in headers.items()}
    asked = scope(method="POST", headers={**said, "cookie": f"other=1; bmsreader_8099={name}"})

    with pytest.raises(Refused, match=words):
        one.admit(one.guest(asked), asked, Access.ANYBODY)


def test_the_page_itself_can() -> None:
    one = door()
    name = one.sessions.anonymous()
    headers = {
        "cookie": f"bmsreader_8099={name}",
        "x-csrf-token": one.sessions.token(name),
        "origin": "http://localhost:8099",
        "sec-fetch-site": "same-origin",
    }
    asked = scope(method="POST", headers=headers)

    one.admit(one.guest(asked), asked, Access.OWNER)


@pytest.mark.parametrize("origin", ["http://[", "http://", "null", "", "localhost:8099", "http://localhost:8099.evil"])
def test_an_origin_that_is_no_address_or_another_one_is_another_page(origin: str) -> None:
    one = door()
    name = one.sessions.anonymous()
    headers = {"cookie": f"bmsreader_8099={name}", "x-csrf-token": one.sessions.token(name), "origin": origin}
    asked = scope(method="POST", headers=headers)

    with pytest.raises(Refused, match="another page"):
        one.admit(one.guest(asked), asked, Access.ANYBODY)


def test_who_looks_at_the_stream_stays_until_logged_out_or_shut_out() -> None:
    one = door(password="first one", token=hashed_token("t"))
    name = one.sessions.begin()
    browser = one.guest(scope(headers={"cookie": f"bmsreader_8099={name}"}))
    program = one.guest(scope(headers={"authorization": "Bearer t"}))

    assert one.stays(browser)
    assert one.stays(program)
    one.sessions.end(name)
    assert not one.stays(browser)
    one.adopt(WebSettings(password="first one", token=hashed_token("other")))
    assert not one.stays(program)


def test_who_came_in_without_a_password_does_not_stay_once_there_is_one() -> None:
    one = door()
    guest = one.guest(scope())

    assert one.stays(guest)
    one.adopt(WebSettings(password="first one"))
    assert not one.stays(guest)
