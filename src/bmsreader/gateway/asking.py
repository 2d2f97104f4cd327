"""Ask a running gateway over its control socket."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bmsreader.gateway.place import places
from bmsreader.model import errors
from bmsreader.model.errors import GatewayAbsent, OwnerError

PATIENCE = 15.0
"""s; a gateway that needs longer for an answer is not well."""
LARGEST = 1 << 26
"""Bytes of an answer."""


def ask(
    path: Path | None,
    command: str,
    *,
    patience: float = PATIENCE,
    environment: Mapping[str, str] = os.environ,
    **arguments: Any,
) -> dict[str, Any]:
    """Return the answer of the gateway that listens at ``path``, or at one of the usual places.

    Raise GatewayAbsent when none runs there, or it may not be asked by this user, or it does not answer within
    ``patience`` s. What the gateway refuses is raised as the error that it is.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise GatewayAbsent(
            "a running gateway cannot be asked on this system: Python has no Unix sockets here",
            advice="Use Linux or macOS for the gateway, or watch what it publishes.",
        )
    candidates = (path,) if path is not None else places(environment)
    request = json.dumps({"command": command, **arguments}).encode() + b"\n"
    for candidate in candidates:
        connection = _connected(candidate, patience)
        if connection is not None:
            with connection:
                return _result(_answer(connection, request, candidate, patience))
    raise GatewayAbsent(f"no gateway runs here: nobody listens at {' or '.join(map(str, candidates))}")


def _connected(path: Path, patience: float) -> socket.socket | None:
    """Return a connection; None when nobody listens."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(patience)
    try:
        connection.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        connection.close()
        return None
    except PermissionError:
        connection.close()
        raise GatewayAbsent(
            f"this user may not ask the gateway at {path}",
            advice="It answers its own user and group, and root: use sudo.",
        ) from None
    except OSError as error:
        connection.close()
        raise GatewayAbsent(f"the gateway at {path} cannot be asked: {error.strerror or error}") from error
    return connection


def _answer(connection: socket.socket, request: bytes, path: Path, patience: float) -> bytes:
    received = bytearray()
    try:
        connection.sendall(request)
        while not received.endswith(b"\n") and len(received) < LARGEST:
            part = connection.recv(1 << 16)
            if not part:
                break
            received += part
    except TimeoutError:
        raise GatewayAbsent(
            f"the gateway at {path} does not answer within {patience:g} s",
            advice="It hangs, or has too much to do: its log says more.",
        ) from None
    except OSError as error:
        raise GatewayAbsent(f"the gateway at {path} ended while it was asked") from error
    if not received.endswith(b"\n"):
        raise GatewayAbsent(f"the gateway at {path} ended while it was asked")
    return bytes(received)


def _result(answer: bytes) -> dict[str, Any]:
    try:
        result = json.loads(answer)
    except ValueError:
        result = None
    if not isinstance(result, dict):
        raise GatewayAbsent("what listens there is no gateway of bmsreader")
    if result.get("ok"):
        return result
    kind = getattr(errors, str(result.get("kind")), OwnerError)
    if not (isinstance(kind, type) and issubclass(kind, errors.BmsReaderError)):
        kind = OwnerError
    raise kind(str(result.get("error", "the gateway refuses")), advice=str(result.get("advice", "")))
