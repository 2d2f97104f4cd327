import json
import os
import stat
import tomllib
from pathlib import Path

import pytest

from bmsreader.web.passwords import hashed_token, is_hash, matches
from tests.cli.surroundings import invoke

pytestmark = pytest.mark.slow


def test_a_password_is_written_as_its_hash_and_the_rest_of_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("[gateway]\ninterval = 3 # mine\n")

    result = invoke("web", "password", str(file), stdin="open sesame\n")

    assert result.exit_code == 0
    assert "the password is set" in result.stdout
    assert file.read_text().startswith("[gateway]\ninterval = 3 # mine\n")
    known = tomllib.loads(file.read_text())["web"]["password"]
    assert is_hash(known)
    assert matches(known, "open sesame")


def test_a_short_password_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"

    result = invoke("web", "password", str(file), stdin="short\n")

    assert result.exit_code == 2
    assert not file.exists()


def test_a_token_is_shown_once_and_its_hash_is_kept_where_the_file_will_be_looked_for(tmp_path: Path) -> None:
    result = invoke("web", "token", CONFIGURATION_DIRECTORY=str(tmp_path))

    token = result.stdout.splitlines()[0]
    file = tmp_path / "bmsreader.toml"
    assert tomllib.loads(file.read_text())["web"] == {"token": hashed_token(token)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 or os.name != "posix"


def test_a_hash_can_be_printed_for_a_file_of_its_own(tmp_path: Path) -> None:
    printed = invoke("web", "password", "--print", stdin="open sesame\n", CONFIGURATION_DIRECTORY=str(tmp_path))

    assert is_hash(printed.stdout.strip())
    assert list(tmp_path.iterdir()) == []
    token, known = invoke("web", "token", "--print").stdout.split()
    assert known == hashed_token(token)


def test_programs_get_the_token_as_json(tmp_path: Path) -> None:
    told = json.loads(invoke("web", "token", "--json", CONFIGURATION_DIRECTORY=str(tmp_path)).stdout)

    assert told["hash"] == hashed_token(told["token"])
    assert told["file"] == str(tmp_path / "bmsreader.toml")
