"""What a broker's refusals mean for the owner; connections to real brokers are in test_mqtt_real."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from bmsreader.model.errors import PublishError
from bmsreader.publishers.mqtt_broker import Broker, default_client_id, may_be_too_new, refusal, tls_context
from bmsreader.publishers.mqtt_messages import Message
from tests.publishers.mqtt_batteries import MqttOptions


def answer(code: int) -> MqttConnectError:
    return MqttConnectError(ReasonCode(PacketTypes.CONNACK, identifier=code))


@pytest.mark.parametrize("code", [134, 135])
def test_a_wrong_password_is_named(code: int) -> None:
    assert refusal(answer(code)) == "refuses the user name or the password"


def test_other_refusals_are_quoted() -> None:
    assert refusal(answer(136)) == "refuses the connection: Server unavailable"


def test_silence_is_named() -> None:
    assert refusal(aiomqtt.MqttError("Operation timed out")) == "does not answer"
    assert refusal(aiomqtt.MqttError("no route")) == "cannot be reached: no route"


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no computer of this name is known"),
        (ConnectionRefusedError(111, "Connection refused"), "nothing listens there"),
        (OSError(113, "No route to host"), "No route to host"),
    ],
)
def test_why_a_broker_cannot_be_reached_is_said_without_numbers(cause: OSError, words: str) -> None:
    def connect() -> None:  # as aiomqtt does it
        try:
            raise cause
        except OSError as error:
            raise aiomqtt.MqttError(str(error)) from None

    with pytest.raises(aiomqtt.MqttError) as caught:
        connect()

    assert refusal(caught.value) == f"cannot be reached: {words}"


def test_an_old_broker_is_asked_again_in_its_own_version() -> None:
    assert may_be_too_new(answer(132))
    assert may_be_too_new(aiomqtt.MqttError("Operation timed out"))
    assert may_be_too_new(aiomqtt.MqttError("it closes the connection without an answer"))


def test_a_wrong_password_or_an_absent_broker_is_not_asked_again() -> None:
    assert not may_be_too_new(answer(135))
    assert not may_be_too_new(aiomqtt.MqttError("Connection refused"))


def test_the_client_id_is_the_same_at_each_start_and_short_enough_for_old_brokers() -> None:
    assert default_client_id("bms") == default_client_id("bms")
    assert default_client_id("bms") != default_client_id("garage")
    assert len(default_client_id("bms")) <= 23
    assert Broker(MqttOptions(client_id="mine")).client_id == "mine"


def test_the_port_follows_from_tls() -> None:
    assert Broker(MqttOptions(host="box")).where == "box:1883"
    assert Broker(MqttOptions(host="box", tls=True)).where == "box:8883"
    assert Broker(MqttOptions(host="box", tls=True, port=1)).where == "box:1"


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"cannot be used \(.*none\.pem\)"):
        tls_context(MqttOptions(tls=True, ca_file=tmp_path / "none.pem"))


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.pem").write_text("no certificate")

    with pytest.raises(PublishError, match=r"mine\.pem"):
        tls_context(MqttOptions(tls=True, certificate_file=tmp_path / "mine.pem"))


def test_a_socket_that_is_closed_before_its_turn_is_not_waited_for() -> None:
    troubles: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: troubles.append(context))
        client = Broker(MqttOptions())._client(Message("bridge/state", "offline"), aiomqtt.ProtocolVersion.V5, None)
        with socket.socket() as closing:
            client._on_socket_register_write(None, None, closing)
        await asyncio.sleep(0)

    asyncio.run(main())

    assert troubles == []
