"""`bmsreader diagnostics`: everything that helps, and nothing that is private."""

import json
import string
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bmsreader.cli import bundle
from bmsreader.cli.diagnostics import beginnings, redacted, write
from bmsreader.cli.redaction import PUBLIC_FORMS, PUBLIC_WORDS
from bmsreader.configuration import Configuration
from bmsreader.configuration.settings import (
    BatterySettings,
    InfluxSettings,
    MqttSettings,
    ProxySettings,
    WebhookSettings,
)
from bmsreader.links.host import Host
from tests.cli.surroundings import Air, invoke

WORDS = st.text(string.ascii_letters + string.digits + " _-.äßé電", min_size=4, max_size=20)
PLANTED = WORDS.map(str.strip).filter(lambda word: len(word) >= 4 and not _ours(word.lower()))
ADDRESSES = st.lists(st.integers(0, 255), min_size=6, max_size=6).map(lambda raw: ":".join(f"{one:02X}" for one in raw))
IPS = (
    st.tuples(*(st.integers(11, 223) for _ in range(4)))
    .filter(lambda ip: ip[0] != 127)
    .map(lambda ip: ".".join(map(str, ip)))
)


def _ours(word: str) -> bool:
    """Return whether a word is part of what the bundle says by itself: nobody is known by it."""
    known = word in PUBLIC_WORDS or PUBLIC_FORMS.fullmatch(word) is not None
    return known or word in EMPTY or word in "rejected gateway batteries detail"


CARRIERS = ("{} says no", "at {}: lost", "<{}>", '{{"x": "{}"}}', "a/{}/b", "{}")
ALL_TABLES = Configuration(
    batteries=(BatterySettings(name="*", address="simulated:1"),),
    mqtt=MqttSettings(host="*"),
    influx=(InfluxSettings(url="http://*/"),),
    webhooks=(WebhookSettings(url="http://*/"),),
    proxies=(ProxySettings(host="*"),),
)
EMPTY = json.dumps([bundle.configured(ALL_TABLES)[0], bundle.versions(), CARRIERS], default=str).lower()
"""What a bundle says by itself."""


class Deaf(Air):
    """A machine of which nothing is known but what can be heard."""

    async def host(self) -> Host:
        return Host()


@st.composite
def planted(draw: st.DrawFn) -> dict[str, str]:
    """Return what an owner has that nobody else should see."""
    words = draw(st.lists(PLANTED, min_size=8, max_size=8, unique_by=lambda word: word.lower()))
    names = ("name", "serial", "host", "user", "password", "token", "secret", "computer")
    addresses = draw(st.lists(ADDRESSES, min_size=2, max_size=2, unique=True))
    return dict(zip(names, words, strict=True)) | {
        "address": addresses[0],
        "neighbour": addresses[1],
        "ip": draw(IPS),
    }


def gathered(own: dict[str, str], carrier: str) -> bundle.Gathered:
    """Return a bundle in which everything private is everywhere."""
    configuration = Configuration(
        batteries=(BatterySettings(name=own["name"], address=own["address"]),),
        mqtt=MqttSettings(host=own["host"], username=own["user"], password=own["password"]),
        influx=(InfluxSettings(url=f"http://{own['ip']}:8086/write?db=x", token=own["token"]),),
        webhooks=(WebhookSettings(url="http://localhost/", secret=own["secret"]),),
    )
    data, private = bundle.configured(configuration)
    said = [carrier.format(word) for word in own.values()]
    status: dict[str, Any] = {"batteries": [{"name": own["name"], "id": own["address"], "serial": own["serial"]}]}
    return bundle.Gathered(
        private=[*private, ("HOST", own["computer"])],
        files={
            "configuration.json": data,
            "gateway.json": status,
            "events.jsonl": [{"kind": "rejected", "detail": text} for text in said],
            "journal.txt": "\n".join(said) + json.dumps(own) + json.dumps(own, ensure_ascii=False),
        },
    )


@pytest.mark.slow
@given(own=planted(), carrier=st.sampled_from(CARRIERS))
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_nothing_private_survives(own: dict[str, str], carrier: str) -> None:
    text = "\n".join(redacted(gathered(own, carrier)).values()).lower()

    assert [kind for kind, word in own.items() if word.lower() in text] == []


@pytest.mark.slow
@given(own=planted(), carrier=st.sampled_from(CARRIERS))
@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
def test_nothing_private_survives_in_hundreds_of_bundles(own: dict[str, str], carrier: str) -> None:
    text = "\n".join(redacted(gathered(own, carrier)).values()).lower()

    assert [kind for kind, word in own.items() if word.lower() in text] == []


def test_the_same_address_is_the_same_pseudonym_in_every_file(tmp_path: Path) -> None:
    address = "C8:47:80:12:34:56"
    files = {"a.txt": f"lost {address}", "b.json": {"battery": address.lower()}, "c.jsonl": [{"x": "C84780123456"}]}
    texts = redacted(bundle.Gathered(files=files))

    assert texts["a.txt"] == "lost ADDRESS-1"
    assert json.loads(texts["b.json"]) == {"battery": "ADDRESS-1"}
    assert json.loads(texts["c.jsonl"]) == {"x": "ADDRESS-1"}


def test_only_its_owner_can_read_the_bundle(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    write(bundle.Gathered(files={"a.txt": "x"}), file)

    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_the_command_writes_one_file_with_everything(tmp_path: Path) -> None:
    file = tmp_path / "report.zip"
    config = tmp_path / "bmsreader.toml"
    config.write_text('[[battery]]\nname = "Janes"\naddress = "C8:47:80:12:34:56"\n')
    places = ["--control", str(tmp_path / "no.sock"), "--store", str(tmp_path / "no.db")]
    result = invoke("diagnostics", "-o", str(file), "-c", str(config), *places, machine=Deaf())

    assert (result.exit_code, result.stdout) == (0, f"{file}\n")
    with zipfile.ZipFile(file) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(texts) == {
        *("README.txt", "versions.json", "configuration.json", "doctor.json"),
        *("gateway.json", "history.json", "events.jsonl", "journal.txt"),
    }
    assert "no gateway runs here" in texts["gateway.json"]
    assert "Janes" not in "".join(texts.values())


def test_a_wrong_configuration_is_part_of_the_report(tmp_path: Path) -> None:
    config = tmp_path / "bmsreader.toml"
    config.write_text("[gateway]\ninterval = 'Janes'\n")
    file = tmp_path / "report.zip"
    places = ["--control", str(tmp_path / "no.sock"), "--store", str(tmp_path / "no.db"), "--seconds", "0"]
    result = invoke("diagnostics", "-o", str(file), "-c", str(config), *places)

    assert result.exit_code == 0
    with zipfile.ZipFile(file) as archive:
        text = archive.read("configuration.json").decode()
    assert "gateway.interval: must be a number" in text
    assert "Janes" not in text


def test_the_beginnings_of_advertised_names_come_from_the_descriptions() -> None:
    assert beginnings(["LT-12V*", "??-x", "V-12V-[0-9]*"]) == ["LT-12V", "V-12V-"]
