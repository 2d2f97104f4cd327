"""Settings are looked at, tried and changed on the page; the file stays the owner's."""

import asyncio
import socket
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bmsreader.web.passwords import is_hash
from tests.web.serving import Served, served

pytestmark = pytest.mark.slow

SECRETS = """\
# Mine.
[mqtt]
host = "127.0.0.1"
port = 1
password = "very secret"

[[webhook]]
url = "http://127.0.0.1:1/secret-path?token=hush"
"""


def tables(house: Served, section: str) -> list[dict[str, object]]:
    found = house.browser().json("/api/v1/settings")["sections"]
    one: list[dict[str, object]] = next(part for part in found if part["name"] == section)["tables"]
    return one


def test_every_setting_is_there_with_its_meaning_its_value_and_where_it_came_from(house: Served) -> None:
    found = house.browser().json("/api/v1/settings")

    gateway = next(one for one in found["sections"] if one["name"] == "gateway")
    interval = next(row for row in gateway["rows"] if row["key"] == "interval")
    assert (interval["kind"], interval["least"], interval["default"]) == ("number", 0.1, 10.0)
    assert gateway["tables"][0]["interval"] == 0.2
    assert gateway["origins"][0]["interval"] == f"{house.file}:3"
    assert (found["writable"], found["file"]) == (True, str(house.file))


