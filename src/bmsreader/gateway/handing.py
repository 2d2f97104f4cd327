"""Hand on how every battery is doing: to each publisher, and to whoever listens inside the program."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from bmsreader.configuration.slugs import slug_of
from bmsreader.gateway.alarming import Alarming
from bmsreader.gateway.changes import outlets_to_change
from bmsreader.gateway.courier import Courier
from bmsreader.gateway.couriers import Couriers
from bmsreader.gateway.delivery import Delivery, Offload
from bmsreader.gateway.edges import EdgeDelivery
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.notices import Notify
from bmsreader.gateway.outlets import Running
from bmsreader.gateway.wanted import Outlet
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.health import GatewayHealth, PublisherHealth
from bmsreader.publishers.feed import Commands, Feed
from bmsreader.publishers.publisher import AlarmTeller, DurablePublisher

if TYPE_CHECKING:
    from bmsreader.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a reload does to the publishers: those to stop, and those that were made to take their place."""

    stop: list[Outlet]
    made: list[Running]


class Handing:
    """The publishers at work. Everything that leaves the gateway passes here."""

    def __init__(
        self,
        *,
        store: "Store | None",
        logbook: Logbook,
        known: Callable[[], Iterable[BatteryInfo]],
        snapshots: Callable[[], Iterable[Snapshot]],
        health: Callable[[], GatewayHealth],
        commands: Commands,
        offload: Offload,
        now: Callable[[], datetime],
        dice: Random,
        alarming: Alarming | None = None,
    ) -> None:
        """``known`` returns the batteries of now, ``snapshots`` how they are doing."""
        self._store = store
        self._logbook = logbook
        self._known = known
        self._snapshots = snapshots
        self._health = health
        self._commands = commands
        self._offload = offload
        self._now = now
        self._dice = dice
        self._running: list[tuple[Running, asyncio.Task[None]]] = []
        self._listeners: list[Feed] = []
        self._alarming = alarming
        self.couriers = Couriers(self._courier)
        """The receivers of alarms as messages."""

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens at all."""
        return bool(self._running or self._listeners)

    def health(self) -> tuple[PublisherHealth, ...]:
        """Return how each publisher is doing."""
        return (*(one for running, _ in self._running for one in running.health()), *self.couriers.health())

    # ---- what is handed on

    def hand_on(self, snapshot: Snapshot) -> None:
        """Hand on how a battery is doing."""
        for running, _ in self._running:
            running.put(snapshot)
        for feed in self._listeners:
            feed.put(snapshot)

    def gone(self, info: BatteryInfo) -> None:
        """Hand on that a battery was removed or renamed."""
        for running, _ in self._running:
            running.remove(info)
        for feed in self._listeners:
            feed.remove(info)

    def accepted(self, identity: str) -> None:
        """Tell whoever delivers each reading that one of this battery came in."""
        for running, _ in self._running:
            if running.delivery is not None:
                running.delivery.news(identity)

    def listen(self) -> Feed:
        """Return a feed that gets every snapshot from now on, those of now included; end it with ``leave``."""
        feed = Feed(self._health)
        for snapshot in self._snapshots():
            feed.put(snapshot)
        self._listeners.append(feed)
        return feed

    def leave(self, feed: Feed) -> None:
        """Hand nothing on to this feed any more."""
        self._listeners.remove(feed)

    # ---- publishers come and go

    def made(self, outlets: Sequence[Outlet]) -> list[Running]:
        """Make publishers; raise ConfigurationError when one cannot be made."""
        return [
            Running(
                outlet,
                health=self._health,
                commands=self._commands,
                delivery=partial(self._delivery, self._store) if self._store is not None else None,
                edges=self._edges if self._alarming is not None else None,
                note=self._note,
                dice=self._dice,
            )
            for outlet in outlets
        ]

    def start(
        self, running: Sequence[Running], tasks: asyncio.TaskGroup, *, after: "Sequence[asyncio.Task[None]]" = ()
    ) -> None:
        """Let publishers work, once the tasks before them are over."""
        for one in running:
            for snapshot in self._snapshots():
                one.put(snapshot)
            self._running.append((one, tasks.create_task(one.run(after=after))))

    def change(self, outlets: Sequence[Outlet]) -> Change:
        """Return how to get to these publishers, without doing it yet; raise ConfigurationError."""
        stop, start = outlets_to_change([running.outlet for running, _ in self._running], outlets)
        return Change(stop=stop, made=self.made(start))

    def go_over(self, change: Change, tasks: asyncio.TaskGroup) -> Iterator[str]:
        """Stop and start publishers; yield what is done, in words."""
        ending = []
        for running, task in [*self._running]:
            if running.outlet in change.stop:
                task.cancel()
                ending.append(task)
                self._running.remove((running, task))
                yield f"publisher {running.name} stopped"
        self.start(change.made, tasks, after=ending)
        yield from (f"publisher {running.name} started" for running in change.made)

    def _delivery(self, store: "Store", outlet: Outlet, publisher: DurablePublisher) -> Delivery:
        return Delivery(
            publisher,
            store,
            batteries=partial(self._ever_known, store),
            on_record=self._logbook.add,
            now=self._now,
            dice=self._dice,
            from_now=outlet.from_now,
            offload=self._offload,
        )

    def _courier(self, notify: Notify) -> Courier:
        assert self._alarming is not None  # noqa: S101 - for the type checker
        return Courier(
            notify,
            self._alarming,
            info=self._who,
            note=self._note,
            now=lambda: self._now().astimezone(),
            offload=self._offload,
            dice=self._dice,
        )

    def _edges(self, publisher: AlarmTeller) -> EdgeDelivery:
        assert self._alarming is not None  # noqa: S101 - for the type checker
        return EdgeDelivery(
            publisher,
            self._alarming,
            info=self._who,
            note=self._note,
            offload=self._offload,
            dice=self._dice,
        )

    def _who(self, battery: str) -> BatteryInfo:
        """Return who a battery is, also one of an earlier run."""
        infos = (*self._known(), *(self._store.infos() if self._store is not None else ()))
        unknown = BatteryInfo(id=battery, name=battery, slug=slug_of(battery))
        return next((info for info in infos if info.id == battery), unknown)

    def _ever_known(self, store: "Store") -> list[BatteryInfo]:
        """Return every battery that is known, also those of earlier runs: their readings may wait for delivery."""
        known = {info.id: info for info in store.infos()}
        known |= {info.id: info for info in self._known()}
        return [*known.values()]

    def _note(self, kind: str, detail: str) -> None:
        self._logbook.note(kind, detail=detail)
