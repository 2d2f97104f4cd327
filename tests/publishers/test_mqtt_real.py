"""The publisher on a real mosquitto, through everything that happens to brokers and gateways."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.model.errors import PublishError
from bmsreader.publishers.mqtt_broker import default_client_id
from tests.mosquitto import Mosquitto, free_port, needs_mosquitto
from tests.publishers.mqtt_batteries import START, MqttOptions, a_reading, a_snapshot, an_info, lost
from tests.publishers.mqtt_gateway import SmallGateway, a_gateway
from tests.publishers.mqtt_listener import Listener, eventually
from tests.publishers.test_mqtt_alarms import LOW

pytestmark = [pytest.mark.slow, needs_mosquitto, pytest.mark.timeout(90)]

BRIDGE = "bmsreader/bridge/state"
STATE, AVAILABILITY, HISTORY = (f"bmsreader/cellar/{last}" for last in ("state", "availability", "history"))
DISCOVERY = "homeassistant/device/bmsreader_aabbccddee01/config"
READINGS = [a_reading(taken_at=START + timedelta(seconds=n), soc=n % 100) for n in range(3600)]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path) as broker:
        yield broker


def is_online(listener: Listener) -> bool:
    return listener.last.get(BRIDGE) == "online" and listener.last.get(AVAILABILITY) == "online"


def retained(broker: Mosquitto) -> dict[str, str]:
    """Return what a newcomer finds."""
    with Listener(broker.port) as newcomer:
        eventually(lambda: BRIDGE in newcomer.last)
        time.sleep(0.2)
        return dict(newcomer.last)


def deliver_all(gateway: SmallGateway, patience: float = 30.0) -> int:
    """Deliver an hour of readings as the gateway does: again where it failed. Return how often it did."""
    failures, done, begin = 0, 0, time.monotonic()
    while done < len(READINGS):
        batch = READINGS[done : done + gateway.publisher.batch]
        try:
            gateway.call(gateway.publisher.deliver(an_info(), batch)).result(30)
            done += len(batch)
        except PublishError:
            failures += 1
            assert time.monotonic() - begin < patience
            time.sleep(0.1)
    return failures


def test_a_battery_is_on_the_broker_within_a_second(broker: Mosquitto) -> None:
    with Listener(broker.port) as house, a_gateway(MqttOptions(port=broker.port), a_snapshot()) as gateway:
        assert eventually(lambda: is_online(house)) < 1
        assert eventually(lambda: gateway.publisher.health().ok) < 1
        assert json.loads(retained(broker)[STATE])["soc"] == 80.0
        assert DISCOVERY in retained(broker)
        gateway.put(lost(a_snapshot()))
        eventually(lambda: house.last[AVAILABILITY] == "offline")
        assert json.loads(house.last[STATE])["soc"] is None

    assert gateway.problems == []
    assert gateway.loop_troubles == []


def test_a_stopped_gateway_says_goodbye_at_once(broker: Mosquitto) -> None:
    with Listener(broker.port) as house:
        with a_gateway(MqttOptions(port=broker.port), a_snapshot()):
            eventually(lambda: is_online(house))
            begin = time.monotonic()

        assert time.monotonic() - begin < 1
        left = retained(broker)
        assert (left[BRIDGE], left[AVAILABILITY]) == ("offline", "offline")
        assert json.loads(left[STATE])["soc"] is None
    assert f"Client {default_client_id('bmsreader')} disconnected." in broker.log()


def test_a_restarted_broker_has_everything_again(broker: Mosquitto) -> None:
    with a_gateway(MqttOptions(port=broker.port), a_snapshot()) as gateway, Listener(broker.port) as house:
        eventually(lambda: is_online(house))
        broker.stop()
        eventually(lambda: not gateway.publisher.health().ok)
        house.last.clear()
        broker.start()
        eventually(lambda: gateway.publisher.health().ok)
        eventually(lambda: is_online(house) and DISCOVERY in house.last)

    assert gateway.loop_troubles == []


def test_a_wiped_broker_has_everything_again(broker: Mosquitto) -> None:
    with a_gateway(MqttOptions(port=broker.port), a_snapshot()) as gateway:
        eventually(lambda: gateway.publisher.health().ok)
        before = retained(broker)
        broker.stop(signal.SIGKILL)
        broker.wipe()
        broker.start()
        eventually(lambda: len(gateway.problems) > 0 and gateway.publisher.health().ok)
        eventually(lambda: set(retained(broker)) == set(before))

    assert gateway.loop_troubles == []


def test_every_reading_arrives_although_the_broker_is_killed_and_stays_away(broker: Mosquitto) -> None:
    settings = MqttOptions(port=broker.port, history=True)
    with a_gateway(settings, a_snapshot()) as gateway, Listener(broker.port) as house:
        eventually(lambda: gateway.publisher.health().ok)
        eventually(lambda: is_online(house))
        half = len(READINGS) // 2
        gateway.call(gateway.publisher.deliver(an_info(), READINGS[:half])).result(30)
        eventually(lambda: len(house.payloads(HISTORY)) == half)
        broker.stop(signal.SIGKILL)
        eventually(lambda: not gateway.publisher.health().ok)
        waiting = gateway.call(gateway.publisher.deliver(an_info(), READINGS[half:]))
        time.sleep(1)
        assert not waiting.done()
        broker.start()
        eventually(lambda: gateway.publisher.health().ok)
        eventually(lambda: is_online(house))
        waiting.result(30)
        time.sleep(0.5)  # the listener, too, has to be back: what it does not hear is not kept for it
        assert deliver_all(gateway) == 0
        wanted = {reading.taken_at for reading in READINGS}
        eventually(lambda: len(set(house.payloads(HISTORY))) == len(wanted))

    times = [json.loads(payload)["taken_at"] for payload in house.payloads(HISTORY)]
    assert times[-len(READINGS) :] == sorted(times[-len(READINGS) :])
    assert gateway.loop_troubles == []


def test_a_history_is_no_slower_than_the_broker(broker: Mosquitto) -> None:
    with a_gateway(MqttOptions(port=broker.port, history=True), a_snapshot()) as gateway:
        eventually(lambda: gateway.publisher.health().ok)
        begin = time.monotonic()
        deliver_all(gateway)

        assert time.monotonic() - begin < 20


def test_a_broker_that_hangs_is_noticed_and_used_again_when_it_wakes(broker: Mosquitto) -> None:
    with a_gateway(MqttOptions(port=broker.port), a_snapshot()) as gateway, Listener(broker.port) as house:
        eventually(lambda: is_online(house))
        broker.freeze()
        gateway.put(a_snapshot(reading=a_reading(soc=50.0)))
        eventually(lambda: not gateway.publisher.health().ok, seconds=20)
        broker.thaw()
        eventually(lambda: gateway.publisher.health().ok and is_online(house), seconds=20)
        eventually(lambda: json.loads(house.last[STATE])["soc"] == 50.0)

    assert "has not acknowledged any for 10 s" in gateway.problems[0]
    assert gateway.loop_troubles == []


def test_a_wrong_password_is_named(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "bms", "right"], check=True)
    passwords.chmod(0o600)
    with Mosquitto(tmp_path, f"password_file {passwords}", anonymous=False) as broker:
        settings = MqttOptions(port=broker.port, username="bms", password="wrong")
        with a_gateway(settings, a_snapshot()) as gateway:
            eventually(lambda: gateway.problems)
        with a_gateway(replace(settings, password="right"), a_snapshot()) as let_in:
            eventually(lambda: let_in.publisher.health().ok)

    assert gateway.problems[0] == f"the MQTT broker at 127.0.0.1:{broker.port} refuses the user name or the password"
    assert gateway.loop_troubles == []


def test_an_absent_broker_is_named() -> None:
    port = free_port()
    with a_gateway(MqttOptions(port=port), a_snapshot()) as gateway:
        eventually(lambda: len(gateway.problems) > 2)

    assert gateway.problems[0].startswith(f"the MQTT broker at 127.0.0.1:{port} cannot be reached:")


def test_what_the_broker_forbids_is_named_and_no_reading_counts_as_delivered(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.write_text("topic readwrite bmsreader/bridge/#\ntopic readwrite bmsreader/cellar/state\ntopic read #\n")
    rules.chmod(0o600)
    with Mosquitto(tmp_path, f"acl_file {rules}") as broker:
        settings = MqttOptions(port=broker.port, history=True)
        with a_gateway(settings, a_snapshot()) as gateway:
            eventually(lambda: "refuses messages on homeassistant/" in gateway.publisher.health().problem)
            with pytest.raises(PublishError, match=f"refuses messages on {HISTORY}: Not authorized"):
                gateway.call(gateway.publisher.deliver(an_info(), READINGS[:3])).result(30)

    assert gateway.problems == []


@pytest.fixture
def killed_gateway(broker: Mosquitto) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tests.publishers.mqtt_gateway", str(broker.port), "5"]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def test_a_killed_gateway_is_offline_at_once(broker: Mosquitto, killed_gateway: "subprocess.Popen[bytes]") -> None:
    with Listener(broker.port) as house:
        eventually(lambda: is_online(house))
        killed_gateway.kill()

        assert eventually(lambda: house.last[BRIDGE] == "offline") < 2


def test_a_frozen_gateway_is_offline_within_one_and_a_half_keepalives(
    broker: Mosquitto, killed_gateway: "subprocess.Popen[bytes]"
) -> None:
    with Listener(broker.port) as house:
        eventually(lambda: is_online(house))
        killed_gateway.send_signal(signal.SIGSTOP)

        took = eventually(lambda: house.last[BRIDGE] == "offline", seconds=20)
        assert took < 5 * 1.5 + 6  # mosquitto looks every 5 s for clients that are silent for too long
        killed_gateway.send_signal(signal.SIGCONT)
        eventually(lambda: is_online(house))


def test_a_terminated_gateway_ends_well(broker: Mosquitto, killed_gateway: "subprocess.Popen[bytes]") -> None:
    with Listener(broker.port) as house:
        eventually(lambda: is_online(house))
        killed_gateway.terminate()

        assert eventually(lambda: (house.last[BRIDGE], house.last[AVAILABILITY]) == ("offline", "offline")) < 2
        assert killed_gateway.wait(5) == 0


def test_home_assistants_start_is_answered(broker: Mosquitto) -> None:
    with a_gateway(MqttOptions(port=broker.port), a_snapshot()), Listener(broker.port) as house:
        eventually(lambda: is_online(house))
        house.heard.clear()
        house.say("homeassistant/status", "online")

        assert eventually(lambda: {DISCOVERY, STATE, AVAILABILITY} <= {topic for _, topic, _, _ in house.heard}) < 1


def test_commands_come_in(broker: Mosquitto) -> None:
    with a_gateway(MqttOptions(port=broker.port), a_snapshot()) as gateway, Listener(broker.port) as house:
        eventually(lambda: is_online(house))
        house.say("bmsreader/cellar/refresh", "1")
        house.say("bmsreader/cellar/release", "5")
        eventually(lambda: len(gateway.orders.asked) == 2)

    assert gateway.orders.asked == [("refresh", "cellar", 0.0), ("release", "cellar", 5.0)]


def test_a_battery_of_an_earlier_run_is_removed(broker: Mosquitto) -> None:
    boat = a_snapshot(an_info(id="AA:BB:CC:DD:EE:02", name="Boat", slug="boat"))
    settings = MqttOptions(port=broker.port, values=True)
    with a_gateway(settings, a_snapshot(), boat) as first:
        eventually(lambda: first.publisher.health().ok)
    with a_gateway(settings, a_snapshot(), forget_after=1.0) as second:
        eventually(lambda: second.publisher.health().ok)
        assert "bmsreader/boat/state" in retained(broker)
        eventually(lambda: not any("boat" in topic or "ee02" in topic for topic in retained(broker)))
        assert DISCOVERY in retained(broker)


def test_thousands_of_retained_messages_are_all_read_back(broker: Mosquitto) -> None:
    batteries = [
        a_snapshot(an_info(id=f"AA:BB:CC:DD:EE:{n:02X}", slug=f"b{n}", name=f"B{n}", cells=16)) for n in range(64)
    ]
    with a_gateway(MqttOptions(port=broker.port, discovery="component", values=True), *batteries) as first:
        eventually(lambda: first.publisher.health().ok, seconds=30)
    with a_gateway(MqttOptions(port=broker.port, discovery="off"), forget_after=0.5) as second:
        eventually(lambda: second.publisher.health().ok, seconds=30)
        eventually(lambda: set(retained(broker)) == {BRIDGE, "bmsreader/bridge/info"}, seconds=30)


def test_an_alarm_is_an_event_and_stays_on_the_list_over_a_restart_of_the_broker(broker: Mosquitto) -> None:
    open_alarms, event = "bmsreader/cellar/alarms", "bmsreader/cellar/alarm"
    with Listener(broker.port) as listener:
        with a_gateway(MqttOptions(port=broker.port), a_snapshot()) as gateway:
            eventually(lambda: listener.last.get(open_alarms) == "[]" and is_online(listener))
            gateway.put(a_snapshot(alarms=(LOW,)))
            eventually(lambda: listener.payloads(event))
            broker.stop(signal.SIGKILL)
            heard = len(listener.payloads(open_alarms))
            broker.start()
            eventually(lambda: len(listener.payloads(open_alarms)) > heard and is_online(listener), 30.0)

            assert json.loads(listener.last[open_alarms])[0]["name"] == "low_charge"
            assert [json.loads(one)["event_type"] for one in listener.payloads(event)] == ["raised"]
        assert open_alarms not in retained(broker)
