"""Secrets that stand in files of their own: passwords, tokens, keys."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from bmsreader.model.errors import ConfigurationError

MOST_BYTES = 65_536
FOLDER = "credentials"
"""Name of the folder of which the service gets every file as a credential: ``FOLDER_mqtt_password``."""


def secret_in(path: Path) -> str:
    """Return the secret in a file, without the line's end; raise ConfigurationError."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    try:
        text = content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 text") from error
    if not text:
        raise ConfigurationError(f"{path} is empty")
    if len(content) > MOST_BYTES or not text.isprintable():
        raise ConfigurationError(f"{path} must hold one line, the secret, and nothing else")
    return text


def readable_problem(path: Path) -> str | None:
    """Return why a file cannot be read; None when it can."""
    try:
        with path.open("rb"):
            return None
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"


def is_public(path: Path) -> bool:
    """Return whether every user of this computer can read a file."""
    if os.name != "posix":
        return False
    try:
        return bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def credential_names(section: str, number: int, key: str, *, many: bool) -> Iterator[str]:
    """Yield the names under which systemd may hand over a secret: ``mqtt_password``, ``influx_0_token`` ..."""
    names = [f"{section}_{number}_{key}"] if many else []
    if number == 0:
        names.append(f"{section}_{key}")
    for name in names:
        yield name
        yield f"{FOLDER}_{name}"


def credential(folder: Path, names: Iterator[str]) -> tuple[str, str] | None:
    """Return name and content of the first credential that is there and not empty; raise ConfigurationError."""
    for name in names:
        path = folder / re.sub(r"[^A-Za-z0-9_.-]", "_", name)
        if path.is_file() and path.stat().st_size:
            return name, secret_in(path)
    return None
