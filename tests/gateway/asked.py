"""A gateway with two batteries that does nothing but answer its control socket, in a thread of its own."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bmsreader.gateway.control import Control
from bmsreader.model.alarm import Alarm, Category, Severity, Source
from bmsreader.model.battery import BatteryInfo, BatteryState, LinkCounts, Snapshot, Totals
from bmsreader.model.health import AdapterHealth, GatewayHealth, PublisherHealth, StoreHealth
from bmsreader.model.record import Record
from bmsreader.store.alarms import State, wanted
from tests.clock import START
from tests.gateway.made import reading

HOUSE = BatteryInfo(id="02:00:07:00:15:44", name="House", slug="house", address="02:00:07:00:15:44", protocol="ej")
CARAVAN = BatteryInfo(id="caravan-1", name="Caravan", slug="caravan", address="09:01:00:00:02:15")

LIVE = Snapshot(
    info=HOUSE,
    at=START + timedelta(seconds=4),
    state=BatteryState.LIVE,
    since=START,
    reading=reading(0, current=12.4, frames=(b":00~",)),
    totals=Totals(energy_in=1234.5, energy_out=99.0, charge_in=90.1, charge_out=7.0, gaps=60.0),
    signal=-58,
    connected=True,
    counts=LinkCounts(polls=10, readings=9, rejected=1, connects=1, failures=0, last_poll=0.34),
)
ASLEEP = Snapshot(
    info=CARAVAN,
    at=START + timedelta(seconds=4),
    state=BatteryState.ASLEEP,
    since=START,
    reason="not on the air, and it was at rest when last read (+0.0 A): it sleeps",
)
HEALTH = GatewayHealth(
    version="1.2.3",
    started_at=START - timedelta(hours=2),
    at=START + timedelta(seconds=4),
    store=StoreHealth(ok=True, pending=3, size=4096),
    publishers=(PublisherHealth(name="mqtt", ok=False, problem="the broker refuses the password", backlog=17),),
    adapters=(AdapterHealth(name="hci0", ok=True, slots=5, free=4),),
)
RECORDS = (
    Record(at=START, kind="connected", battery=HOUSE.id, adapter="hci0", duration=1.25),
    Record(at=START + timedelta(seconds=1), kind="rejected", battery=HOUSE.id, detail="checksum B6, expected B7"),
    Record(at=START + timedelta(seconds=2), kind="adapter reset", adapter="hci0", duration=4.0),
)
ALARMS = (
    Alarm(
        id=16,
        battery=HOUSE.id,
        name="Generator",
        category=Category.CHARGE,
        severity=Severity.WARNING,
        source=Source.RULE,
        raised_at=START - timedelta(hours=1),
        cleared_at=START,
        value=18.0,
        limit=20.0,
        unit="%",
        text="State of charge: 18 %, below 20 %.",
        note="it ended while the gateway was not running, or just after",
    ),
    Alarm(
        id=17,
        battery=CARAVAN.id,
        name="dead_cell",
        category=Category.CELL,
        severity=Severity.CRITICAL,
        source=Source.BATTERY,
        raised_at=START,
        text="A cell reports 0 V: it is dead, or its wire is off.",
    ),
)


class Answering:
    """What a gateway is to its control socket, with a memory of what it was asked."""

    def __init__(self) -> None:
        self.released: list[tuple[str, float]] = []
        self.refreshed: list[str] = []
        self.history = list(RECORDS)
        self.batteries = (LIVE, ASLEEP)
        self.raised = list(ALARMS)
        self.removed: list[BatteryInfo] = []
        self.acknowledged: list[int] = []
        self.fails: Exception | None = None

    def snapshots(self) -> tuple[Snapshot, ...]:
        return self.batteries

    def known(self) -> list[BatteryInfo]:
        return [*self.removed, *(one.info for one in self.batteries)]

    def health(self) -> GatewayHealth:
        return HEALTH

    def refresh(self, slug: str) -> bool:
        self.refreshed.append(slug)
        return True

    def release(self, slug: str, minutes: float) -> bool:
        self.released.append((slug, minutes))
        return True

    def records(
        self,
        *,
        battery: str | None = None,
        kinds: Sequence[str] | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Record]:
        found = [
            record
            for record in self.history
            if (battery is None or record.battery == battery)
            and (kinds is None or record.kind in kinds)
            and (since is None or record.at >= since)
        ]
        return found[-limit:]

    def alarms(
        self,
        *,
        battery: str | None = None,
        state: State = "open",
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Alarm]:
        found = [one for one in self.raised if wanted(one, battery=battery, state=state, since=since)]
        return found[-limit:]

    def acknowledge(self, alarm_id: int) -> bool:
        self.acknowledged.append(alarm_id)
        return any(one.id == alarm_id for one in self.raised)

    def acknowledge_all(self) -> int:
        return sum(self.acknowledge(one.id) for one in self.raised)

    async def reload(self) -> list[str]:
        if self.fails is not None:
            raise self.fails
        return ["garage: interval 30 s"]


class Running:
    """The gateway as another program: it lives from ``with`` to its end."""

    def __init__(self, path: Path, gateway: Answering | None = None) -> None:
        self.path = path
        self.gateway = gateway or Answering()
        self.control = Control(path, self.gateway, reload=self.gateway.reload)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live)

    def __enter__(self) -> "Running":
        self.control.open()
        listens = threading.Event()
        self._loop.call_soon(lambda: self._loop.call_soon(listens.set))
        self._thread.start()
        listens.wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def _live(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._main())
        except asyncio.CancelledError:
            pass  # that is its end

    async def _main(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        await self.control.run()
