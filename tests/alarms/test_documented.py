"""What the documentation of alarms says holds."""

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bmsreader.alarms import DEFAULTS
from bmsreader.configuration.settings import AlarmSettings, NotifySettings

TEXT = (Path(__file__).parents[2] / "docs" / "alarms.md").read_text(encoding="utf-8")
ADDRESSES = re.findall(r"`([a-z]+s?://[^`]+)`", TEXT)
BLOCKS: list[dict[str, Any]] = [tomllib.loads(one) for one in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)]


def test_every_default_rule_is_there_with_its_severity() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (info|warning|critical) \|", TEXT, re.MULTILINE))

    assert rows == {rule.name: str(rule.severity) for rule in DEFAULTS}


def test_the_examples_can_be_written_into_a_configuration() -> None:
    rules = [AlarmSettings(**one) for block in BLOCKS for one in block.get("alarm", ())]
    receivers = [NotifySettings(**one) for block in BLOCKS for one in block.get("notify", ())]

    assert (len(rules), len(receivers)) == (1, 1)


def test_each_wish_of_the_tables_is_a_rule() -> None:
    rows = re.findall(r"^\| [^|]+ \| (`field = .*?) \|$", TEXT, re.MULTILINE)
    for row in rows:
        settings = tomllib.loads("\n".join(re.findall(r"`([^`]+)`", row)))
        AlarmSettings(**{"name": "x", **settings})

    assert len(rows) == 6


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize("address", ADDRESSES)
def test_apprise_understands_each_address(address: str) -> None:
    apprise: Any = importlib.import_module("apprise")

    assert apprise.Apprise().add(address)


def test_there_are_addresses() -> None:
    assert len(ADDRESSES) >= 9
