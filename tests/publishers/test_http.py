"""One address over HTTP: a kept connection, and every failure in words."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bmsreader.model import ConfigurationError, PublishError
from bmsreader.publishers.http import LONGEST_ANSWER, Answer, Endpoint, Message, basic, secret
from tests.clock import START
from tests.publishers.web import Request, says, web
from tests.servers import free_port

A_YEAR = timedelta(days=365)
HELLO = Message(b"hello", {"Content-Type": "text/plain"})


def post(url: str, message: Message = HELLO, *, timeout: float = 5.0) -> Answer:
    endpoint = Endpoint(url, timeout=timeout)
    try:
        return endpoint.post(message)
    finally:
        endpoint.close()


def test_a_message_arrives_and_its_answer_comes_back() -> None:
    with web(says(400, "no such thing")) as server:
        answer = post(server.address + "/write?db=home")

    assert answer == Answer(400, "no such thing")
    assert [(one.target, one.body) for one in server.requests] == [("/write?db=home", b"hello")]
    assert server.requests[0].headers["content-type"] == "text/plain"


def test_the_connection_is_kept() -> None:
    with web(says(204)) as server:
        endpoint = Endpoint(server.address, timeout=5)
        assert [endpoint.post(HELLO).status for _ in range(3)] == [204, 204, 204]
        endpoint.close()

    assert (server.connections, len(server.requests)) == (1, 3)


def test_a_kept_connection_that_the_server_has_closed_is_made_again() -> None:
    def once(request: Request, connection: socket.socket) -> None:
        connection.sendall(says(204))

    with web(once) as server:
        endpoint = Endpoint(server.address, timeout=5)
        assert [endpoint.post(HELLO).status for _ in range(3)] == [204, 204, 204]
        endpoint.close()

    assert server.connections == 3


def test_an_answer_that_says_so_ends_the_connection() -> None:
    with web(says(204, "", "Connection: close")) as server:
        endpoint = Endpoint(server.address, timeout=5)
        assert [endpoint.post(HELLO).status for _ in range(2)] == [204, 204]

    assert server.connections == 2


@pytest.mark.parametrize(
    "cut", [b"", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", says(200, "0123456789")[:-4]]
)
def test_an_answer_that_is_cut_off_is_no_answer(cut: bytes) -> None:
    def stop(request: Request, connection: socket.socket) -> None:
        connection.sendall(cut)

    with web(stop) as server, pytest.raises(PublishError, match="closed the connection in the middle of an answer"):
        post(server.address)


def test_garbage_is_no_answer() -> None:
    with web(b"SSH-2.0-OpenSSH_9.2\r\n") as server, pytest.raises(PublishError, match="closed the connection"):
        post(server.address)


def test_an_answer_without_end_is_read_as_far_as_it_matters() -> None:
    with web(says(500, "x" * 3 * LONGEST_ANSWER)) as server:
        assert len(post(server.address).text) == LONGEST_ANSWER


def test_a_server_that_hangs_is_given_up() -> None:
    def hang(request: Request, connection: socket.socket) -> None:
        server.stopping.wait(5)

    with web(hang) as server, pytest.raises(PublishError, match=r"did not answer within 0\.05 s"):
        post(server.address, timeout=0.05)


def test_a_port_where_nobody_listens_is_told() -> None:
    with pytest.raises(PublishError, match="nothing listens there") as told:
        post(f"http://127.0.0.1:{free_port()}/write")

    assert told.value.advice == "Start the server, or look at the port."


@contextmanager
def speaking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Run a server for one connection that says whatever ``talk`` does; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    talk(connection)
                except OSError:
                    pass  # the other side is gone: that is the point of some of the tests

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_a_server_without_tls_is_told() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(says(400, "Client sent an HTTP request to an HTTPS server"))

    with speaking(talk) as address, pytest.raises(PublishError, match="TLS failed") as told:
        post(address)

    assert told.value.advice == "Does the server speak https?"


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def talk(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True)

    with speaking(talk) as address, pytest.raises(PublishError, match="its certificate is not trusted") as told:
        post(address)

    assert "SSL_CERT_FILE" in told.value.advice


def self_signed(folder: Path) -> Path:
    """Write a certificate with its key that no authority has signed, as a server at home has one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, START - A_YEAR, START + 10 * A_YEAR)
    certificate = builder.sign(key, hashes.SHA256())
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / "server.pem"
    file.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none))
    return file


def test_what_may_be_secret_in_an_address_is_not_shown() -> None:
    url = f"http://me:hush@127.0.0.1:{free_port()}/write?p=hush"

    with pytest.raises(PublishError) as told:
        post(url)

    assert "hush" not in str(told.value)
    assert Endpoint(url, timeout=1).credentials == ("me", "hush")
    assert Endpoint("https://example.org/hush", timeout=1, secret_path=True).shown == "https://example.org"


@pytest.mark.parametrize("url", ["", "localhost:8086", "ftp://host/x", "http://", "http://host:99999/"])
def test_what_is_no_address_is_a_mistake_in_the_configuration(url: str) -> None:
    with pytest.raises(ConfigurationError):
        Endpoint(url, timeout=1)


def test_a_header_that_cannot_be_sent_is_told() -> None:
    with web(says(204)) as server, pytest.raises(PublishError, match="cannot be sent"):
        post(server.address, Message(b"", {"Authorization": "two\nlines"}))


def test_letters_of_all_languages_are_sent() -> None:
    with web(says(204)) as server:
        post(server.address + "/write?db=höhle 1", Message(b"", {"Authorization": "Token schlüssel"}))

    assert server.requests[0].target == "/write?db=h%C3%B6hle%201"


def test_basic_authentication_is_written_as_it_should_be() -> None:
    assert basic("Aladdin", "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_a_secret_is_taken_from_the_configuration_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("hush\n")

    assert secret("open", file) == "open"
    assert secret(None, file) == "hush"
    assert secret(None, None) is None


def test_a_secret_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="cannot be read: No such file"):
        secret(None, tmp_path / "absent")
