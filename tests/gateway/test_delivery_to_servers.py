"""Deliveries over real connections: to servers that misbehave, and to a real InfluxDB that comes and goes."""

import asyncio
import json
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.configuration.settings import InfluxSettings, LinesSettings, WebhookSettings
from bmsreader.gateway import delivery as module
from bmsreader.gateway.delivery import Delivery, History
from bmsreader.model import Record
from bmsreader.publishers.influx import InfluxPublisher
from bmsreader.publishers.lines import LinesPublisher
from bmsreader.publishers.publisher import DurablePublisher
from bmsreader.publishers.webhook import WebhookPublisher
from bmsreader.store import Store
from tests.clock import START
from tests.gateway.remembered import BOAT, HOUSE, Remembered, reading, series
from tests.publishers.web import Request, says, web
from tests.servers import free_port, influxdb, needs, post, victoriametrics

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

FIRST_MS = 1772366400000


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.2)


@dataclass
class Delivered:
    """What came out of some deliveries."""

    deliveries: list[Delivery]
    records: list[Record] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return self.deliveries[0].health().refused


def deliver(
    history: History,
    *publishers: DurablePublisher,
    until: Callable[[list[Delivery]], bool] = lambda all_of_them: all(map(done, all_of_them)),
    seconds: float = 30.0,
) -> Delivered:
    """Deliver in real time until everything has arrived, or something else is true."""

    async def main() -> Delivered:
        result = Delivered([])
        result.deliveries = [
            Delivery(one, history, batteries=lambda: [HOUSE, BOAT], on_record=result.records.append)
            for one in publishers
        ]
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one.run()) for one in result.deliveries]
            for _ in range(int(100 * seconds)):
                if until(result.deliveries):
                    break
                await asyncio.sleep(0.01)
            else:
                pytest.fail(f"not delivered in time: {[one.health() for one in result.deliveries]}")
            for task in running:
                task.cancel()
        return result

    return asyncio.run(main())


def done(delivery: Delivery) -> bool:
    health = delivery.health()
    return health.ok and health.backlog == 0 and health.delivered > 0


def influx(url: str, *, name: str = "influx", timeout: float = 5.0) -> InfluxPublisher:
    return InfluxPublisher(InfluxSettings(url=url, name=name, timeout=timeout))


