"""Many batteries for months: one task for each, none waits for another; every reading is kept and handed on."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from bmsreader import __version__
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.alarming import Alarmed, Alarming
from bmsreader.gateway.banking import Banking
from bmsreader.gateway.changes import differences, in_words_of
from bmsreader.gateway.clockjump import ClockJump, in_words
from bmsreader.gateway.delivery import Offload
from bmsreader.gateway.ears import InTheAir, in_the_air
from bmsreader.gateway.guests import guest, remembered
from bmsreader.gateway.handing import Handing
from bmsreader.gateway.keeping import Keeping, RunInWriter
from bmsreader.gateway.learning import recalled
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.poller import Poller
from bmsreader.gateway.roster import as_now, matches
from bmsreader.gateway.supervision import keep_going
from bmsreader.gateway.wanted import Plan, Wanted
from bmsreader.gateway.world import World
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.health import GatewayHealth, PageHealth
from bmsreader.model.record import Record
from bmsreader.protocol.codec import Codec
from bmsreader.publishers.feed import Feed
from bmsreader.session.session import utc_now

if TYPE_CHECKING:
    from bmsreader.links.radio import Heard
    from bmsreader.store import Store

log = logging.getLogger(__name__)

TICK = 5.0
"""s between two looks at the clock, the adapters and strangers that proved to be no batteries."""
STAGGER = 0.02
"""s between the first turns of two batteries: spreads their beats."""
AFTER_A_BUG = 60.0
"""s before a battery's task that failed by our mistake is started again."""
SAME_DAY = 12 * 60.0
"""Minutes for which the time of day alone says until when."""
STUCK = 900.0
"""s without any movement of a battery's task after which the gateway counts as dead inside."""


