"""How fast a day of backlog gets to InfluxDB and VictoriaMetrics, and what that costs the values of the present."""

import asyncio
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measure import Verdict, print_table, print_verdicts
from bmsreader.configuration.settings import InfluxSettings
from bmsreader.gateway.delivery import Delivery
from bmsreader.model import BatteryState, Snapshot
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.influx import InfluxPublisher
from bmsreader.store import Store
from tests.gateway.remembered import HOUSE, series
from tests.publishers.snapshots import health
from tests.servers import influxdb, victoriametrics

READINGS = 86_400
LIMIT = 20.0
"""s."""
LIVE_LIMIT = 5.0
"""ms that a live value may be late while a backlog drains (median): what it may need altogether from the battery to a
broker. Beside it stands how late it is on the same machine while nothing is delivered."""
EVERY = 0.02
"""s between two live values: far more often than batteries give any, to see more of what delays them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run gave."""

    seconds: float
    cpu: float
    """s of CPU time, ours without the server's."""
    arrived: int
    late: list[float]
    """s that each live value was late."""


async def live_values(late: list[float]) -> None:
    """Hand a live value on again and again, and note how long after its time its publisher has it."""
    feed = Feed(health)
    loop = asyncio.get_running_loop()
    due = loop.time()

    def put() -> None:
        now = datetime.now(UTC)
        feed.put(Snapshot(info=HOUSE, at=now, state=BatteryState.LIVE, since=now))

    while True:
        due += EVERY
        loop.call_at(due, put)
        await feed.news()
        late.append(loop.time() - due)
        due = max(due, loop.time())


async def drained(store: Store, url: str, name: str) -> tuple[float, list[float]]:
    """Deliver everything while live values pass; return the s that it took, and how late the live values were."""
    delivery = Delivery(InfluxPublisher(InfluxSettings(url=url, name=name)), store, batteries=lambda: [HOUSE])
    late: list[float] = []
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(delivery.run()), tasks.create_task(live_values(late))]
        begin = time.perf_counter()
        while delivery.health().delivered < READINGS:
            await asyncio.sleep(0.01)
            if delivery.health().problem or time.perf_counter() - begin > 10 * LIMIT:
                raise RuntimeError(f"the delivery failed: {delivery.health()}")
        took = time.perf_counter() - begin
        for task in running:
            task.cancel()
    return took, late


async def idle() -> list[float]:
    """Return how late live values are while nothing else happens."""
    late: list[float] = []
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(live_values(late))
        await asyncio.sleep(3)
        task.cancel()
    return late


@contextmanager
def influx(folder: Path) -> Iterator[tuple[str, Callable[[], int]]]:
    """Run InfluxDB; give the address to write to, and how to count what arrived."""
    with influxdb(folder) as server:
        yield server.write_url, server.count


@contextmanager
def victoria(folder: Path) -> Iterator[tuple[str, Callable[[], int]]]:
    """Run VictoriaMetrics; give the address to write to, and how to count what arrived."""
    with victoriametrics(folder) as server:

        def count() -> int:
            return len(set(server.export('{__name__="battery_pack_voltage"}')["battery_pack_voltage"][0]))

        yield server.address + "/write", count


SERVERS = {"InfluxDB": ("influxd", influx), "VictoriaMetrics": ("victoria-metrics", victoria)}


def measured(store: Store) -> dict[str, Result]:
    """Return what each server that is installed here gave."""
    results = {}
    for name, (program, server) in SERVERS.items():
        if shutil.which(program) is None:
            print(f"\nDelivery to {name}: not measured, because {program} is missing (.ci/run installs it).")
            continue
        with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "data") as (url, count):
            cpu = time.process_time()
            took, late = asyncio.run(drained(store, url, name))
            results[name] = Result(took, time.process_time() - cpu, count(), late)
    return results


def fill(store: Store) -> None:
    """Put a day of readings into the history, as a gateway does that writes once a minute."""
    for number, reading in enumerate(series(READINGS, begin=datetime.now(UTC) - timedelta(days=1))):
        store.append(reading)
        if number % 60 == 0:
            store.commit()
    store.commit()


def milliseconds(late: list[float]) -> tuple[str, ...]:
    """Return median, 95 of 100 and maximum in ms."""
    return tuple(f"{1e3 * value:.1f}" for value in (statistics.median(late), percentile(late), max(late)))


def percentile(late: list[float]) -> float:
    """Return what 95 of 100 do not exceed."""
    return statistics.quantiles(late, n=20)[-1]


def main() -> list[Verdict]:
    """Print the times and return what they say about the promise."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "history.db") as store:
        fill(store)
        results = measured(store)
    quiet = asyncio.run(idle())
    print_table(
        f"A day of backlog, {READINGS:,} readings of 4 cells (Python {platform.python_version()})",
        ("", "s", "CPU s", "readings/s", "arrived", "live value late, median ms", "95 of 100", "max"),
        [
            (
                name,
                f"{one.seconds:.1f}",
                f"{one.cpu:.1f}",
                f"{READINGS / one.seconds:,.0f}",
                f"{one.arrived:,}",
                *milliseconds(one.late),
            )
            for name, one in results.items()
        ]
        + [("nothing to deliver", "", "", "", "", *milliseconds(quiet))],
    )
    verdicts = []
    for name, one in results.items():
        verdicts += [
            Verdict(promise=f"s for a day of backlog to {name}", measured=one.seconds, limit=LIMIT),
            Verdict(promise=f"readings of it in {name}", measured=one.arrived, limit=READINGS, at_least=True),
            Verdict(
                promise=f"ms that a live value is late meanwhile (median), {name}",
                measured=1e3 * statistics.median(one.late),
                limit=LIVE_LIMIT,
            ),
        ]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
