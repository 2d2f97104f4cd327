"""Configuration files for tests."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bmsreader.configuration import Configuration, load
from bmsreader.model.errors import ConfigurationError


def loaded(
    folder: Path, text: str, environment: Mapping[str, str] | None = None, *, credentials: Path | None = None
) -> Configuration:
    """Return what a file says."""
    file = folder / "bmsreader.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return load(file, environment=environment or {}, credentials=credentials)


def problems(folder: Path, text: str) -> list[str]:
    """Return what is wrong with a file, each problem beginning with its line."""
    with pytest.raises(ConfigurationError) as raised:
        loaded(folder, text)
    return [line.removeprefix(f"{folder / 'bmsreader.toml'}:") for line in str(raised.value).splitlines()]


def from_environment(environment: Mapping[str, str], **overrides: str) -> Configuration:
    """Return the configuration without a file."""
    nowhere = {"BMSREADER_CONFIG": "", "HOME": "", **environment}
    names = {key.replace("__", "."): value for key, value in overrides.items()}
    return load(None, environment=nowhere, credentials=None, overrides=names)
