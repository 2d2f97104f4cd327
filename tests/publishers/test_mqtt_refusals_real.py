"""The publisher over TLS, with brokers of the old days, and with some that lie; all on real sockets."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mosquitto import Mosquitto, needs_mosquitto
from tests.publishers.mqtt_batteries import MqttOptions, a_reading, a_snapshot
from tests.publishers.mqtt_certificates import Authority
from tests.publishers.mqtt_gateway import a_gateway
from tests.publishers.mqtt_liars import Manner, NeverAcknowledges, OldBroker, lying
from tests.publishers.mqtt_listener import Listener, eventually

pytestmark = [pytest.mark.slow, needs_mosquitto, pytest.mark.timeout(90)]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def tls_broker(tmp_path: Path, authority: Authority) -> Iterator[Mosquitto]:
    certificate, key = authority.sign("broker")
    lines = (f"cafile {authority.file}", f"certfile {certificate}", f"keyfile {key}", "require_certificate true")
    with Mosquitto(tmp_path, *lines) as broker:
        yield broker


def test_tls_with_a_client_certificate(tls_broker: Mosquitto, authority: Authority) -> None:
    certificate, key = authority.sign("client")
    settings = MqttOptions(
        port=tls_broker.port, tls=True, ca_file=authority.file, certificate_file=certificate, key_file=key
    )
    with a_gateway(settings, a_snapshot()) as gateway:
        eventually(lambda: gateway.publisher.health().ok)

    assert gateway.problems == []
    assert gateway.loop_troubles == []


def test_a_broker_that_nobody_vouches_for_is_not_trusted(tls_broker: Mosquitto, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "stranger")
    certificate, key = stranger.sign("client")
    settings = MqttOptions(
        port=tls_broker.port, tls=True, ca_file=stranger.file, certificate_file=certificate, key_file=key
    )
    with a_gateway(settings, a_snapshot()) as gateway:
        eventually(lambda: gateway.problems)
    with a_gateway(replace(settings, ca_file=None), a_snapshot()) as by_the_system:
        eventually(lambda: by_the_system.problems)

    assert "its certificate is not trusted" in gateway.problems[0]
    assert "its certificate is not trusted" in by_the_system.problems[0]


def test_without_its_certificate_a_client_is_not_let_in(tls_broker: Mosquitto, authority: Authority) -> None:
    settings = MqttOptions(port=tls_broker.port, tls=True, ca_file=authority.file)
    with a_gateway(settings, a_snapshot()) as gateway:
        eventually(lambda: gateway.problems, seconds=20)

    assert gateway.problems[0].startswith(f"the MQTT broker at 127.0.0.1:{tls_broker.port}")
    assert gateway.loop_troubles == []


@pytest.mark.parametrize("manner", ["refuses the version", "hangs up", "says nothing"])
def test_an_old_broker_is_spoken_to_in_its_own_version(tmp_path: Path, manner: Manner) -> None:
    with (
        Mosquitto(tmp_path) as behind,
        lying(OldBroker(behind.port, manner)) as old,
        a_gateway(MqttOptions(port=old.port), a_snapshot()) as gateway,
        Listener(behind.port) as house,
    ):
        eventually(lambda: gateway.publisher.health().ok, seconds=20)
        assert old.versions == [5, 4]
        assert '"mqtt":"3.1.1"' in house.last["bmsreader/bridge/info"]
        behind.stop()
        eventually(lambda: gateway.problems)
        behind.start()
        eventually(lambda: gateway.publisher.health().ok, seconds=20)

    assert (5 in old.versions[2:]) == (manner == "says nothing")  # it may just have been slow: it is asked again
    assert gateway.loop_troubles == []


def test_a_broker_that_accepts_and_never_acknowledges_is_left_in_bounded_time() -> None:
    with lying(NeverAcknowledges()) as liar, a_gateway(MqttOptions(port=liar.port), a_snapshot()) as gateway:
        for soc in range(100):
            gateway.put(a_snapshot(reading=a_reading(soc=float(soc))))
        eventually(lambda: gateway.problems, seconds=30)
        eventually(lambda: len(liar.versions) > 1, seconds=10)

    assert "has not acknowledged any for 10 s" in gateway.problems[0]
    assert gateway.loop_troubles == []
