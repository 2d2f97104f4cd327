"""Files, variables and commands, one upon the other."""

from pathlib import Path

import pytest

from bmsreader.configuration import load
from bmsreader.model.errors import ConfigurationError
from tests.configuration.files import from_environment, loaded, problems


def test_the_command_wins_over_the_variable_and_the_variable_over_the_file(tmp_path: Path) -> None:
    text = "[gateway]\ninterval = 1\nlog = 'json'\ndiscover = false\n"
    file = tmp_path / "bmsreader.toml"
    variables = {"BMSREADER__GATEWAY__INTERVAL": "2", "BMSREADER__GATEWAY__LOG": "text"}
    found = loaded(tmp_path, text, variables)

    assert (found.gateway.interval, found.gateway.log, found.gateway.discover) == (2.0, "text", False)
    assert found.origins["gateway.interval"] == "environment BMSREADER__GATEWAY__INTERVAL"
    assert found.origins["gateway.discover"] == f"{file}:4"
    assert from_environment(variables, gateway__interval="3").gateway.interval == 3.0


def test_batteries_can_be_given_by_variables_alone() -> None:
    found = from_environment(
        {
            "BMSREADER__BATTERY__0__NAME": "Garage",
            "BMSREADER__BATTERY__0__ADDRESS": "simulated:1",
            "BMSREADER__BATTERY__1__ADDRESS": "simulated:2",
            "BMSREADER__BATTERY__1__NAME": "Cellar",
        }
    )

    assert [battery.name for battery in found.batteries] == ["Garage", "Cellar"]


def test_a_variable_changes_one_setting_of_a_battery_in_the_file(tmp_path: Path) -> None:
    text = '[[battery]]\nname = "A"\naddress = "simulated:1"\n[[battery]]\nname = "B"\naddress = "simulated:2"\n'
    found = loaded(tmp_path, text, {"BMSREADER__BATTERY__1__INTERVAL": "60"})

    assert [battery.interval for battery in found.batteries] == [None, 60.0]


def test_a_variable_for_a_battery_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match=r"BATTERY__2__NAME: there are 0 \[\[battery\]\] before this one"):
        from_environment({"BMSREADER__BATTERY__2__NAME": "Garage"})


def test_a_variable_switches_a_whole_table_on_or_off(tmp_path: Path) -> None:
    assert from_environment({"BMSREADER__PROMETHEUS": "true"}).prometheus is not None
    assert loaded(tmp_path, '[mqtt]\nhost = "broker"\n', {"BMSREADER__MQTT": "off"}).mqtt is None
    with pytest.raises(ConfigurationError, match=r"must be true or false: whether \[mqtt\] is used"):
        from_environment({"BMSREADER__MQTT": "broker"})


def test_an_empty_variable_counts_as_absent() -> None:
    assert from_environment({"BMSREADER__MQTT__HOST": ""}).mqtt is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("BMSREADER__MQQT__HOST", "there is no table 'mqqt'; did you mean 'mqtt'?"),
        ("BMSREADER__MQTT__HOTS", "unknown key 'hots'; did you mean 'host'?"),
        ("BMSREADER__BATTERY__NAME", "name which one, counted from 0"),
        ("BMSREADER__GATEWAY", "the name must have the table, a key"),
    ],
)
def test_a_mistyped_variable_is_an_error_with_a_suggestion(name: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        from_environment({name: "1"})

    assert f"environment {name}" in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[sotre]\n", "1: sotre: unknown table; did you mean 'store'?"),
        ("[gateway]\nintervall = 1\n", "2: gateway.intervall: unknown key; did you mean 'interval'?"),
        ("interval = 1\n", "1: interval: unknown key; it belongs below [gateway]"),
        ("[gateway]\nkeepalive = 1\n", "2: gateway.keepalive: unknown key; it belongs below [mqtt]"),
        ("\n[battery]\n", "2: battery: write [[battery]] with two brackets, since there may be several"),
        ("[[mqtt]]\n", "1: mqtt: write [mqtt] with one bracket, and only once"),
        ("store = 1\n", "1: store: must be a table: write [store] and the settings below it"),
    ],
)
def test_a_mistyped_file_is_an_error_with_its_line_and_a_suggestion(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in problems(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[mqtt]\nhost = broker\n", '2: this is not TOML: invalid value; text needs quotes: host = "broker"'),
        ("[gateway]\ndiscover = True\n", "2: this is not TOML: invalid value; write discover = true"),
        (
            "[mqtt]\nhost: broker\n",
            "2: this is not TOML: expected '=' after a key in a key/value pair; write host = ...",
        ),
        ("[gateway]\n[gateway]\n", "2: this is not TOML: cannot declare ('gateway',) twice"),
        ('[mqtt]\nhost = "broker', "2: this is not TOML: "),
    ],
)
def test_what_is_no_toml_is_told_in_words(tmp_path: Path, text: str, problem: str) -> None:
    (said,) = problems(tmp_path, text)

    assert said.startswith(problem)


def test_a_file_from_windows_is_read(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeff[gateway]\r\ninterval = 5\r\n").gateway.interval == 5.0


def test_a_file_in_another_encoding_is_told_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_bytes('[[battery]]\nname = "Küche"\n'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"toml:2: the file is not UTF-8 text"):
        load(file, environment={}, credentials=None)