def seconds_in(body: bytes) -> list[int]:
    """Return the times of all lines of a body, in s since the first reading."""
    return [(int(line.rpartition(b" ")[2]) - FIRST_MS) // 1000 for line in body.splitlines()]


def test_an_endpoint_that_hangs_is_tried_again() -> None:
    def hang_at_first(request: Request, connection: socket.socket) -> bytes | None:
        if len(server.requests) <= 2:
            server.stopping.wait(5)
            return None
        return says(204)

    with web(hang_at_first) as server:
        result = deliver(Remembered(*series(10)), influx(server.address + "/write", timeout=0.1))

    assert seconds_in(server.bodies[-1]) == [*range(10)]
    assert [record.kind for record in result.records] == ["delivery failed", "delivery back"]
    assert "did not answer within 0.1 s" in result.records[0].detail


def test_an_endpoint_that_answers_500_is_tried_again_with_the_same_readings() -> None:
    with web(lambda request, connection: says(204 if len(server.requests) > 3 else 500)) as server:
        deliver(Remembered(*series(10)), influx(server.address + "/write"))

    assert [seconds_in(body) for body in server.bodies] == [[*range(10)]] * 4


def test_an_endpoint_that_closes_in_the_middle_of_an_answer_is_tried_again() -> None:
    def cut(request: Request, connection: socket.socket) -> bytes | None:
        if len(server.requests) > 3:
            return says(200, "thanks")
        connection.sendall(says(200, "thanks")[:-3])
        return None

    with web(cut) as server:
        result = deliver(Remembered(*series(10)), influx(server.address + "/write"))

    assert len(server.requests) == 4
    assert "in the middle of an answer" in result.records[0].detail


def test_an_endpoint_that_answers_400_for_one_bad_row_gets_all_others() -> None:
    taken: list[str] = []

    def picky(request: Request, connection: socket.socket) -> bytes:
        times = [one["taken_at"] for one in json.loads(request.body)["readings"]]
        if "2026-03-01T12:00:37Z" in times:
            return says(400, "I do not like second 37")
        taken.extend(times)
        return says(200)

    with web(picky) as server:
        result = deliver(Remembered(*series(100)), WebhookPublisher(WebhookSettings(url=server.address)))

    assert len(set(taken)) == 99
    assert result.refused == 1
    assert "400: I do not like second 37" in result.records[0].detail


def test_an_endpoint_that_takes_no_more_than_a_few_kilobytes_gets_small_posts() -> None:
    def small(request: Request, connection: socket.socket) -> bytes:
        return says(413) if len(request.body) > 10_000 else says(204)

    with web(small) as server:
        result = deliver(Remembered(*series(500)), influx(server.address + "/write"))

    assert result.refused == 0
    assert [second for body in server.bodies if len(body) <= 10_000 for second in seconds_in(body)] == [*range(500)]


def test_a_destination_that_hangs_delays_no_other(tmp_path: Path) -> None:
    def hang(request: Request, connection: socket.socket) -> None:
        server.stopping.wait(30)

    with web(hang) as server:
        dead = [influx(server.address + "/write", name=f"dead {number}", timeout=30) for number in range(20)]
        began = time.monotonic()
        deliver(
            Remembered(*series(5000)),
            LinesPublisher(LinesSettings(path=tmp_path / "readings.jsonl")),
            *dead,
            until=lambda all_of_them: done(all_of_them[0]),
        )

    assert time.monotonic() - began < 10
    assert len((tmp_path / "readings.jsonl").read_text().splitlines()) == 5000


@needs("influxd")
def test_influxdb_gets_every_reading_of_every_battery_once(tmp_path: Path) -> None:
    history = Remembered(*series(5000, HOUSE), *series(7000, BOAT))
    with influxdb(tmp_path) as server:
        deliver(history, influx(server.write_url))
        history.positions.clear()  # as if nothing had been remembered: everything is sent again
        deliver(history, influx(server.write_url))

        assert server.count() == 12_000
        rows = server.query("SELECT COUNT(soc) FROM battery GROUP BY battery")
        assert sorted(row[1] for row in rows) == [5000, 7000]


@needs("influxd", "victoria-metrics")
def test_influxdb_and_victoriametrics_have_as_many_readings_as_the_store(tmp_path: Path) -> None:
    day = module.utc_now() - timedelta(days=1)
    with (
        Store(tmp_path / "history.db") as store,
        influxdb(tmp_path / "influxdb") as one,
        victoriametrics(tmp_path / "victoria") as other,
    ):
        for number, each in enumerate([*series(9000, HOUSE, begin=day), *series(4000, BOAT, begin=day)]):
            store.append(each)
            if number % 700 == 0:
                store.commit()
        stored = {battery.id: len([*store.readings(battery.id, day, module.utc_now())]) for battery in (HOUSE, BOAT)}

        deliver(store, influx(one.write_url, name="one"), influx(other.address + "/write", name="other"))

        rows = one.query("SELECT COUNT(soc) FROM battery GROUP BY id")
        assert sorted(row[1] for row in rows) == sorted(stored.values()) == [4000, 9000]
        for battery in (HOUSE, BOAT):
            times, _ = other.export(f'{{__name__="battery_soc",battery="{battery.slug}"}}')["battery_soc"]
            assert len(times) == len(set(times)) == stored[battery.id]


@needs("influxd")
def test_influxdb_may_be_killed_and_come_back_and_has_every_reading(tmp_path: Path) -> None:
    port = free_port()
    history = Remembered(*series(20_000))
    stop = threading.Event()

    def come_and_go() -> None:
        for wait in (0.3, 0.5, None):
            with influxdb(tmp_path, http_port=port) as server:
                if wait is None:
                    stop.wait(60)
                    counted.append(server.count())
                    return
                time.sleep(wait)
                server.process.send_signal(signal.SIGKILL)
                server.process.wait()

    counted: list[int] = []
    life = threading.Thread(target=come_and_go)
    life.start()
    try:
        result = deliver(history, influx(f"http://127.0.0.1:{port}/write?db=home"), seconds=60)
    finally:
        stop.set()
        life.join()

    assert counted == [20_000]
    assert result.refused == 0


@needs("influxd")
def test_a_reading_that_influxdb_refuses_holds_up_no_other(tmp_path: Path) -> None:
    readings = series(1000)
    readings[400] = reading(HOUSE, START + timedelta(seconds=400), heater=True)
    with influxdb(tmp_path) as server:
        post(f"{server.write_url}&precision=ms", f'battery heater="a text" {FIRST_MS}'.encode())

        result = deliver(Remembered(*readings), influx(server.write_url))

        assert server.count() == 999
        assert result.refused == 1
        assert "field type conflict" in result.records[0].detail


@needs("influxd")
def test_readings_that_are_too_old_for_influxdb_are_passed_quickly(tmp_path: Path) -> None:
    with influxdb(tmp_path) as server:
        server.execute('CREATE DATABASE "short" WITH DURATION 1h')
        now = module.utc_now()
        history = Remembered(
            *series(50_000, begin=now - timedelta(days=30), every=10), *series(100, begin=now - timedelta(seconds=200))
        )

        result = deliver(history, influx(f"{server.address}/write?db=short"), seconds=20)

        rows = server.query('SELECT COUNT(soc) FROM "short"."autogen"."battery"')
        assert [row[1] for row in rows] == [100]
        assert result.refused == 50_000


@needs("influxd")
def test_a_database_that_is_made_later_gets_everything(tmp_path: Path) -> None:
    with influxdb(tmp_path) as server:

        def make_it_after_a_while(all_of_them: list[Delivery]) -> bool:
            if all_of_them[0].health().problem:
                server.execute('CREATE DATABASE "later"')
            return done(all_of_them[0])

        result = deliver(
            Remembered(*series(100)), influx(f"{server.address}/write?db=later"), until=make_it_after_a_while
        )

        assert server.query('SELECT COUNT(soc) FROM "later"."autogen"."battery"')[0][1] == 100
        assert "database not found" in result.records[0].detail
