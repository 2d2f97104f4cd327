"""The guard of this suite: a test can talk to this machine, and to no other."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "fe80::1"])
def test_another_machine_cannot_be_reached(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as guarded, pytest.raises(PermissionError, match="this machine only"):
        guarded.connect((host, 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as here:
        here.connect(server.getsockname())

        assert here.getpeername() == server.getsockname()
