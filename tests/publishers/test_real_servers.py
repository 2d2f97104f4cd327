"""Readings to real servers, and back out of them: every one arrives, once, with its own time."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bmsreader.configuration.settings import InfluxSettings, PrometheusSettings
from bmsreader.model import BatteryState, PublishError, Reading, RowsRefused
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.influx import InfluxPublisher
from bmsreader.publishers.prometheus import PrometheusPublisher
from tests.clock import START
from tests.gateway.remembered import BOAT, HOUSE, series
from tests.publishers.snapshots import health, snapshot
from tests.publishers.test_prometheus import Nobody
from tests.servers import Influx, Prometheus, Victoria, free_port, influxdb, needs, post, prometheus, victoriametrics

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

FIRST_MS = 1772366400000


@pytest.fixture(scope="module")
def influx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influx]:
    with influxdb(tmp_path_factory.mktemp("influxdb")) as server:
        yield server


@pytest.fixture(scope="module")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victoria]:
    with victoriametrics(tmp_path_factory.mktemp("victoria")) as server:
        yield server


def deliver(url: str, readings: list[Reading], *, measurement: str = "battery") -> None:
    publisher = InfluxPublisher(InfluxSettings(url=url, measurement=measurement))
    asyncio.run(publisher.deliver(HOUSE, readings))


@needs("influxd")
def test_influxdb_has_what_was_written(influx: Influx) -> None:
    readings = series(500)

    deliver(influx.write_url, readings, measurement="values")

    rows = influx.query('SELECT pack_voltage, current, soc, cell_4, cycle_count, charge_switch, alarms FROM "values"')
    assert [row[0] for row in rows] == [FIRST_MS + 1000 * number for number in range(500)]
    assert [row[1:] for row in rows] == [
        [one.pack_voltage, one.current, one.soc, one.cell_voltages[3], 12, True, ""] for one in readings
    ]
    assert influx.query('SHOW TAG KEYS FROM "values"') == [["battery"], ["id"]]


@needs("influxd")
def test_writing_to_influxdb_again_changes_nothing(influx: Influx) -> None:
    for _ in range(2):
        deliver(influx.write_url, series(300), measurement="again")

    assert influx.count("again") == 300


@needs("influxd")
def test_influxdb_keeps_readings_that_are_a_millisecond_apart(influx: Influx) -> None:
    deliver(influx.write_url, series(300, every=0.001), measurement="dense")

    assert influx.count("dense") == 300


@needs("influxd")
def test_whole_seconds_are_written_where_the_address_asks_for_them(influx: Influx) -> None:
    deliver(influx.write_url + "&precision=s", series(10, every=9.97), measurement="rounded")

    rows = influx.query('SELECT soc FROM "rounded"')
    assert [row[0] for row in rows] == [FIRST_MS + 10_000 * number for number in range(10)]


@needs("influxd")
def test_a_database_that_influxdb_does_not_have_is_the_owners_to_correct(influx: Influx) -> None:
    with pytest.raises(PublishError, match="database not found") as told:
        deliver(f"{influx.address}/write?db=absent", series(1))

    assert not isinstance(told.value, RowsRefused)


@needs("influxd")
def test_an_address_without_a_database_is_the_owners_to_correct(influx: Influx) -> None:
    with pytest.raises(PublishError, match="database is required") as told:
        deliver(f"{influx.address}/write", series(200))

    assert not isinstance(told.value, RowsRefused)


@needs("influxd")
def test_influxdb_says_how_many_readings_are_too_old_for_it(influx: Influx) -> None:
    influx.execute('CREATE DATABASE "short" WITH DURATION 1d')

    with pytest.raises(RowsRefused, match="beyond retention policy") as told:
        deliver(f"{influx.address}/write?db=short", series(20, begin=START.replace(year=2020)))

    assert told.value.dropped == 20


@needs("influxd")
def test_a_field_that_influxdb_has_with_another_type_is_refused(influx: Influx) -> None:
    post(f"{influx.write_url}&precision=ms", f"taken soc=true {FIRST_MS}".encode())

    with pytest.raises(RowsRefused, match="field type conflict") as told:
        deliver(influx.write_url, series(5), measurement="taken")

    assert told.value.dropped is None


@needs("victoria-metrics")
@pytest.mark.parametrize("path", ["/write", "/api/v2/write?bucket=x&org=y"])
def test_victoriametrics_has_what_was_written_and_again_changes_nothing(victoria: Victoria, path: str) -> None:
    measurement = "v1" if path == "/write" else "v2"
    readings = series(400, every=1.001)
    for _ in range(2):
        deliver(victoria.address + path, readings, measurement=measurement)

    found = victoria.export(f'{{__name__=~"{measurement}_.*",battery="house"}}')

    times = [FIRST_MS + 1001 * number for number in range(400)]
    assert sorted(set(found[f"{measurement}_pack_voltage"][0])) == times
    assert dict(zip(*found[f"{measurement}_cell_4"], strict=True)) == dict(
        zip(times, [one.cell_voltages[3] for one in readings], strict=True)
    )
    assert set(found[f"{measurement}_charge_switch"][1]) == {1}
    assert set(found[f"{measurement}_alarms"][1]) == {0}


def until(true: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Wait for a real server that does something by its own clock."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@needs("prometheus")
def test_prometheus_scrapes_the_page(tmp_path: Path) -> None:
    port = free_port()

    def visit(feed: Feed, loop: asyncio.AbstractEventLoop) -> None:
        with prometheus(tmp_path / "prometheus", scrapes=f"127.0.0.1:{port}") as server:
            until(lambda: value(server, "bms_up", "house") == 1)
            assert value(server, "bms_up", "boat") == 0
            assert value(server, "bms_voltage_volts", "house") == 13.2
            assert value(server, "bms_voltage_volts", "boat") is None
            assert value(server, 'bms_state{bms_state="asleep"}', "boat") == 1
            assert value(server, "bms_charged_energy_joules_total", "house") == 5_400_000
            assert [one["health"] for one in server.targets()] == ["up"]
            assert [question for question in dashboard() if not asked(server, question)] == []

            loop.call_soon_threadsafe(feed.put, snapshot(state=BatteryState.UNREACHABLE))
            until(lambda: value(server, "bms_up", "house") == 0)
            assert value(server, "bms_voltage_volts", "house") is None

    async def main() -> None:
        feed = Feed(health)
        feed.put(snapshot())
        feed.put(snapshot(BOAT, state=BatteryState.ASLEEP))
        publisher = PrometheusPublisher(PrometheusSettings(listen=f"127.0.0.1:{port}"), now=lambda: START)
        async with asyncio.TaskGroup() as tasks:
            page = tasks.create_task(publisher.run(feed, Nobody()))
            await asyncio.to_thread(visit, feed, asyncio.get_running_loop())
            page.cancel()

    asyncio.run(main())


def dashboard() -> list[str]:
    """Return every question that the dashboard for Grafana asks."""
    content = json.loads((Path(__file__).parents[2] / "examples" / "grafana-dashboard.json").read_text())
    return [target["expr"].replace("$battery", ".+") for panel in content["panels"] for target in panel["targets"]]


def asked(server: Prometheus, question: str) -> list[tuple[dict[str, str], float]]:
    """Return the answer to a question; increases show after two scrapes."""
    until(lambda: bool(server.query(question)), seconds=10)
    return server.query(question)


def value(server: Prometheus, question: str, battery: str) -> float | None:
    """Return what Prometheus knows of a battery now."""
    return next((found for labels, found in server.query(question) if labels["battery"] == battery), None)
