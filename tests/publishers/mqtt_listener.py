"""Somebody else on the broker, for tests: hears everything, and says what a house automation says."""

import time
from collections.abc import Callable
from typing import Any, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion


class Listener:
    """A client in a thread of its own, so that it sees what happens while the test is busy."""

    def __init__(self, port: int, **credentials: Any) -> None:
        self.heard: list[tuple[float, str, str, bool]] = []
        """When, topic, payload, retained."""
        self.last: dict[str, str] = {}
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
        if credentials:
            self._client.username_pw_set(**credentials)
        self._client.on_connect = lambda client, *_: client.subscribe("#", 1)
        self._client.on_message = self._hear
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)

    def _hear(self, client: Any, userdata: Any, message: paho.MQTTMessage) -> None:
        payload = message.payload.decode()
        self.heard.append((time.monotonic(), message.topic, payload, message.retain))
        self.last[message.topic] = payload

    def __enter__(self) -> Self:
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Publish, and return when the broker has it."""
        self._client.publish(topic, payload, 1, retain).wait_for_publish(5)

    def payloads(self, topic: str) -> list[str]:
        """Return all payloads heard on a topic, in order."""
        return [payload for _, heard, payload, _ in self.heard if heard == topic]


def eventually(holds: Callable[[], object], seconds: float = 10.0) -> float:
    """Wait until something holds; return the seconds that it took. Fail when it never does."""
    begin = time.monotonic()
    while not holds():
        assert time.monotonic() - begin < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - begin
