"""The whole configuration at once."""

from pathlib import Path

import pytest

from bmsreader.configuration import Configuration, load
from bmsreader.configuration.settings import BatterySettings, GatewaySettings, LinesSettings, MqttSettings
from bmsreader.model.errors import ConfigurationError
from tests.configuration.files import from_environment, loaded, problems


def test_nothing_has_to_be_set() -> None:
    assert from_environment({}) == Configuration()


def test_a_file_is_taken_as_it_is_meant(tmp_path: Path) -> None:
    text = """
[gateway]
interval = 5

[[battery]]
name = "Garage left"
address = "c8:47:80:12:34:56"
link = "poll"

[mqtt]
host = "broker"

[lines]
"""
    assert loaded(tmp_path, text) == Configuration(
        source=str(tmp_path / "bmsreader.toml"),
        gateway=GatewaySettings(interval=5.0),
        batteries=(BatterySettings(name="Garage left", address="C8:47:80:12:34:56", link="poll"),),
        mqtt=MqttSettings(host="broker"),
        lines=LinesSettings(),
    )


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = '[gateway]\ninterval = 0\nlog = "xml"\n\n[[battery]]\nname = "A"\n\n[mqtt]\nhost = ""\nprot = 1\n'

    assert problems(tmp_path, text) == [
        "2: gateway.interval: must be a number from 0.1 to 86400, not 0",
        "3: gateway.log: must be one of text, json, not 'xml'",
        "5: battery.0.address: is missing; [[battery]] needs it",
        "9: mqtt.host: must be the name or address of a computer, not ''; without mqtt://, port or path: those have "
        "settings of their own",
        "10: mqtt.prot: unknown key; did you mean 'port'?",
    ]


def test_the_second_of_three_wrong_batteries_is_named_by_its_line(tmp_path: Path) -> None:
    tables = "".join(
        f'[[battery]]\nname = "{name}"\naddress = "simulated:{name}"\ncells = {name}\n' for name in (1, 99, 3)
    )

    assert problems(tmp_path, tables) == ["8: battery.1.cells: must be a whole number from 0 to 64, not 99"]


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file or directory"):
        load(tmp_path / "none.toml", environment={}, credentials=None)
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        load(None, environment={"BMSREADER_CONFIG": str(tmp_path)}, credentials=None)


def test_a_description_of_the_owners_can_be_pinned(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text('[[battery]]\nname = "A"\naddress = "simulated:1"\nprotocol = "mine"\n')
    found = load(file, environment={}, credentials=None, protocols=["ej", "mine"])

    assert found.batteries[0].protocol == "mine"


def test_where_a_wrong_variable_is_set_is_said() -> None:
    with pytest.raises(ConfigurationError) as raised:
        from_environment({"BMSREADER__GATEWAY__INTERVAL": "soon"})

    words = "environment BMSREADER__GATEWAY__INTERVAL: gateway.interval: must be a number from 0.1 to 86400, not 'soon'"
    assert str(raised.value) == words


@pytest.mark.slow
def test_loading_is_fast(tmp_path: Path) -> None:
    import time

    tables = "".join(f'[[battery]]\nname = "{name}"\naddress = "simulated:{name}"\n' for name in range(100))
    began = time.perf_counter()
    loaded(tmp_path, tables)

    assert time.perf_counter() - began < 1.0
