"""What goes into a diagnostics bundle."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bmsreader.cli import bundle
from bmsreader.configuration import Configuration
from bmsreader.configuration.settings import BatterySettings, InfluxSettings, MqttSettings, WebhookSettings
from bmsreader.model.errors import ConfigurationError
from bmsreader.model.record import Record
from bmsreader.store import Store


def test_versions_say_what_runs_and_not_on_whose_computer() -> None:
    found = bundle.versions()

    assert found["libraries"]["bleak"]
    assert "node" not in found


def test_a_configuration_tells_what_in_it_is_private() -> None:
    configuration = Configuration(
        batteries=(BatterySettings(name="Left one", address="C8:47:80:12:34:56", id="old-key"),),
        mqtt=MqttSettings(host="broker.example", username="jane", password="hunter2"),
        influx=(InfluxSettings(url="https://jane2:pw@db.example:8086/write?db=janes&p=hunter3"),),
        webhooks=(WebhookSettings(url="https://hooks.example/services/T0000000000000"),),
    )
    data, private = bundle.configured(configuration)
    words = {word for _, word in private}

    assert {"Left one", "C8:47:80:12:34:56", "old-key", "broker.example", "jane", "hunter2"} <= words
    assert {"jane2", "pw", "db.example", "janes", "hunter3", "hooks.example", "T0000000000000"} <= words
    assert "hunter" not in str(data)


def test_a_wrong_configuration_is_told_without_what_the_owner_wrote() -> None:
    error = ConfigurationError("/home/jane/x.toml:3: battery.0.name: 'Jane' and \"It's\" are the name of another too")

    assert bundle.without_values(error) == [
        "configuration:3: battery.0.name: '...' and '...' are the name of another too"
    ]


def test_without_a_gateway_it_says_so(tmp_path: Path) -> None:
    status, events = bundle.gateway(tmp_path / "control.sock")

    assert "no gateway runs here" in status["problem"]
    assert events == ()


def test_without_a_history_it_says_so(tmp_path: Path) -> None:
    assert bundle.store_records(tmp_path / "none") == ({"problem": "there is no history file"}, ())


def test_a_history_gives_its_size_and_its_records(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    with Store(file) as store:
        store.note(Record(at=datetime(2026, 3, 1, tzinfo=UTC), kind="connected", battery="C8:47:80:12:34:56"))
        store.commit()
    summary, records = bundle.store_records(file)

    assert summary["bytes"] > 0
    assert [record["kind"] for record in records] == ["connected"]


def test_a_history_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    file.write_bytes(b"no database at all, but long enough to look at" * 100)
    summary, records = bundle.store_records(file)

    assert summary["problem"]
    assert records == ()


def test_without_a_journal_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert bundle.journal() == "journalctl is not installed here\n"


def test_facts_of_the_machine_are_about_bluetooth() -> None:
    assert {"bluetooth_adapters", "container", "systemd"} <= set(bundle.machine_facts())


def test_events_are_one_object_in_each_line() -> None:
    assert bundle.lines([{"kind": "connected"}, {"kind": "lost"}]) == '{"kind": "connected"}\n{"kind": "lost"}\n'