def test_a_changed_setting_is_in_use_at_once_and_the_owners_comments_stay(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        house.file.chmod(0o640)

        said = browser.ask("PUT", "/api/v1/settings/gateway", {"values": {"interval": 0.5, "discover": True}})

        assert said.status == 200
        assert "LT-12V-1544: read every 0.5 s" in said.json["changed"]
        text = house.file.read_text()
        assert text.startswith("# The owner's own words.\n[gateway]\ninterval = 0.5  # quick\ndiscover = true\n")
        assert stat.S_IMODE(house.file.stat().st_mode) == 0o640
        assert browser.json("/api/v1/batteries")["batteries"][0]["interval"] == 0.5


def test_wrong_values_change_nothing_and_each_is_told(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        before = house.file.read_text()

        said = house.known().ask("PUT", "/api/v1/settings/gateway", {"values": {"interval": -1, "spam": 1}})

        assert said.status == 422
        assert [one["key"] for one in said.json["problems"]] == ["interval", "spam"]
        assert house.file.read_text() == before


def test_what_only_the_whole_file_shows_to_be_wrong_is_told_too(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        battery = {"name": "House", "address": "02:00:07:00:15:44"}
        assert browser.post("/api/v1/settings/battery", {"values": battery}).status == 201

        said = browser.post("/api/v1/settings/battery", {"values": {**battery, "address": "02:00:07:00:15:45"}})

        assert said.status == 422
        assert said.json["problems"] == [{"key": "name", "text": "'House' is the name of another battery too"}]


def test_a_battery_is_renamed_and_removed_by_its_number(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        browser.post("/api/v1/settings/battery", {"values": {"name": "House", "address": "02:00:07:00:15:44"}})

        said = browser.ask("PUT", "/api/v1/settings/battery/0", {"values": {"name": "Barn", "cells": None}})
        assert said.json["changed"] == ["House: called Barn now"]
        assert browser.ask("DELETE", "/api/v1/settings/battery/0").status == 200
        assert "battery" not in tomllib.loads(house.file.read_text())
        assert browser.ask("DELETE", "/api/v1/settings/battery/0").status == 422
        assert browser.ask("PUT", "/api/v1/settings/battery", {"values": {}}).status == 400
        assert browser.ask("PUT", "/api/v1/settings/battery/x", {"values": {}}).status == 400
        assert browser.ask("PUT", "/api/v1/settings/spam", {"values": {}}).status == 404


def test_secrets_never_leave_the_gateway_and_stay_when_the_form_comes_back(tmp_path: Path) -> None:
    with served(tmp_path, text=SECRETS) as house:
        browser = house.known()
        body = browser.get("/api/v1/settings").body
        assert b"very secret" not in body
        assert b"secret-path" not in body
        assert b"hush" not in body
        mqtt, webhook = tables(house, "mqtt")[0], tables(house, "webhook")[0]
        assert (mqtt["password"], mqtt["password_is_set"]) == (None, True)

        changes = {"values": {"url": webhook["url"], "timeout": 7}}
        assert browser.ask("PUT", "/api/v1/settings/webhook/0", changes).status == 200
        assert browser.ask("PUT", "/api/v1/settings/mqtt", {"values": {"username": "me"}}).status == 200

        said = tomllib.loads(house.file.read_text())
        assert said["webhook"][0] == {"url": "http://127.0.0.1:1/secret-path?token=hush", "timeout": 7}
        assert said["mqtt"]["password"] == "very secret"


def test_a_file_that_was_changed_by_hand_is_not_written_over(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        stamp = browser.json("/api/v1/settings")["stamp"]
        by_hand = house.file.read_text() + "# by hand\n"
        house.file.write_text(by_hand)

        for body in ({"values": {"interval": 5}}, {"values": {"interval": 5}, "stamp": stamp}):
            said = browser.ask("PUT", "/api/v1/settings/gateway", body)
            assert said.status == 409
            assert house.file.read_text() == by_hand
        seen = browser.json("/api/v1/settings")["stamp"]  # of what is in effect: the tables may have other numbers now
        body = {"values": {"interval": 5}, "stamp": seen}
        assert browser.ask("PUT", "/api/v1/settings/gateway", body).status == 409

        async def reload() -> None:
            await house.house.reload()

        asyncio.run_coroutine_threadsafe(reload(), house.loop).result(20)
        body["stamp"] = browser.json("/api/v1/settings")["stamp"]
        assert browser.ask("PUT", "/api/v1/settings/gateway", body).status == 200
        assert "# by hand\n" in house.file.read_text()


def test_the_owner_cannot_lock_himself_out_by_opening_the_page_to_everybody(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()

        said = browser.ask("PUT", "/api/v1/settings/web", {"values": {"host": "0.0.0.0"}})

        assert said.status == 422
        assert "everybody in the network" in said.json["error"]


def test_a_password_that_is_set_on_the_page_is_written_as_its_hash_and_asked_for_at_once(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        assert browser.ask("PUT", "/api/v1/settings/web", {"values": {"password": "short"}}).status == 422

        assert browser.ask("PUT", "/api/v1/settings/web", {"values": {"password": "open sesame"}}).status == 200

        assert is_hash(tomllib.loads(house.file.read_text())["web"]["password"])
        assert browser.get("/api/v1/batteries").status == 401
        assert browser.login("open sesame").status == 200
        assert browser.get("/api/v1/batteries").status == 200


def test_a_try_really_asks_the_other_side(tmp_path: Path) -> None:
    with served(tmp_path, text=SECRETS) as house:
        browser = house.known()

        refused = browser.post("/api/v1/settings/mqtt/test", {"values": {"host": "127.0.0.1", "port": 1}}).json
        taken = browser.post("/api/v1/settings/prometheus/test", {"values": {"listen": f"127.0.0.1:{house.port}"}}).json

        assert not refused["ok"]
        assert "nothing listens there" in refused["text"]
        assert not taken["ok"]
        assert "cannot be had" in taken["text"]
        assert browser.post("/api/v1/settings/gateway/test", {"values": {}}).status == 404
        assert not browser.post("/api/v1/settings/mqtt/test", {"values": {"port": "x"}}).json["ok"]


def test_a_battery_in_the_air_is_named_and_kept(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()
        found = browser.json("/api/v1/found")["found"]
        assert [(one["supported"], one["named"]) for one in found] == [(True, False), (True, False)]

        said = browser.post("/api/v1/batteries", {"address": found[0]["address"], "name": " Haus "})

        assert said.status == 201
        written = tomllib.loads(house.file.read_text())["battery"]
        assert written[0] == {"name": "Haus", "address": "simulated:1", "id": "02:00:07:00:15:44"}
        assert len(written) == 2
        again = browser.post("/api/v1/batteries", {"address": found[0]["address"], "name": "Scheune"})
        assert again.json["changed"] == ["Haus: called Scheune now"]
        assert {one["named"] for one in browser.json("/api/v1/found")["found"]} == {True}


def test_a_name_that_is_none_is_refused(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        browser = house.known()

        assert browser.post("/api/v1/batteries", {"address": "C8:47:80:12:34:56", "name": ""}).status == 422
        assert browser.post("/api/v1/batteries", {"address": "C8:47:80:12:34:5", "name": "House"}).status == 422
        assert browser.post("/api/v1/batteries", {"name": "House"}).status == 400


def test_an_address_that_still_hides_the_secret_of_another_one_is_neither_saved_nor_tried(tmp_path: Path) -> None:
    text = '[[influx]]\nurl = "http://me:secret@127.0.0.1:1/write?db=x"\n'
    with served(tmp_path, text=text) as house:
        browser = house.known()
        body = {"values": {"url": "http://***@127.0.0.1:2/write?db=x"}}

        said = browser.ask("PUT", "/api/v1/settings/influx/0", body)
        tried = browser.post("/api/v1/settings/influx/test", body)

        assert (said.status, said.json["problems"][0]["key"]) == (422, "url")
        assert "write the secret there again" in said.json["error"]
        assert "write the secret there again" in tried.json["text"]
        assert "me:secret@127.0.0.1:1/" in house.file.read_text()


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"certificate_file": "bmsreader.toml"}, "certificate_file"),
        ({"port": "TAKEN"}, "port"),
        ({"host": "192.0.2.1", "token": "sha256:" + 64 * "0"}, "port"),
        ({"hosts": []}, "hosts"),
    ],
    ids=["no certificate", "a port that another program has", "an address of others", "the name that was used"],
)
def test_what_would_shut_the_owner_out_is_refused_before_it_is_written(
    tmp_path: Path, values: dict[str, Any], key: str
) -> None:
    with served(tmp_path, web={"hosts": ["pi.local"]}) as house, socket.create_server(("127.0.0.1", 0)) as other:
        browser = house.browser(headers={"Host": f"pi.local:{house.port}"})
        browser.session()
        before = house.file.read_text()
        values = {name: other.getsockname()[1] if value == "TAKEN" else value for name, value in values.items()}

        said = browser.ask("PUT", "/api/v1/settings/web", {"values": values})

        assert (said.status, [one["key"] for one in said.json["problems"]]) == (422, [key])
        assert house.file.read_text() == before
        assert browser.get("/api/v1/batteries").status == 200
