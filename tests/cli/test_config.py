"""`bmsreader config`: every setting explained, a file checked, what is in effect."""

import json
from pathlib import Path

import pytest

from bmsreader.cli.config import load
from bmsreader.cli.failures import report
from bmsreader.model.errors import ConfigurationError, UsageError
from tests.cli.surroundings import invoke, lines_of


def test_the_example_passes_its_own_check(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text(invoke("config", "example").stdout, encoding="utf-8")
    result = invoke("config", "check", str(file))

    assert (result.exit_code, result.stdout) == (0, f"{file}: all is well\n")


def test_a_wrong_file_ends_with_2_and_each_problem_has_a_line_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("[gateway]\nintervall = 5\nlog = 'xml'\n")
    result = invoke("config", "check", str(file))

    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"bmsreader: {file}:2: gateway.intervall: unknown key; did you mean 'interval'?",
        f"bmsreader: {file}:3: gateway.log: must be one of text, json, not 'xml'",
    ]


def test_the_check_can_be_read_by_programs(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("[gateway]\nintervall = 5\n")
    (said,) = lines_of(invoke("config", "check", str(file), "--json"))

    assert (said["ok"], len(said["problems"]), said["warnings"]) == (False, 1, [])


def test_a_warning_is_no_error() -> None:
    result = invoke("config", "check", "--set", "mqtt.host=broker", "--set", "mqtt.port=8883")

    assert result.exit_code == 0
    assert "warning: --set mqtt.port: mqtt.port: 8883 is the port with encryption" in result.stderr


def test_quiet_says_only_what_is_wrong() -> None:
    assert invoke("config", "check", "--quiet").output == ""


def test_the_schema_is_json() -> None:
    assert json.loads(invoke("config", "schema").stdout)["properties"]["mqtt"]["required"] == ["host"]


def test_what_is_in_effect_hides_secrets_and_says_where_it_came_from() -> None:
    mqtt = ["--set", "mqtt.username=me", "--set", "mqtt.password=hunter2"]
    text = invoke("config", "show", *mqtt, BMSREADER__MQTT__HOST="broker").stdout
    (data,) = lines_of(invoke("config", "show", "--json", *mqtt, BMSREADER__MQTT__HOST="broker"))

    assert "hunter2" not in text
    assert 'password = "***"' in text
    assert data["mqtt"]["host"] == {"value": "broker", "from": "environment BMSREADER__MQTT__HOST"}
    assert data["mqtt"]["password"]["value"] == "***"


def test_a_file_is_found_through_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("[gateway]\ninterval = 5\n")

    assert f"# {file}:2" in invoke("config", "show", BMSREADER_CONFIG=str(file)).stdout
    assert f"# {file}:2" in invoke("config", "show", CONFIGURATION_DIRECTORY=str(tmp_path)).stdout


def test_systemds_credentials_are_taken(tmp_path: Path) -> None:
    (tmp_path / "credentials_mqtt_password").write_text("hunter2\n")
    result = invoke("config", "show", "--set", "mqtt.host=broker", CREDENTIALS_DIRECTORY=str(tmp_path))

    assert "# credential credentials_mqtt_password" in result.stdout


def test_a_setting_without_a_value_is_wrong_usage() -> None:
    result = invoke("config", "check", "--set", "mqtt.host")

    assert result.exit_code == 2
    assert "--set mqtt.host: a value is missing" in result.stderr
    with pytest.raises(UsageError):
        load(None, ["mqtt.host"])


def test_a_protocol_of_the_owners_can_be_pinned(tmp_path: Path) -> None:
    folder = tmp_path / "bmsreader/descriptions"
    folder.mkdir(parents=True)
    text = Path("src/bmsreader/descriptions/ej.toml").read_text().replace('id = "ej"', 'id = "mine"')
    (folder / "mine.toml").write_text(text)
    battery = [
        "--set",
        "battery.0.name=A",
        "--set",
        "battery.0.address=simulated:1",
        "--set",
        "battery.0.protocol=mine",
    ]

    assert invoke("config", "check", *battery, XDG_CONFIG_HOME=str(tmp_path)).exit_code == 0
    assert invoke("config", "check", *battery).exit_code == 2


def test_any_command_tells_each_problem_in_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("[gateway]\nintervall = 5\nlog = 'xml'\n")
    with pytest.raises(ConfigurationError) as raised:
        load(file)

    assert report(raised.value) == 2
    first, second, advice = capsys.readouterr().err.splitlines()
    assert (f"{file}:2: " in first, f"{file}:3: " in second) == (True, True)
    assert "bmsreader config example" in advice