class Gateway(Alarmed):
    """Reads the batteries of a plan until it is cancelled. It can be reloaded with another plan meanwhile."""

    def __init__(
        self,
        plan: Plan,
        *,
        radio: Airing | None = None,
        store: "Store | None" = None,
        in_writer: RunInWriter,
        logbook: Logbook | None = None,
        offload: Offload = asyncio.to_thread,
        now: Callable[[], datetime] = utc_now,
        dice: Random | None = None,
    ) -> None:
        """``radio`` is None where only serial lines are read; ``in_writer`` runs writes and ``offload`` runs reads."""
        self.plan = plan
        self.now = now
        self.dice = dice or Random()
        self.store = store
        self.logbook = logbook or Logbook(store, now)
        self.pollers: dict[str, Poller] = {}
        self.keeping = (
            None if store is None else Keeping(store, every=plan.commit, in_writer=in_writer, note=self._note)
        )
        self.world = World(
            radio=radio,
            store=store,
            logbook=self.logbook,
            now=now,
            dice=self.dice,
            pollers=self.pollers,
            on_accept=self._accepted,
            on_change=self._changed,
        )
        self.alarming = Alarming(
            plan.rules,
            store=store,
            logbook=self.logbook,
            now=now,
            keeping=self.keeping,
            on_change=self._alarms_changed,
        )
        self.handing = self._handing(offload)
        self.banking = self._banking()
        self.page: Callable[[], PageHealth | None] = lambda: None
        """Returns how the dashboard is doing; None while there is none."""
        self._radio = radio
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._refused: set[str] = set()
        self._started_at = now()
        self._loop = asyncio.get_running_loop()
        self._services, self._batteries = asyncio.TaskGroup(), asyncio.TaskGroup()

    def _handing(self, offload: Offload) -> Handing:
        return Handing(
            store=self.store,
            logbook=self.logbook,
            known=self._infos,
            snapshots=self.snapshots,
            health=self.health,
            commands=self,
            offload=offload,
            now=self.now,
            dice=self.dice,
            alarming=self.alarming,
        )

    def _banking(self) -> Banking:
        return Banking(
            outside=self.handing,
            hand_on=self._hand_on,
            gone=self._gone,
            store=self.store,
            logbook=self.logbook,
            accepted=self._accepted,
            now=self.now,
            keep_going=self.keep_going,
        )

    # ---- what others see and ask

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return how every battery and every bank is doing now."""
        batteries = [one.snapshot() for one in self.pollers.values() if _is_known(one)]
        return tuple(self.alarming.shown(one) for one in (*batteries, *self.banking.snapshots()))

    def known(self) -> list[BatteryInfo]:
        """Return every battery and bank that is read, or was in an earlier run."""
        past = () if self.store is None else self.store.infos()
        return [*({one.id: one for one in past} | {one.id: one for one in self._infos()}).values()]

    def health(self) -> GatewayHealth:
        """Return how the gateway itself is doing now."""
        return GatewayHealth(
            version=__version__,
            started_at=self._started_at,
            at=self.now(),
            store=self.store.health() if self.store is not None else None,
            publishers=self.handing.health(),
            adapters=self._radio.health() if self._radio is not None else (),
            page=self.page(),
        )

    def records(
        self,
        *,
        battery: str | None = None,
        kinds: Collection[str] | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Record]:
        """Return what happened, newest last; ``battery`` is an id. Any thread may ask."""
        return self.logbook.records(battery=battery, kinds=kinds, since=since, limit=limit)

    def refresh(self, slug: str) -> bool:
        """Read a battery, or each one of a bank, now instead of at its turn; return whether there is such a battery."""
        pollers = self._called(slug)
        for poller in pollers:
            poller.refresh()
        return bool(pollers)

    def release(self, slug: str, minutes: float) -> bool:
        """Let a battery go for some minutes, for the phone app; 0 takes it back. Return whether there is such a one.

        Of a bank all batteries are let go.
        """
        pollers = self._called(slug)
        until = (self.now() + timedelta(minutes=minutes)).astimezone()
        shown = f"{until:%H:%M}" if minutes <= SAME_DAY else f"{until:%Y-%m-%d %H:%M}"
        for poller in pollers:
            poller.release(60 * minutes, shown)
        return bool(pollers)

    def heard(self, codecs: Sequence[Codec]) -> list[InTheAir]:
        """Return who is in the air and may be a battery of these descriptions, and the batteries that are read."""
        radio = self._radio
        heard = radio.radio.heard() if radio is not None and radio.on else ()
        return in_the_air(heard, self.pollers.values(), self._refused, codecs)

    def listen(self) -> Feed:
        """Return a feed of all snapshots for a part of this program; ``leave`` ends it."""
        return self.handing.listen()

    def leave(self, feed: Feed) -> None:
        """End a feed."""
        self.handing.leave(feed)

    def alive(self) -> bool:
        """Return whether every battery's task still moves: else the gateway is dead inside and should be restarted."""
        now = self._loop.time()
        return all(now - one.moved_at <= STUCK + one.wanted.interval for one in self.pollers.values())

    def _called(self, name: str) -> list[Poller]:
        """Return the battery with this slug, id or name, or those of the bank."""
        wanted = name.casefold()
        for poller in self.pollers.values():
            if wanted in (poller.info.slug, poller.info.id.casefold(), poller.info.name.casefold()):
                return [poller]
        return [self.pollers[key] for key in self.banking.members(name) if key in self.pollers]

    def _infos(self) -> list[BatteryInfo]:
        return [*(one.info for one in self.pollers.values() if _is_known(one)), *self.banking.infos()]

    # ---- the life

    async def run(self) -> None:
        """Read, keep and hand on until cancelled; the last readings reach the disk before it returns."""
        try:
            async with self._services:
                radio = self._radio
                if radio is not None:
                    self._services.create_task(self.keep_going("radio", lambda: radio.run(self._note)))
                if self.keeping is not None:
                    self._services.create_task(self.keep_going("history", self.keeping.run))
                self.handing.start(self.handing.made(self.plan.outlets), self._services)
                self.handing.couriers.start(self.plan.notifies, self._services)
                async with self._batteries:  # ends first: links are let go while the radio is still on
                    self._start_batteries([*self.plan.batteries, *remembered(self.store, self.plan, self.now())])
                    self.banking.start(self.plan.banks, self._batteries)
                    self._batteries.create_task(self.keep_going("tick", self._tick))
                    if radio is not None:
                        self._batteries.create_task(self.keep_going("discovery", lambda: self._discover(radio)))
        finally:
            self.logbook.sum_up()
            if self.keeping is not None:
                await self.keeping.commit()

    def reload(self, plan: Plan) -> list[str]:
        """Go over to another plan; links and publishers that it leaves alone are not touched. Say what changed.

        Raise ConfigurationError when a publisher cannot be made; then nothing has changed.
        """
        change = self.handing.change(plan.outlets)  # first: one that cannot be made leaves everything as it is
        told = self._reload_batteries(plan)
        told += self.banking.change(plan.banks, self._batteries)
        told += self.handing.go_over(change, self._services)
        told += self.handing.couriers.go_over(plan.notifies, self._services)
        told += self.alarming.reload(plan.rules)
        if self.keeping is not None and self.keeping.every != plan.commit:
            self.keeping.every = plan.commit
            self.keeping.hurry()
            told.append(f"the history is written each {plan.commit:g} s")
        before, self.plan = self.plan.stranger, plan
        if (before is None) != (plan.stranger is None):
            told.append("only listed batteries are read" if before else "batteries that are not listed are read, too")
            self._consider(self._radio.radio.heard() if self._radio is not None and self._radio.on else ())
        for line in told:
            self.logbook.note("reloaded", detail=line)
        return told

    def _reload_batteries(self, plan: Plan) -> list[str]:
        guests = [one.wanted for one in self.pollers.values() if one.wanted.guessed]
        listed = {one.info.id for one in plan.batteries}
        left = {one.info.id for one in guests if matches(plan.left_alone, one.address, one.info.name)} | listed
        stay = [as_now(one, plan.stranger) for one in guests if plan.stranger and one.info.id not in left]
        change = differences({key: one.wanted for key, one in self.pollers.items()}, [*plan.batteries, *stay])
        told = []
        for wanted in change.adjust:
            poller = self.pollers[wanted.info.id]
            before = poller.info
            told.append(in_words_of(poller.wanted, wanted))
            poller.adjust(wanted)
            if poller.reading is not None:
                self.world.learned(poller)
            if before.slug != wanted.info.slug:
                self.handing.gone(before)
            self._changed(poller)
        for key in change.stop:
            told.append(f"{self.pollers[key].info.name} stopped")
            self._stop(key, gone=key not in {one.info.id for one in change.start})
        self._start_batteries(change.start)
        return told + [f"{one.info.name} started" for one in change.start]

    def _start_batteries(self, batteries: Sequence[Wanted]) -> None:
        known = {info.id: info for info in (self.store.infos() if self.store is not None else ())}
        for number, wanted in enumerate(batteries):
            key = wanted.info.id
            wanted = replace(wanted, info=recalled(wanted.info, known.get(key)))
            totals = self.store.totals(key) if self.store is not None else None
            poller = Poller(wanted, self.world, delay=number * STAGGER, totals=totals)
            if key in known and wanted.info != known[key]:
                self.world.learned(poller)  # it has another name now
            last = self.store.last(key) if self.store is not None else None
            if last is not None:
                poller.resume(last[1])
            before = self._tasks.get(key)
            self.pollers[key] = poller
            self._tasks[key] = self._batteries.create_task(self._supervise(poller, after=before))
            self._changed(poller)

    async def _supervise(self, poller: Poller, *, after: "asyncio.Task[None] | None") -> None:
        """Keep a battery's task going, once the one before has let its link go."""
        if after is not None:
            await asyncio.wait([after])
        await self.keep_going(f"battery {poller.info.name}", poller.live, battery=poller.info.id)

    async def keep_going(self, what: str, work: Callable[[], Coroutine[Any, Any, None]], *, battery: str = "") -> None:
        """Do work that never ends, again after a bug of ours ended it: one part that fails must not end the others."""
        note = partial(self.logbook.note, "bug", battery=battery)
        await keep_going(what, work, pause=AFTER_A_BUG, on_bug=lambda error: note(detail=f"{what}: {error!r}"))

    def _stop(self, key: str, *, gone: bool) -> None:
        poller = self.pollers.pop(key)
        self._tasks[key].cancel()
        if gone:
            self._gone(poller.info)

    def _gone(self, info: BatteryInfo) -> None:
        """Take note that a battery or a bank is not read any more."""
        self.alarming.gone(info.id)
        self.handing.gone(info)

    def _accepted(self, identity: str) -> None:
        """A reading came in: whoever delivers or writes each one may go on."""
        if self.keeping is not None:
            self.keeping.news()
        self.handing.accepted(identity)

    def _changed(self, poller: Poller) -> None:
        if _is_known(poller):
            self._hand_on(poller.snapshot())

    def _hand_on(self, snapshot: Snapshot) -> None:
        """Look at how a battery or a bank is doing, and hand it on."""
        self.handing.hand_on(self.alarming.take(snapshot))

    def _alarms_changed(self, batteries: Collection[str]) -> None:
        """Hand on batteries whose alarms changed by themselves."""
        for snapshot in self.snapshots():
            if snapshot.info.id in batteries:
                self.handing.hand_on(snapshot)

    def _note(self, kind: str, detail: str) -> None:
        self.logbook.note(kind, detail=detail)

    # ---- time passes

    async def _tick(self) -> None:
        clock = ClockJump(self.now, self._loop.time)
        while True:
            await asyncio.sleep(TICK)
            if jump := clock.look():
                self.logbook.note("clock jumped", detail=in_words(jump))
                log.warning("%s", in_words(jump))
            for key, poller in [*self.pollers.items()]:
                if poller.proved_no_battery:
                    self._refused.add(poller.wanted.address)
                    self._stop(key, gone=False)
            self.world.resize_slots()
            self.alarming.tick()

    async def _discover(self, airing: Airing) -> None:
        """Read batteries that are heard and that nobody listed."""
        while True:
            await airing.is_on()
            self._consider([await airing.radio.hears_new()])

    def _consider(self, all_heard: "Sequence[Heard]") -> None:
        """Begin to read those that may be batteries, and that nobody listed."""
        for heard in all_heard:
            read = [one.wanted for one in self.pollers.values()]
            taken = [*(one.info for one in self.pollers.values()), *self.banking.infos()]
            wanted = guest(heard, self.plan, read=read, taken=taken, refused=self._refused)
            if wanted is not None:
                self.logbook.note("found", battery=wanted.info.id, detail=wanted.info.name)
                self._start_batteries([wanted])


def _is_known(poller: Poller) -> bool:
    """Return whether it is the owner's battery: listed, or one that has proved to be a battery."""
    return not poller.wanted.guessed or poller.reading is not None
