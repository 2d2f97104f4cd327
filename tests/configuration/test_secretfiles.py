"""Secrets in files of their own."""

from pathlib import Path

import pytest

from bmsreader.configuration.secretfiles import credential_names, is_public, readable_problem, secret_in
from bmsreader.model.errors import ConfigurationError
from tests.configuration.files import loaded, problems

BROKER = '[mqtt]\nhost = "broker"\nusername = "me"\n'


def secret(folder: Path, text: str, name: str = "password", mode: int = 0o600) -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    file.chmod(mode)
    return file


def test_a_password_is_the_one_line_of_its_file(tmp_path: Path) -> None:
    file = secret(tmp_path, "hunter2\n")
    found = loaded(tmp_path, f'{BROKER}password_file = "{file}"\n')

    assert found.mqtt is not None
    assert found.mqtt.password == "hunter2"
    assert found.origins["mqtt.password"] == f"file {file}"
    assert found.warnings == ()


def test_a_file_beside_the_configuration_needs_no_folder(tmp_path: Path) -> None:
    secret(tmp_path, "hunter2")
    found = loaded(tmp_path, f'{BROKER}password_file = "password"\n')

    assert found.mqtt is not None
    assert found.mqtt.password == "hunter2"


def test_a_password_that_everybody_can_read_is_a_warning(tmp_path: Path) -> None:
    file = secret(tmp_path, "hunter2", mode=0o644)
    (warning,) = loaded(tmp_path, f'{BROKER}password_file = "{file}"\n').warnings

    assert f"every user of this computer can read {file}: chmod 600 {file}" in warning


def test_a_configuration_with_a_password_that_everybody_can_read_is_a_warning(tmp_path: Path) -> None:
    from bmsreader.configuration import load

    file = secret(tmp_path, f'{BROKER}password = "hunter2"\n', name="bmsreader.toml", mode=0o644)
    (warning,) = load(file, environment={}, credentials=None).warnings

    assert "put the secret into a file of its own (password_file)" in warning


def test_a_secret_given_twice_is_an_error(tmp_path: Path) -> None:
    secret(tmp_path, "hunter2")
    (problem,) = problems(tmp_path, f'{BROKER}password = "a"\npassword_file = "password"\n')

    assert problem.startswith("5: mqtt.password_file: the same secret is given by mqtt.password too")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"\n", "is empty"), (b"a\nb\n", "must hold one line"), (b"\xff", "is not UTF-8 text")],
)
def test_a_file_that_holds_no_secret_is_an_error(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=words):
        secret_in(file)


def test_a_file_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    assert "password cannot be read: No such file" in problems(tmp_path, f'{BROKER}password_file = "password"\n')[0]
    assert readable_problem(tmp_path / "x") == f"{tmp_path / 'x'} cannot be read: No such file or directory"
    assert not is_public(tmp_path / "x")


def test_a_credential_of_systemd_wins_over_the_file_and_a_variable_over_both(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    secret(credentials, "from systemd\n", name="credentials_mqtt_password", mode=0o644)
    text = BROKER + 'password = "from file"\n'
    found = loaded(tmp_path, text, credentials=credentials)
    overruled = loaded(tmp_path, text, {"BMSREADER__MQTT__PASSWORD": "from variable"}, credentials=credentials)

    assert found.mqtt is not None
    assert overruled.mqtt is not None
    assert (found.mqtt.password, overruled.mqtt.password) == ("from systemd", "from variable")
    assert found.origins["mqtt.password"] == "credential credentials_mqtt_password"


def test_credentials_alone_start_no_publisher(tmp_path: Path) -> None:
    secret(tmp_path, "x", name="mqtt_password")

    assert loaded(tmp_path, "", credentials=tmp_path).mqtt is None


def test_the_second_server_has_credentials_of_its_own(tmp_path: Path) -> None:
    secret(tmp_path, "first", name="influx_token")
    secret(tmp_path, "second", name="influx_1_token")
    tables = '[[influx]]\nurl = "http://a/"\n[[influx]]\nname = "b"\nurl = "http://b/"\n'

    assert [one.token for one in loaded(tmp_path, tables, credentials=tmp_path).influx] == ["first", "second"]
    assert list(credential_names("influx", 1, "token", many=True)) == ["influx_1_token", "credentials_influx_1_token"]
