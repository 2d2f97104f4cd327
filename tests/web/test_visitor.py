"""Who asks: what a connection says, and what a proxy says only when the owner trusts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from bmsreader.web.visitor import Origin, is_welcome, networks, origin, split_host
from tests.web.made import scope

PROXIES = networks(["10.0.0.2", "fd00::/8", "nonsense"])


def came(client: str = "192.168.1.7", *, ingress: bool = False, scheme: str = "http", **headers: str) -> Origin:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    found = scope(client=client, headers=sent, scheme=scheme)
    return origin(found, Headers(scope=found), proxies=PROXIES, ingress=ingress)


def test_without_a_proxy_the_connection_says_who_it_is() -> None:
    found = came(x_forwarded_for="1.2.3.4", x_forwarded_proto="https", x_forwarded_host="evil", x_forwarded_prefix="/x")

    assert found == Origin(address="192.168.1.7", host="localhost:8099", secure=False, prefix="", ingress=False)


def test_a_trusted_proxy_says_who_asks_and_how() -> None:
    found = came(
        "10.0.0.2",
        x_forwarded_for="6.6.6.6, 192.168.1.9, 10.0.0.2",
        x_forwarded_proto="https",
        x_forwarded_host="battery.example.org",
        x_forwarded_prefix="/battery/",
    )

    assert found == Origin(
        address="192.168.1.9", host="battery.example.org", secure=True, prefix="/battery", ingress=False
    )


def test_what_a_visitor_made_up_in_a_line_of_its_own_above_that_of_the_proxy_does_not_count() -> None:
    found = scope(client="10.0.0.2")
    lines = [("for", "6.6.6.6"), ("for", "192.168.1.9"), ("proto", "https"), ("proto", "http"), ("host", "evil"),
             ("host", "battery.example.org")]  # fmt: skip
    found["headers"] += [(f"x-forwarded-{name}".encode(), value.encode()) for name, value in lines]

    came_from = origin(found, Headers(scope=found), proxies=PROXIES, ingress=False)

    assert (came_from.address, came_from.host, came_from.secure) == ("192.168.1.9", "battery.example.org", False)


def test_home_assistants_ingress_is_believed_only_from_its_own_address_and_when_it_is_switched_on() -> None:
    path = "/api/hassio_ingress/abcdef"

    assert came("172.30.32.2", ingress=True, x_ingress_path=path).ingress
    assert came("172.30.32.2", ingress=True, x_ingress_path=path).prefix == path
    assert not came("172.30.32.2", ingress=False, x_ingress_path=path).ingress
    assert not came("192.168.1.7", ingress=True, x_ingress_path=path).ingress
    assert not came("172.30.32.2", ingress=True).ingress


@pytest.mark.parametrize("prefix", ["//evil.example", "/a/../b", "javascript:alert(1)", "/a b", "/a\nb", '/"'])
def test_a_prefix_that_is_no_path_is_left_out(prefix: str) -> None:
    assert came("10.0.0.2", x_forwarded_prefix=prefix).prefix == ""


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8099", "127.0.0.1:8099", "[::1]:8099", "pi.local", "Pi.Local."]
)
def test_names_of_this_computer_are_welcome(host: str) -> None:
    assert is_welcome(host, listens="127.0.0.1", server="127.0.0.1", hosts=["pi.local"])


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8099", "192.168.1.5", "localhost.evil.example", "", "a b", "127.0.0.1.evil.example"],
)
def test_foreign_names_are_not_for_they_may_have_been_bent_to_this_computer(host: str) -> None:
    assert not is_welcome(host, listens="127.0.0.1", server="127.0.0.1", hosts=["pi.local"])


def test_who_listens_on_one_address_is_called_by_it_and_who_listens_on_all_by_any() -> None:
    assert is_welcome("192.168.1.5:8099", listens="192.168.1.5", server="192.168.1.5", hosts=())
    assert not is_welcome("192.168.1.6:8099", listens="192.168.1.5", server="192.168.1.5", hosts=())
    assert is_welcome("192.168.1.5:8099", listens="0.0.0.0", server="172.17.0.3", hosts=())
    assert not is_welcome("evil.example", listens="0.0.0.0", server="172.17.0.3", hosts=())


@given(st.text(max_size=40))
def test_no_host_header_makes_trouble(host: str) -> None:
    split_host(host)
    assert not is_welcome(host, listens="127.0.0.1", server="127.0.0.1", hosts=()) or (
        split_host(host) in ("localhost", "127.0.0.1", "::1") or (split_host(host) or "").startswith("127.")
    )


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60))
def test_no_forwarded_header_makes_trouble(text: str) -> None:
    found = came("10.0.0.2", x_forwarded_for=text, x_forwarded_proto=text, x_forwarded_prefix=text)

    assert found.prefix == "" or found.prefix.startswith("/")
