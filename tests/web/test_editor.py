"""The owner's file, changed from the page: checked first, put back when it cannot be used."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bmsreader.configuration.about import Row
from bmsreader.configuration.layers import BY_NAME
from bmsreader.configuration.settings import InfluxSettings
from bmsreader.model import ConfigurationError
from bmsreader.web.editor import Target, _problems, advice_to_write, is_hidden, refused, section_of
from bmsreader.web.refusal import Refused
from tests.web.serving import served

BATTERY, GATEWAY, INFLUX = (Target(section=BY_NAME[name]) for name in ("battery", "gateway", "influx"))


def row(target: Target, key: str) -> Row:
    return next(one for one in target.section.rows if one.key == key)


def test_what_the_check_says_is_sorted_by_setting() -> None:
    message = "/a/b.toml:3: battery.0.name: is bad\n/a/b.toml: mqtt.host: is missing\nsomething else"

    own, words = _problems(message, BATTERY)

    assert own == {"name": "is bad"}
    assert words == "name is bad; mqtt.host: is missing; something else"


def test_a_refusal_has_a_sentence_for_each_setting() -> None:
    assert refused({"name": "is bad"}).more == {"problems": [{"key": "name", "text": "is bad"}]}
    assert "ReadWritePaths=/etc/bmsreader" in advice_to_write(Path("/etc/bmsreader/bmsreader.toml"))


def test_what_the_page_was_shown_instead_of_a_secret_is_no_change() -> None:
    before = InfluxSettings(url="http://me:secret@host:8086/write?db=x&token=y")
    url = row(INFLUX, "url")

    assert is_hidden(url, "http://***@host:8086/write?db=x&token=***", before)
    assert not is_hidden(url, "http://other:8086/write?db=x", before)
    assert not is_hidden(url, "http://***@host:8086/write?db=x&token=***", None)


def test_there_are_only_the_tables_that_there_are() -> None:
    assert section_of("battery").many
    with pytest.raises(Refused):
        section_of("spam")


@pytest.mark.slow
def test_settings_that_the_gateway_cannot_use_are_put_back(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        before = house.file.read_text()

        async def fail() -> list[str]:
            raise ConfigurationError("a publisher cannot be made", advice="Mend it.")

        house.house.reload = fail
        said = house.known().ask("PUT", "/api/v1/settings/gateway", {"values": {"interval": 9}})

        assert (said.status, said.json["error"], said.json["advice"]) == (422, "a publisher cannot be made", "Mend it.")
        assert house.file.read_text() == before


@pytest.mark.slow
def test_what_the_environment_sets_cannot_be_changed_on_the_page(tmp_path: Path) -> None:
    from dataclasses import replace

    with served(tmp_path) as house:
        origins = {"gateway.interval": "environment BMSREADER__GATEWAY__INTERVAL"}
        house.house.configuration = replace(house.house.configuration, origins=origins)

        said = house.known().ask("PUT", "/api/v1/settings/gateway", {"values": {"interval": 9}})

        assert said.status == 422
        assert "BMSREADER__GATEWAY__INTERVAL: it cannot be changed here" in said.json["error"]


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_told_and_how_to_change_that(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        house.house.file = Path("/dev/null/bmsreader.toml")
        browser = house.known()

        assert not browser.session()["writable"]
        said = browser.ask("PUT", "/api/v1/settings/gateway", {"values": {"interval": 9}})
        assert said.status == 409
        assert "ReadWritePaths" in said.json["advice"]


@pytest.mark.slow
def test_two_who_change_settings_at_once_both_get_what_they_want(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        editor: Any = house.page.editor

        async def both() -> None:
            await asyncio.gather(
                editor.change(GATEWAY, {"interval": 7.0}, stamp=None),
                editor.change(GATEWAY, {"discover": False}, stamp=None),
            )

        asyncio.run_coroutine_threadsafe(both(), house.loop).result(20)
        settings = house.house.configuration.gateway
        assert (settings.interval, settings.discover) == (7.0, False)


@pytest.mark.slow
def test_a_battery_of_a_bank_can_be_given_another_name(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        editor: Any = house.page.editor

        async def rename() -> None:
            for number, name in enumerate(("One", "Two")):
                values = {"name": name, "address": f"simulated:{number + 8}"}
                await editor.add(section_of("battery"), values, stamp=None)
            await editor.add(section_of("bank"), {"name": "House", "arrangement": "series(One, Two)"}, stamp=None)
            target = Target(section=section_of("battery"), number=len(house.house.configuration.batteries) - 1)
            await editor.change(target, {"name": "Rear"}, stamp=None)

        asyncio.run_coroutine_threadsafe(rename(), house.loop).result(20)
        (bank,) = house.house.configuration.banks
        assert bank.arrangement == "series(One, Rear)"
