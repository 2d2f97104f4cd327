"""Sockets, certificates, and visitors who take their time."""

import ipaddress
import os
import socket
import ssl
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

    async def nothing(*_: object) -> None:
        """Answer nothing."""

    with pytest.raises(PublishError, match="certificate and key"):
        server_of(nothing, Place(host="127.0.0.1", port=1, certificate=broken, key=broken))


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
def test_who_says_nothing_is_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "SLOWEST_HEAD", 0.3)
    with served(tmp_path) as house, socket.create_connection(("127.0.0.1", house.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")

        assert connection.recv(100) == b""
