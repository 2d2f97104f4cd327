"""From a reading to the message at a subscriber of a real MQTT broker, and what a reading costs on the way.

python -m benchmarks mqtt      needs mosquitto (.ci/run installs it)
"""

import asyncio
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.measure import Verdict, print_table, print_verdicts
from bmsreader.model.battery import Snapshot
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.mqtt import MqttPublisher
from tests.mosquitto import PROGRAM, Mosquitto
from tests.publishers.mqtt_batteries import MqttOptions, Orders, a_feed, a_reading, a_snapshot, an_info

BATTERIES = 64
CELLS = 16
ROUNDS = 15
LATENCY_LIMIT = 5.0
COST_LIMIT = 1.0


class Ear:
    """A subscriber that notes when it hears something, in a thread of its own."""

    def __init__(self, port: int, topic: str) -> None:
        self.heard = threading.Event()
        self.at = 0.0
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
        self._client.on_message = lambda *_: self._hear()
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(topic, 1)
        self._client.loop_start()

    def _hear(self) -> None:
        self.at = time.perf_counter()
        self.heard.set()

    def close(self) -> None:
        """End the subscription."""
        self._client.disconnect()
        self._client.loop_stop()


def snapshots(number: int) -> list[Snapshot]:
    """Return the batteries in a round: every cell, the current and the counters have changed."""
    found = []
    for n in range(BATTERIES):
        info = an_info(id=f"AA:BB:CC:DD:EE:{n:02X}", slug=f"battery-{n}", name=f"Battery {n}", cells=CELLS)
        cells = tuple(round(3.2 + 0.001 * ((7 * number + cell + n) % 90), 3) for cell in range(CELLS))
        at = datetime.now(UTC)
        reading = a_reading(cell_voltages=cells, pack_voltage=sum(cells), current=-5.0 - number % 7, taken_at=at)
        found.append(replace(a_snapshot(info, reading=reading), at=at + timedelta(milliseconds=1)))
    return found


@contextmanager
def broker() -> Iterator[Mosquitto]:
    """Run a broker in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, Mosquitto(Path(folder)) as running:
        yield running


async def begun(publisher: MqttPublisher) -> None:
    """Return when the publisher has told everything."""
    while True:
        await asyncio.sleep(0.01)
        if publisher.health().ok:
            return


async def heard(ear: Ear) -> float:
    """Return when the subscriber heard something; look rarely, so that it is not kept from hearing."""
    while True:
        await asyncio.sleep(0.002)
        if ear.heard.is_set():
            return ear.at


async def latencies(port: int) -> list[float]:
    """Return the seconds from putting a snapshot into the feed to the subscriber's callback."""
    publisher = MqttPublisher(MqttOptions(port=port), version="0")
    feed, found = a_feed(*snapshots(0)), []
    ear = Ear(port, "bmsreader/battery-1/state")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(publisher.run(feed, Orders()))
        await begun(publisher)
        for number in range(300):
            await asyncio.sleep(0.01)
            ear.heard.clear()
            snapshot = snapshots(number)[1]
            begin = time.perf_counter()
            feed.put(snapshot)
            found.append(await heard(ear) - begin)
        running.cancel()
    ear.close()
    return found[20:]


async def cost(options: MqttOptions) -> float:
    """Return the seconds of this process's CPU time for one reading: 64 batteries in a second, as in real life."""
    publisher = MqttPublisher(options, version="0")
    rounds = [snapshots(number) for number in range(ROUNDS)]
    feed = a_feed(*rounds[0])
    async with asyncio.TaskGroup() as group:
        running = group.create_task(publisher.run(feed, Orders()))
        await begun(publisher)
        before = time.process_time()
        for batteries in rounds:
            await spread(feed, batteries)
        used = time.process_time() - before
        running.cancel()
    return used / ROUNDS / BATTERIES


async def spread(feed: Feed, batteries: list[Snapshot]) -> None:
    """Feed one battery after the other, evenly over a quarter of a second."""
    for snapshot in batteries:
        feed.put(snapshot)
        await asyncio.sleep(0.25 / BATTERIES)


def main() -> list[Verdict]:
    """Measure; print the figures and return what they say about the promises."""
    if PROGRAM is None:
        print("\nMQTT: not measured, because mosquitto is missing (.ci/run installs it)")
        return []
    with broker() as running:
        times = asyncio.run(latencies(running.port))
    kinds = {
        "state and Home Assistant": MqttOptions(),
        "... and Venus OS": MqttOptions(venus=True),
        "... and one topic per value": MqttOptions(venus=True, values=True),
    }
    costs = {}
    for name, options in kinds.items():
        with broker() as running:
            costs[name] = asyncio.run(cost(replace(options, port=running.port)))
    usual = costs["... and Venus OS"]
    median = statistics.median(times) * 1e3
    print_table(
        f"From a reading to a subscriber of mosquitto in ms ({len(times)} readings, {BATTERIES} batteries known)",
        ("", "min", "median", "max"),
        [("QoS 1", *(f"{f(times) * 1e3:.2f}" for f in (min, statistics.median, max)))],
    )
    print_table(
        f"CPU for one reading of {CELLS} cells in ms: {BATTERIES} batteries, QoS 1",
        ("", "ms"),
        [(name, f"{used * 1e3:.3f}") for name, used in costs.items()],
    )
    verdicts = [
        Verdict(promise="reading to MQTT subscriber, median, ms", measured=median, limit=LATENCY_LIMIT),
        Verdict(
            promise="CPU of a reading with state, Home Assistant and Venus OS, ms",
            measured=usual * 1e3,
            limit=COST_LIMIT,
        ),
    ]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
