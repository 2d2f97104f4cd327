"""The example, and the configuration in effect."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.configuration import Configuration
from bmsreader.configuration.settings import SECTIONS, InfluxSettings, MqttSettings, WebhookSettings
from bmsreader.configuration.writing import as_data, as_toml, example, toml, without_secrets
from tests.configuration.files import from_environment, loaded, problems


def everything_set() -> str:
    """Return the example with every setting in use."""
    return re.sub(r"^#(?=[a-z_\[])", "", example(), flags=re.MULTILINE)


def test_the_example_changes_nothing_and_passes_the_check(tmp_path: Path) -> None:
    found = loaded(tmp_path, example())

    assert found == Configuration(source=found.source)


def test_the_example_has_every_setting() -> None:
    data = tomllib.loads(everything_set())

    for section in SECTIONS:
        table = data[section.name][0] if section.many else data[section.name]
        assert list(table) == [row.key for row in section.rows]


def test_with_everything_set_only_what_excludes_each_other_or_is_not_there_is_wrong(tmp_path: Path) -> None:
    allowed = (
        "the same secret is given by",
        "cannot be read: No such file",
        "a rule has one limit",
        "no battery 'Garage right'",
    )

    assert [line for line in problems(tmp_path, everything_set()) if not any(words in line for words in allowed)] == []


def test_every_line_of_the_example_fits_on_a_terminal() -> None:
    assert [line for line in example().splitlines() if len(line) > 110] == []


def test_what_is_in_effect_says_where_it_came_from() -> None:
    found = as_toml(from_environment({"BMSREADER__MQTT__HOST": "broker"}, gateway__interval="5"))

    assert re.search(r"^interval = 5.0 +# --set gateway.interval$", found, re.MULTILINE)
    assert re.search(r'^host = "broker" +# environment BMSREADER__MQTT__HOST$', found, re.MULTILINE)
    assert re.search(r"^#port = +# default: 1883, or 8883 with tls$", found, re.MULTILINE)
    assert tomllib.loads(found)["mqtt"]["keepalive"] == 15


def test_secrets_are_not_shown() -> None:
    configuration = Configuration(
        mqtt=MqttSettings(host="broker", password="hunter2"),
        influx=(InfluxSettings(url="http://me:hunter2@host:8086/write?db=home&p=hunter2", token="hunter2"),),
        webhooks=(WebhookSettings(url="https://host/hooks/hunter2?x=hunter2", secret="hunter2"),),
    )

    assert "hunter2" not in as_toml(configuration)
    assert "hunter2" not in str(as_data(configuration))
    assert as_data(configuration)["influx"][0]["url"]["value"] == "http://***@host:8086/write?db=home&p=***"
    assert as_data(configuration)["mqtt"]["password"] == {"value": "***", "from": "default"}


@pytest.mark.parametrize("url", ["http://localhost:8086/api/v2/write?org=a&bucket=b", "http://[::1]:8428/write"])
def test_an_address_without_secrets_is_shown_whole(url: str) -> None:
    assert without_secrets(url) == url


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_as_toml_reads_it(text: str) -> None:
    assert tomllib.loads(f"x = {toml(text)}") == {"x": text}
