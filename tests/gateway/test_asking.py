"""Whoever asks a gateway learns what it says, or why it says nothing."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bmsreader.gateway.asking import ask
from bmsreader.model.errors import GatewayAbsent, OwnerError
from tests.gateway.asked import Running

NOBODY = 65534


def answering(path: Path, answer: bytes | None) -> threading.Thread:
    """Start something that takes one question and gives this answer; None = it keeps silent for a while."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        with listener, listener.accept()[0] as client:
            client.recv(1000)
            if answer is None:
                client.recv(1000)
            else:
                client.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def said(path: Path, answer: bytes | None) -> str:
    """Return what the owner is told."""
    thread = answering(path, answer)
    with pytest.raises(OwnerError) as raised:
        ask(path, "health", patience=0.05 if answer is None else 5)
    thread.join()
    return f"{type(raised.value).__name__}: {raised.value}"


def test_where_no_gateway_runs_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(GatewayAbsent, match=r"no gateway runs here: nobody listens at .*nowhere") as raised:
        ask(tmp_path / "nowhere", "health")

    assert raised.value.exit_code == 3
    assert "bmsreader run" in raised.value.advice


def test_a_socket_that_a_killed_gateway_left_is_no_gateway(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "dead"))

    with pytest.raises(GatewayAbsent):
        ask(tmp_path / "dead", "health")


def test_without_a_place_the_usual_ones_are_tried(tmp_path: Path) -> None:
    (tmp_path / "bmsreader").mkdir()
    environment = {"RUNTIME_DIRECTORY": str(tmp_path / "bmsreader")}
    with Running(tmp_path / "bmsreader" / "control.sock"):
        assert ask(None, "health", environment=environment)["gateway"]["version"] == "1.2.3"


def test_a_gateway_that_hangs_is_told_from_one_that_is_away(tmp_path: Path) -> None:
    assert "does not answer within 0.05 s" in said(tmp_path / "hangs", None)


def test_a_gateway_that_ends_while_it_is_asked_is_absent(tmp_path: Path) -> None:
    assert "ended while it was asked" in said(tmp_path / "ends", b"")
    assert "ended while it was asked" in said(tmp_path / "half", b'{"ok": tr')


def test_what_is_no_gateway_is_noticed(tmp_path: Path) -> None:
    assert said(tmp_path / "a", b"220 mail.example ESMTP\n").startswith("GatewayAbsent: what listens there is no")
    assert said(tmp_path / "b", b"[]\n").startswith("GatewayAbsent: what listens there is no")


@pytest.mark.parametrize("kind", ["NoSuchError", "annotations", "ClassVar", 5, None])
def test_a_refusal_of_a_newer_gateway_is_still_a_refusal(tmp_path: Path, kind: object) -> None:
    answer = json.dumps({"ok": False, "error": "the moon is full", "kind": kind}).encode() + b"\n"

    assert said(tmp_path / "newer", answer) == "OwnerError: the moon is full"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user without rights, where this is root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_socket_of_another_user_says_how_to_get_in(tmp_path: Path) -> None:
    with Running(tmp_path / "s") as running:
        running.path.chmod(0)
        with as_nobody(), pytest.raises(GatewayAbsent, match="may not ask") as raised:
            ask(running.path, "health")

    assert "use sudo" in raised.value.advice


def test_a_system_without_unix_sockets_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")

    with pytest.raises(GatewayAbsent, match="no Unix sockets"):
        ask(None, "health")
