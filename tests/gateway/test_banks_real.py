"""A real `bmsreader run` with four simulated batteries in a bank, on a real broker: a pack leaves and comes back."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bmsreader.publishers.homeassistant import unique_id
from tests.cli import executable
from tests.gateway.service import Service
from tests.mosquitto import Mosquitto, needs_mosquitto
from tests.publishers.mqtt_listener import Listener, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), needs_mosquitto]

NAMES = ("Left", "Right", "Third", "Fourth")
BATTERIES = "".join(
    f'[[battery]]\nname = "{name}"\naddress = "simulated:{number}"\n' for number, name in enumerate(NAMES, start=1)
)
BANK = '[[bank]]\nname = "House"\narrangement = "series(parallel(left, right), parallel(third, fourth))"\n'
STATE = "bmsreader/house/state"
DISCOVERY = f"homeassistant/device/bmsreader_{unique_id('bank:house')}/config"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with Mosquitto(folder) as broker:
        yield broker


@pytest.fixture
def service(tmp_path: Path, broker: Mosquitto) -> Iterator[Service]:
    service = Service(tmp_path, batteries=4, broker=broker.port)
    service.configuration.write_text(service.configuration.read_text() + BATTERIES + BANK)
    service.start()
    yield service
    if service.runs:
        service.end(signal.SIGKILL)


def the_bank(status: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next((one for one in status["batteries"] if one["kind"] == "bank"), {})
    return found


def seen(status: dict[str, Any]) -> int:
    return len((the_bank(status).get("bank") or {"seen": ()})["seen"])


def test_a_bank_is_a_battery_to_the_broker_the_history_and_the_commands(service: Service, broker: Mosquitto) -> None:
    with Listener(broker.port) as listener:
        whole = the_bank(service.until(lambda status: seen(status) == 4 and the_bank(status)["reading"]))
        assert whole["state"] == "live"
        assert whole["reading"]["pack_voltage"] == pytest.approx(26.4, abs=1.0)
        eventually(lambda: json.loads(listener.last.get(STATE, "{}")).get("packs_seen") == 4)
        eventually(lambda: "midpoint_drift" in json.loads(listener.last.get(DISCOVERY, "{}")).get("components", {}))

        service.asked("release", battery="left", minutes=10)
        part = the_bank(service.until(lambda status: seen(status) == 3))
        assert part["state"] == "live"
        assert part["bank"]["words"].startswith("3 of 4 packs seen, 7")
        eventually(lambda: json.loads(listener.last[STATE])["packs_seen"] == 3)

        service.asked("release", battery="left", minutes=0)
        service.until(lambda status: seen(status) == 4)
        eventually(lambda: json.loads(listener.last[STATE])["packs_seen"] == 4)
        assert listener.payloads("bmsreader/house/history")

        service.configuration.write_text(service.configuration.read_text().replace(BANK, ""))
        answer = service.asked("reload")
        assert answer is not None
        assert "bank House removed" in answer["changes"]
        eventually(lambda: listener.last[STATE] == "" and listener.last[DISCOVERY] == "")
        assert service.until(lambda status: not the_bank(status))

    assert service.end() == 0
    assert len(service.stored()["bank:house"]) >= 3
    assert "bank:house" in service.lines.read_text()
    said = executable.run("events", "--store", str(service.history), "--battery", "house", "--kind", "packs")
    assert "all 4 packs seen" in said.stdout
    assert "3 of 4 packs seen" in said.stdout
    shown = executable.run("history", "show", "--store", str(service.history), "--battery", "house")
    assert shown.returncode == 0, shown.stderr
