"""Banks at work: each listens to how its packs are doing, as a publisher does, and is a battery to everybody else.

A bank has a task and a feed of its own. Whatever fails in it concerns neither the batteries nor another bank.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bmsreader.banks import Bank, Member, Outcome, Pack, judge
from bmsreader.banks.pack import capacity_of
from bmsreader.gateway.energy import Meter
from bmsreader.gateway.horizon import Outlook
from bmsreader.gateway.learning import learned, recalled
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.rounds import Rounds
from bmsreader.gateway.wanted import WantedBank
from bmsreader.model.bank import BankFacts
from bmsreader.model.battery import BatteryInfo, BatteryState, LinkCounts, Snapshot, Totals
from bmsreader.model.energy import longest_gap
from bmsreader.model.horizon import Horizon
from bmsreader.model.reading import Reading
from bmsreader.publishers.feed import Feed

if TYPE_CHECKING:
    from bmsreader.store import Store

log = logging.getLogger(__name__)

NOT_READ = "not read yet"
PACKS = "packs"
"""Kind of the record that says which packs a bank is made of now."""


class Outside(Protocol):
    """What a bank needs of the gateway around it."""

    def listen(self) -> Feed:
        """Return a feed of every snapshot, those of now included."""

    def leave(self, feed: Feed) -> None:
        """Hand nothing on to this feed any more."""


KeepGoing = Callable[..., Coroutine[Any, Any, None]]
"""Does work that never ends, again after a bug: ``keep_going(what, work, battery=id)``."""


class LiveBank:
    """One bank: read once each of its packs has been, and judged whenever one of them changes its state."""

    def __init__(
        self,
        wanted: WantedBank,
        *,
        outside: Outside,
        hand_on: Callable[[Snapshot], None],
        store: "Store | None",
        logbook: Logbook,
        accepted: Callable[[str], None],
        now: Callable[[], datetime],
        meter: Meter | None = None,
    ) -> None:
        """``hand_on`` takes how the bank is doing, ``accepted`` its id whenever it was read.

        ``meter`` goes on counting where the bank was changed while the gateway runs.
        """
        self.wanted = wanted
        self.info = wanted.info
        self.reading: Reading | None = None
        self.facts: BankFacts | None = None
        self._outside = outside
        self._hand_on = hand_on
        self._store = store
        self._logbook = logbook
        self._accepted = accepted
        self._now = now
        self._clock = asyncio.get_running_loop().time
        self._bank = Bank(wanted.arrangement, battery=wanted.info.id)
        self._packs: dict[str, Snapshot] = {}
        self._live: frozenset[str] | None = None
        self._judged: list[Member] = []
        self._rounds = Rounds(at_least=wanted.interval)
        self._readings = 0
        self._counted_at: float | None = None
        self._outlook = Outlook()
        self._horizon = Horizon()
        self._state = BatteryState.UNREACHABLE
        self._reason = NOT_READ
        self._since = now()
        self.meter = meter

    def _resumed(self) -> Meter:
        """Go on where an earlier run ended: counters, last reading, what is known of the bank."""
        if self._store is None:
            return Meter()
        known = next((info for info in self._store.infos() if info.id == self.info.id), None)
        if known is not None and known.maker == self.info.maker:  # else it was wired in another way
            self.info = recalled(self.info, known)
        if known != self.info:
            self._store.put_info(self.info)
        meter = Meter(self._store.totals(self.info.id) or Totals())
        last = self._store.last(self.info.id)
        if last is not None:
            self.reading = last[1]
            meter.take(last[1])
        return meter

    # ---- what others see

    @property
    def interval(self) -> float:
        """Seconds between two readings: what the owner wants, or that of the slowest pack."""
        return max(self._slowest(), self.wanted.interval or 0.0)

    def _slowest(self) -> float:
        return max((one.interval for one in self._packs.values()), default=10.0)

    def snapshot(self) -> Snapshot:
        """Return how the bank is doing now."""
        counted = None if self.meter is None else self.meter.totals
        return Snapshot(
            info=self.info,
            at=self._now(),
            state=self._state,
            since=self._since,
            reason=self._reason,
            reading=self.reading,
            totals=counted if self._store is None else self._store.totals(self.info.id),
            interval=self.interval,
            connected=any(one.connected for one in self._packs.values()),
            counts=LinkCounts(polls=self._readings, readings=self._readings),
            horizon=self._horizon if self._state is BatteryState.LIVE else Horizon(),
            bank=self.facts,
        )

    # ---- the life

    async def run(self) -> None:
        """Follow the packs until cancelled."""
        if self.meter is None:
            self.meter = self._resumed()
        self._hand_on(self.snapshot())
        feed = self._outside.listen()
        try:
            while True:
                changed: Sequence[Snapshot] = ()
                gone: Sequence[BatteryInfo] = ()
                try:
                    async with asyncio.timeout_at(self._rounds.deadline(self._slowest())):
                        changed, gone = await feed.news()
                except TimeoutError:
                    pass  # the round waited long enough
                self._look(self.meter, changed, gone)
        finally:
            self._outside.leave(feed)

    def _look(self, meter: Meter, changed: Iterable[Snapshot], gone: Iterable[BatteryInfo]) -> None:
        """Take in how packs are doing; read the bank, and hand on what that changes."""
        now = self._clock()
        concerned = False
        for info in gone:
            concerned |= self._packs.pop(info.id, None) is not None
            self._rounds.forget(info.id)
        for snapshot in changed:
            concerned |= self._take(snapshot, now)
        if self._rounds.is_due(self._expected(), now, self._slowest()):
            self._rounds.done(now)
            outcome = self._evaluated()
            self._judge(outcome)
            if self._state is BatteryState.LIVE:  # else its values are not those of the bank
                self._read(meter, outcome, now)
            self._hand_on(self.snapshot())
        elif concerned and self._is_otherwise() and not self._is_beginning():
            self._judge(self._evaluated())
            self._hand_on(self.snapshot())

    def _is_otherwise(self) -> bool:
        """Return whether other packs are live than when it was judged; without any, whether one is in another state."""
        live = self._live_now()
        return live != self._live or (not live and self._members() != self._judged)

    def _take(self, snapshot: Snapshot, now: float) -> bool:
        """Take in how one battery is doing; return whether it is a pack of this bank."""
        identity = snapshot.info.id
        if identity not in self.wanted.members:
            return False
        before = self._packs.get(identity)
        self._packs[identity] = snapshot
        reading = snapshot.current_reading
        if reading is None:
            self._rounds.forget(identity)
        elif before is None or before.current_reading is None or before.reading is not reading:
            self._rounds.took(identity, now)
        return True

    def _live_now(self) -> frozenset[str]:
        return frozenset(key for key, one in self._packs.items() if one.current_reading is not None)

    def _untried(self) -> set[str]:
        """Return the packs that nobody has tried to read yet, or whose first reading is under way."""
        return {
            key
            for key, one in self._packs.items()
            if not one.counts.readings and not one.counts.failures and one.state is BatteryState.UNREACHABLE
        }

    def _is_beginning(self) -> bool:
        """Return whether it is too early to judge: the first round is not over, and packs are still to come."""
        return self._live is None and bool(self._untried())

    def _expected(self) -> Collection[str]:
        """Return the packs whose reading completes a round: those that are live, and those that will be soon."""
        return self._live_now() | self._untried()

    def _evaluated(self) -> Outcome:
        """Return what the packs say about the bank now."""
        packs = []
        for identity, slug in zip(self.wanted.members, self.wanted.arrangement.packs, strict=True):
            one = self._packs.get(identity)
            if one is None:
                packs.append(Pack(slug=slug))
                continue
            capacity = None if one.reading is None else capacity_of(one.reading)
            packs.append(Pack(slug=slug, reading=one.current_reading, capacity=capacity, cells=one.info.cells))
        readings = [pack.reading.taken_at for pack in packs if pack.reading is not None]
        return self._bank.evaluate(packs, taken_at=max(readings, default=self._now()))

    def _read(self, meter: Meter, outcome: Outcome, now: float) -> None:
        """Keep and count what the packs say."""
        reading = outcome.reading
        info = learned(self.info, reading, ())
        if info is not self.info:
            self.info = info
            if self._store is not None:
                self._store.put_info(info)
        horizon = Horizon()
        if outcome.counts:  # what is seen in part is no measure of the whole: such a time becomes a gap
            elapsed = None if self._counted_at is None else now - self._counted_at
            meter.longest_gap = self._outlook.longest_gap = longest_gap(self.interval)
            meter.take(reading, elapsed=elapsed)
            horizon = self._outlook.take(reading, elapsed=elapsed)
            self._counted_at = now
        self._horizon = Horizon() if outcome.facts.words else horizon  # what is seen in part lasts for an unknown time
        if self._store is not None:
            reading = self._store.append(reading, totals=meter.totals)
            self._accepted(self.info.id)
        self.reading = reading
        self._readings += 1

    def _judge(self, outcome: Outcome) -> None:
        """Judge how the bank is doing, and record what that changes."""
        before, live = self._live, self._live_now()
        self._live, self.facts = live, outcome.facts
        members = self._judged = self._members()
        facts = outcome.facts
        judgement = judge(members, is_covered=outcome.is_covered, share=facts.capacity_share, words=facts.words)
        if before != live:
            self._note(PACKS, facts.words or f"all {len(facts.packs)} packs seen")
        if judgement.state is not self._state:
            self._since = self._now()
            why = f": {judgement.reason}" if judgement.reason else ""
            self._note("state", f"{self._state} -> {judgement.state}{why}")
        self._state, self._reason = judgement.state, judgement.reason

    def _members(self) -> list[Member]:
        """Return how every pack is doing."""
        return [self._member(identity) for identity in self.wanted.members]

    def _member(self, identity: str) -> Member:
        one = self._packs.get(identity)
        if one is None:
            slug = self.wanted.arrangement.packs[self.wanted.members.index(identity)]
            return Member(name=slug, state=BatteryState.UNREACHABLE, reason="not among the batteries that are read")
        state = BatteryState.UNREACHABLE if one.state is BatteryState.LIVE and one.reading is None else one.state
        return Member(name=one.info.name, state=state, reason=one.reason)

    def _note(self, kind: str, detail: str) -> None:
        log.info("%s: %s", self.info.name, detail)
        self._logbook.note(kind, battery=self.info.id, detail=detail)


class Banking:
    """All banks of the gateway: made, changed and removed as the plan says."""

    def __init__(
        self,
        *,
        outside: Outside,
        hand_on: Callable[[Snapshot], None],
        gone: Callable[[BatteryInfo], None],
        store: "Store | None",
        logbook: Logbook,
        accepted: Callable[[str], None],
        now: Callable[[], datetime],
        keep_going: KeepGoing,
    ) -> None:
        """``gone`` takes a bank that was removed; for the others see ``LiveBank``."""
        self._outside = outside
        self._gone = gone
        self._hand_on = hand_on
        self._store = store
        self._logbook = logbook
        self._accepted = accepted
        self._now = now
        self._keep_going = keep_going
        self._banks: dict[str, tuple[LiveBank, asyncio.Task[None]]] = {}

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return how every bank is doing now."""
        return tuple(bank.snapshot() for bank, _ in self._banks.values())

    def infos(self) -> tuple[BatteryInfo, ...]:
        """Return every bank."""
        return tuple(bank.info for bank, _ in self._banks.values())

    def members(self, name: str) -> tuple[str, ...]:
        """Return the ids of the batteries of a bank, by its slug, id or name; none if there is no such bank."""
        wanted = name.casefold()
        for bank, _ in self._banks.values():
            if wanted in (bank.info.slug, bank.info.id, bank.info.name.casefold()):
                return bank.wanted.members
        return ()

    def start(self, banks: Iterable[WantedBank], tasks: asyncio.TaskGroup) -> None:
        """Let banks work."""
        for wanted in banks:
            self._start(wanted, tasks)

    def change(self, banks: Sequence[WantedBank], tasks: asyncio.TaskGroup) -> list[str]:
        """Go over to the banks of another plan; return what changed, in words."""
        told = []
        fresh = {one.info.id: one for one in banks}
        for identity, (bank, task) in [*self._banks.items()]:
            if identity not in fresh:
                task.cancel()
                del self._banks[identity]
                self._gone(bank.info)
                told.append(f"bank {bank.info.name} removed")
        for identity, wanted in fresh.items():
            running = self._banks.get(identity)
            if running is None:
                self._start(wanted, tasks)
                told.append(f"bank {wanted.info.name} added")
            elif running[0].wanted != wanted:
                running[1].cancel()
                self._start(wanted, tasks, meter=running[0].meter)
                told.append(f"bank {wanted.info.name} changed")
        return told

    def _start(self, wanted: WantedBank, tasks: asyncio.TaskGroup, *, meter: Meter | None = None) -> None:
        bank = LiveBank(
            wanted,
            outside=self._outside,
            hand_on=self._hand_on,
            store=self._store,
            logbook=self._logbook,
            accepted=self._accepted,
            now=self._now,
            meter=meter,
        )
        work = self._keep_going(f"bank {wanted.info.name}", bank.run, battery=wanted.info.id)
        self._banks[wanted.info.id] = bank, tasks.create_task(work)
