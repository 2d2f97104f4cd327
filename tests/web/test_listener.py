"""Sockets, certificates, and visitors who take their time."""

import ipaddress
import os
import socket
import ssl
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bmsreader.configuration.settings import WebSettings
from bmsreader.model import PublishError
from bmsreader.web import listener
from bmsreader.web.listener import Place, listening, server_of
from tests.servers import free_port
from tests.web.serving import Browser, served


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for this machine and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bmsreader test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "page.pem", folder / "page.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    return paths


async def nothing(*_: object) -> None:
    """Answer nothing."""


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8099/"),
        ("0.0.0.0", "http://127.0.0.1:8099/"),
        ("::", "http://[::1]:8099/"),
        ("[fd00::1]", "http://[fd00::1]:8099/"),
    ],
)
def test_the_address_to_open_is_one_that_a_browser_on_this_computer_reaches(host: str, url: str) -> None:
    assert Place.of(WebSettings(host=host)).url == url


def test_another_password_is_no_other_place_and_a_renewed_certificate_is(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path)
    settings = WebSettings(certificate_file=pem, key_file=key)
    before = Place.of(settings)

    assert Place.of(WebSettings(certificate_file=pem, key_file=key, password="x" * 9, hosts=("a",))) == before
    os.utime(pem, (1, 1))
    assert Place.of(settings) != before
    assert before.url.startswith("https://")


def test_a_port_that_is_taken_or_an_address_of_others_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        with pytest.raises(PublishError, match="is taken by another program") as taken:
            listening(Place(host="127.0.0.1", port=other.getsockname()[1]))
        assert "port in [web]" in taken.value.advice
    with pytest.raises(PublishError, match="cannot listen on"):
        listening(Place(host="192.0.2.1", port=free_port()))


def test_a_certificate_that_is_none_is_told_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "page.pem"
    broken.write_text("no")

    with pytest.raises(PublishError, match="certificate and key"):
        server_of(nothing, Place(host="127.0.0.1", port=1, certificate=broken, key=broken))


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked_for_it(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path)
    locked = serialization.load_pem_private_key(key.read_bytes(), None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    key.write_bytes(locked)

    with pytest.raises(PublishError, match="certificate and key") as refused:
        server_of(nothing, Place(host="127.0.0.1", port=1, certificate=pem, key=key))
    assert "without passphrase" in refused.value.advice


@pytest.mark.slow
def test_with_a_certificate_the_page_is_encrypted_and_its_cookie_is_for_encrypted_pages_only(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path)
    with served(tmp_path, web={"certificate_file": str(pem), "key_file": str(key)}) as house:
        trusting = ssl.create_default_context(cafile=pem)
        browser = house.browser(tls=trusting)

        said = browser.get("/api/v1/session")

        assert said.status == 200
        assert "; Secure" in said.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in said.headers
        with pytest.raises(ssl.SSLError):
            Browser(port=house.port, tls=ssl.create_default_context()).get("/")
        with pytest.raises(OSError):  # noqa: PT011 - whatever a browser without encryption makes of it
            Browser(port=house.port).get("/")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"", b""),
        (b"", b"GET / HTTP/1.1\r\nHost: loc"),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HT"),
        (b"", b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nX-CSRF-Token: TOKEN\r\nCookie: NAME\r\n"
         b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"),
    ],
    ids=["nothing at all", "half a head", "half a second head", "half a body"],
)  # fmt: skip
def test_who_does_not_end_what_he_says_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bytes, then: bytes
) -> None:
    monkeypatch.setattr(listener, "SLOWEST_REQUEST", 0.3)
    with served(tmp_path, web={"password": "open sesame"}) as house:
        known = house.known()
        then = then.replace(b"TOKEN", known.csrf.encode()).replace(b"NAME", known.cookie.encode())
        with socket.create_connection(("127.0.0.1", house.port), timeout=10) as connection:
            if first:
                connection.sendall(first)
                assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
            connection.sendall(then)

            while connection.recv(65_536):
                pass  # the end comes, long before the ten seconds


@pytest.mark.slow
def test_a_stream_lasts_for_longer_than_the_patience(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "SLOWEST_REQUEST", 0.2)
    with served(tmp_path) as house:
        connection = house.browser().connection()
        connection.request("GET", "/api/v1/stream")
        stream = connection.getresponse()
        end = time.monotonic() + 0.8

        while time.monotonic() < end:
            assert stream.readline()
        connection.close()


@pytest.mark.slow
def test_so_many_visitors_and_no_more_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 4)
    with served(tmp_path) as house, ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(socket.create_connection(("127.0.0.1", house.port), timeout=10))

        one_more = stack.enter_context(socket.create_connection(("127.0.0.1", house.port), timeout=10))
        with suppress(ConnectionResetError):
            assert one_more.recv(100) == b""


@pytest.mark.slow
def test_one_address_cannot_keep_out_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_OF_ONE", 3)
    monkeypatch.setattr(listener, "counted_as", lambda address: f"{address} is not this computer")
    with served(tmp_path) as house, ExitStack() as stack:

        def connected(source: str) -> socket.socket:
            place = ("127.0.0.1", house.port)
            return stack.enter_context(socket.create_connection(place, timeout=10, source_address=(source, 0)))

        def is_answered(connection: socket.socket) -> bool:
            with suppress(ConnectionError):
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return connection.recv(100).startswith(b"HTTP/1.1 200")
            return False

        greedy = [connected("127.0.0.2") for _ in range(4)]

        assert [is_answered(one) for one in (*greedy, connected("127.0.0.3"))] == [True, True, True, False, True]
        greedy[0].close()
        assert any(is_answered(connected("127.0.0.2")) for _ in range(20))
