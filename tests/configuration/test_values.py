"""One setting at a time."""

from pathlib import Path
from typing import Any

import pytest

from bmsreader.configuration.about import Row
from bmsreader.configuration.settings import SECTIONS
from bmsreader.configuration.values import raw_of, value_of
from bmsreader.model.errors import ConfigurationError

FOLDER = Path("/etc/bmsreader")


def row(name: str) -> Row:
    table, key = name.split(".")
    return next(row for section in SECTIONS if section.name == table for row in section.rows if row.key == key)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("gateway.interval", 5, 5.0),
        ("gateway.discover", False, False),
        ("gateway.adapters", ["hci0", "hci1"], ("hci0", "hci1")),
        ("battery.cells", 16, 16),
        ("battery.link", "poll", "poll"),
        ("store.path", "history.db", FOLDER / "history.db"),
        ("store.path", "/srv/history.db", Path("/srv/history.db")),
        ("mqtt.password", "pass word", "pass word"),
    ],
)
def test_a_good_value_is_taken(name: str, raw: Any, value: Any) -> None:
    assert value_of(row(name), raw, folder=FOLDER) == value


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("gateway.interval", "10", "must be a number from 0.1 to 86400, not '10'; write it without quotes"),
        ("gateway.interval", True, "must be a number from 0.1 to 86400, not true"),
        ("gateway.interval", float("nan"), "must be a number from 0.1 to 86400, not nan"),
        ("gateway.interval", 0, "must be a number from 0.1 to 86400, not 0"),
        ("gateway.discover", "yes", "must be true or false, not 'yes'; write it without quotes"),
        ("gateway.adapters", "hci0", "must be a list, each item the name of an adapter, such as hci0, not 'hci0'; "),
        ("gateway.adapters", ["hci 0"], "must be a list, each item the name of an adapter"),
        ("battery.cells", 4.5, "must be a whole number from 0 to 64, not 4.5"),
        ("battery.name", 7, "not 7; write it in quotes"),
        ("battery.link", "pol", "must be one of keep, poll, not 'pol'; did you mean 'poll'?"),
        ("store.keep_days", 0, "must be a number above 0, not 0"),
        ("store.path", "", "must be the name of a file, not ''"),
        ("mqtt.host", "mqtt://broker", "without mqtt://, port or path"),
        ("mqtt.port", 70000, "must be a whole number from 1 to 65535, not 70000"),
        ("mqtt.username", "a\nb", "must be text without control characters"),
        ("influx.timeout", 0, "must be a number above 0 and at most 3600, not 0"),
        ("store.path", "~nobody-is-called-so/x", "there is no such user"),
    ],
)
def test_a_bad_value_is_told_what_it_should_be(name: str, raw: Any, words: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        value_of(row(name), raw, folder=FOLDER)

    assert words in str(raised.value)


def test_an_error_never_repeats_a_secret() -> None:
    for raw in (12345, "hunter2\n", ["hunter2"]):
        with pytest.raises(ConfigurationError) as raised:
            value_of(row("proxy.key"), raw, folder=FOLDER)
        assert "hunter2" not in str(raised.value)
        assert "12345" not in str(raised.value)


def test_a_long_wrong_value_is_not_repeated_in_full() -> None:
    with pytest.raises(ConfigurationError) as raised:
        value_of(row("battery.name"), "x" * 10_000, folder=FOLDER)

    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("name", "text", "raw"),
    [
        ("gateway.interval", "5", 5),
        ("gateway.interval", "0.5", 0.5),
        ("gateway.interval", "soon", "soon"),
        ("gateway.discover", "OFF", False),
        ("gateway.discover", "1", True),
        ("gateway.adapters", "hci0, hci1,", ["hci0", "hci1"]),
        ("battery.cells", "4", 4),
        ("battery.name", "12", "12"),
    ],
)
def test_a_variable_says_what_a_file_would_say(name: str, text: str, raw: Any) -> None:
    assert raw_of(row(name), text) == raw


@pytest.mark.parametrize(
    "url",
    ["http://me:secret@[::/x", "http://me:secret@[1:2]/", "http://me:secret@host:99999/x", "http://me:secret@:80/x",
     "http://me:secret@host:0/", "http://me:secret@host/\x1b[2J", "ftp://me:secret@host/", "http://me:secret@a b/"],
)  # fmt: skip
def test_an_address_of_no_computer_is_refused_and_its_password_is_not_repeated(url: str) -> None:
    for name in ("influx.url", "webhook.url"):
        with pytest.raises(ConfigurationError, match="must be an address") as refused:
            value_of(row(name), url, folder=FOLDER)
        assert "secret" not in str(refused.value)
