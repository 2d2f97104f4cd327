"""The gateway with many batteries at once: processor time, memory, and whether each battery keeps its rhythm.

python -m benchmarks gateway                          several sizes, each in a program of its own
python -m benchmarks.gateway COUNT EVERY SECONDS PORT one size; PORT is a broker's, 0 = without MQTT
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.measure import Verdict, print_table, print_verdicts
from bmsreader import __version__
from bmsreader.configuration.settings import MqttSettings
from bmsreader.descriptions import shipped
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway
from bmsreader.gateway.wanted import Outlet, Plan, Wanted
from bmsreader.model import BatteryInfo
from bmsreader.publishers.mqtt import MqttPublisher
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.radio import SimulatedRadio
from bmsreader.store import Store

SIZES = ((1, 1.0), (8, 1.0), (64, 1.0), (1000, 10.0))
"""(batteries, s between two readings)."""
SECONDS = 40.0
WARM_UP = 22.0
"""s until all are connected: their first turns are spread."""
CORE_LIMIT, MEMORY_LIMIT, LATE_LIMIT = 25.0, 90.0, 100.0


@dataclass(kw_only=True)
class Measured:
    """What one size needed."""

    batteries: int
    every: float
    readings: int
    core: float
    """% of one core, with the simulation of the batteries."""
    simulation: float
    """% of one core that the simulated batteries alone need for as many answers."""
    memory: float
    """MB resident at the end."""
    late: float
    """ms that a poll came after its turn, at most."""


def wanted(battery: Battery, every: float) -> Wanted:
    """Return how a simulated battery is read."""
    slug = battery.name.lower()
    info = BatteryInfo(id=battery.address, name=battery.name, slug=slug, address=battery.address, simulated=True)
    return Wanted(info=info, address=battery.address, codecs=shipped(), interval=every)


def in_writer(writer: ThreadPoolExecutor) -> Callable[[Callable[[], None]], asyncio.Future[None]]:
    """Return what runs the history's writes in their thread."""
    return lambda function: asyncio.get_running_loop().run_in_executor(writer, function)


async def measure(count: int, every: float, seconds: float, port: int) -> Measured:
    """Run a gateway with everything on and measure this program."""
    clock = asyncio.get_running_loop().time
    batteries = fleet(count, clock=clock)
    outlets = []
    if port:
        settings = MqttSettings(host="127.0.0.1", port=port)
        outlets = [Outlet(settings=settings, make=lambda: MqttPublisher(settings, version=__version__))]
    plan = Plan(batteries=tuple(wanted(one, every) for one in batteries), outlets=tuple(outlets))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as writer:
        store = Store(Path(folder) / "history.sqlite3")
        radio = Airing(SimulatedRadio(batteries), on=True)
        gateway = Gateway(plan, radio=radio, store=store, in_writer=in_writer(writer))
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(gateway.run())
            await asyncio.sleep(WARM_UP)
            for poller in gateway.pollers.values():
                poller.latest = 0.0
            began, used = time.monotonic(), time.process_time()
            readings = sum(one.counts.readings for one in gateway.snapshots())
            await asyncio.sleep(seconds)
            took, used = time.monotonic() - began, time.process_time() - used
            readings = sum(one.counts.readings for one in gateway.snapshots()) - readings
            late = max(poller.latest for poller in gateway.pollers.values())
            task.cancel()
        store.close()
    return Measured(
        batteries=count,
        every=every,
        readings=readings,
        core=100 * used / took,
        simulation=100 * simulated(batteries, readings) / took,
        memory=resident(),
        late=1000 * late,
    )


def resident() -> float:
    """Return this program's resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def simulated(batteries: tuple[Battery, ...], answers: int) -> float:
    """Return the processor seconds that the simulated batteries need for so many answers."""
    requests = [battery.codec.description.requests["status"].send for battery in batteries]
    began = time.process_time()
    for number in range(answers):
        which = number % len(batteries)
        batteries[which].answer(requests[which])
    return time.process_time() - began


def in_a_program(count: int, every: float, port: int) -> Measured:
    """Measure one size in a program of its own."""
    command = [sys.executable, "-m", "benchmarks.gateway", str(count), str(every), str(SECONDS), str(port)]
    run = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    return Measured(**json.loads(run.stdout))


def main() -> list[Verdict]:
    """Measure all sizes; print them and return what they say about the promises."""
    from tests.mosquitto import PROGRAM, Mosquitto

    if PROGRAM is None:
        print("\nGateway: not measured, because there is no mosquitto (.ci/run installs it)")
        return []
    with tempfile.TemporaryDirectory() as folder:
        broker = Mosquitto(Path(folder))
        broker.start()
        try:
            sizes = {count: in_a_program(count, every, broker.port) for count, every in SIZES}
        finally:
            broker.stop()
    print_table(
        f"A gateway with MQTT (QoS 1), Home Assistant and history for {SECONDS:.0f} s",
        ("batteries", "every", "readings", "% of a core", "of it simulation", "per reading", "MB", "latest poll"),
        [
            (
                str(one.batteries),
                f"{one.every:g} s",
                str(one.readings),
                f"{one.core:.1f}",
                f"{one.simulation:.1f}",
                f"{10 * one.core * SECONDS / one.readings:.2f} ms",
                f"{one.memory:.0f}",
                f"{one.late:.0f} ms",
            )
            for one in sizes.values()
        ],
    )
    many = sizes[64]
    verdicts = [
        Verdict(promise="64 batteries at 1 Hz, % of one core", measured=many.core, limit=CORE_LIMIT),
        Verdict(promise="64 batteries at 1 Hz, MB resident", measured=many.memory, limit=MEMORY_LIMIT),
        Verdict(promise="64 batteries at 1 Hz, latest poll in ms", measured=many.late, limit=LATE_LIMIT),
        Verdict(
            promise="1000 batteries at 0.1 Hz, readings that came / readings that were due",
            measured=sizes[1000].readings / (1000 * SECONDS / 10),
            limit=0.99,
            at_least=True,
        ),
    ]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        amount, pause, length, broker_port = sys.argv[1:]
        print(json.dumps(asdict(asyncio.run(measure(int(amount), float(pause), float(length), int(broker_port))))))
