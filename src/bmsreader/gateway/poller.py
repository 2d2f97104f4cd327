"""One battery's life in the gateway: read it on the beat, for months; whatever fails concerns nobody else."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from bmsreader.gateway.energy import Meter
from bmsreader.gateway.escalation import Step, next_step
from bmsreader.gateway.frozen import Frozen
from bmsreader.gateway.horizon import Outlook
from bmsreader.gateway.learning import learned
from bmsreader.gateway.slots import Slots
from bmsreader.gateway.states import Facts, Judgement, fresh_for, judge
from bmsreader.gateway.surroundings import Surroundings
from bmsreader.gateway.wanted import Wanted
from bmsreader.model.battery import BatteryInfo, BatteryState, LinkCounts, Snapshot, Totals
from bmsreader.model.energy import longest_gap
from bmsreader.model.errors import BatteryBusy, BmsReaderError, LinkLost, NotHeard, NotRecognised, OwnerError
from bmsreader.model.horizon import Horizon
from bmsreader.model.reading import Reading
from bmsreader.session.event import Event, Kind
from bmsreader.session.session import Session
from bmsreader.session.timing import Timing

PATIENCE = Timing(connect_attempts=1, attempts=2, answer=3.0)
"""Less stubborn than a single reading: the next turn is soon, and other batteries wait for the radio."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""s between two attempts on an absent battery: doubled from the one up to the other; an advertisement ends a pause."""
WORTH_TELLING = 0.1
"""s that a disconnect of no link may take before it is something that happened."""
A_MOMENT = 0.001
"""s after which a reading that is no longer fresh is looked at again."""


@dataclass(kw_only=True, eq=False)
class Tally:
    """Counts that a poller keeps; ``LinkCounts`` for outside."""

    polls: int = 0
    readings: int = 0
    rejected: int = 0
    connects: int = 0
    failures: int = 0
    last_poll: float | None = None

    def frozen(self) -> LinkCounts:
        """Return the counts of this moment."""
        return LinkCounts(
            polls=self.polls,
            readings=self.readings,
            rejected=self.rejected,
            connects=self.connects,
            failures=self.failures,
            last_poll=self.last_poll,
        )


class Poller:
    """Reads one battery again and again, and knows how it is doing."""

    def __init__(
        self, wanted: Wanted, surroundings: Surroundings, *, delay: float = 0.0, totals: Totals | None = None
    ) -> None:
        self.wanted = wanted
        self.info: BatteryInfo = wanted.info
        self.meter = Meter(totals or Totals(), longest_gap=longest_gap(wanted.interval))
        self.tally = Tally()
        self.reading: Reading | None = None
        self.signal: int | None = None
        self.latest = 0.0
        """The longest that a poll came after its turn, s."""
        self.moved_at = 0.0
        """When it last did anything, by the event loop's clock: a poller never sleeps for long."""
        self._world = surroundings
        self._loop = asyncio.get_running_loop()
        self._delay = delay
        self._frozen = Frozen(longest_gap=self.meter.longest_gap)
        self._why_frozen: str | None = None
        self._outlook = Outlook(longest_gap=self.meter.longest_gap)
        self._horizon = Horizon()
        self._read_at: float | None = None
        self._error: BmsReaderError | None = None
        self._failures = 0
        self._session: Session | None = None
        self._leaving = False
        self._linked = False
        self._slots: Slots | None = None
        self._released_until: float | None = None
        self._released_words = ""
        self._called = asyncio.Event()
        self._expiry: asyncio.TimerHandle | None = None
        self._judgement = Judgement(BatteryState.UNREACHABLE, "not read yet")
        self._since = surroundings.now()

    # ---- what others ask

    @property
    def connected(self) -> bool:
        """Whether the link is up, and stays up."""
        return self._session is not None and self._session.connected and not self._leaving

    @property
    def is_live(self) -> bool:
        """Whether it is being read."""
        return self._judgement.state is BatteryState.LIVE

    @property
    def proved_no_battery(self) -> bool:
        """Whether it was only guessed to be a battery, and answers nothing that a battery would."""
        return self.wanted.guessed and self.reading is None and isinstance(self._error, NotRecognised)

    def snapshot(self) -> Snapshot:
        """Return how the battery is doing now."""
        return Snapshot(
            info=self.info,
            at=self._world.now(),
            state=self._judgement.state,
            since=self._since,
            reason=self._judgement.reason,
            reading=self.reading,
            totals=self._world.totals(self.info.id),
            interval=self.wanted.interval,
            signal=self.signal,
            connected=self.connected,
            counts=self.tally.frozen(),
            horizon=self._horizon if self.is_live else Horizon(),
        )

    def refresh(self) -> None:
        """Read at once instead of at the next turn."""
        self._called.set()

    def release(self, seconds: float, until: str) -> None:
        """Let the battery go for so many seconds (0: take it back); ``until`` says in words until when."""
        self._released_until = self._loop.time() + seconds if seconds > 0 else None
        self._released_words = until
        self._called.set()

    def adjust(self, wanted: Wanted) -> None:
        """Take a new interval or name without dropping the link."""
        info = replace(self.info, name=wanted.info.name, slug=wanted.info.slug)
        self.wanted, self.info = wanted, info
        self.meter.longest_gap = self._outlook.longest_gap = longest_gap(wanted.interval)
        self._called.set()

    def resume(self, reading: Reading) -> None:
        """Remember the last reading of an earlier run: old, but better than nothing; it never counts as live."""
        if self.reading is None:
            self.reading = reading
            self.info = learned(self.info, reading, self.wanted.codecs)
            self.meter.take(reading)

    # ---- the life

    async def live(self) -> None:
        """Read on the beat until cancelled; the link is let go at the end."""
        try:
            await self._sleep(self._delay)
            due = self._loop.time()
            while True:
                await self._while_released()
                self.latest = max(self.latest, self._loop.time() - due)
                if await self._poll():
                    now = self._loop.time()
                    every = self.wanted.interval
                    due += every * max(1, ceil((now - due) / every))  # what was missed is not made up for
                    await self._sleep(due - now)
                else:
                    await self._pause()
                    due = self._loop.time()
        finally:
            if self._expiry is not None:
                self._expiry.cancel()
            await self._let_go()

    async def _poll(self) -> bool:
        """Read once; return whether that gave a reading."""
        self.tally.polls += 1
        self.moved_at = began = self._loop.time()
        try:
            session = await self._open()
            reading = await session.read()
        except OwnerError as error:
            await self._failed(error)
            return False
        self.tally.last_poll = round(self._loop.time() - began, 3)
        needed = self._slots is not None and self._slots.wanted
        self._leaving = needed or not self.wanted.keep or self._released_until is not None
        self._took(reading, session)
        if self._leaving:
            await self._let_go()
        return True

    async def _open(self) -> Session:
        """Return the session with a slot held for it; it connects when it is read."""
        if self._session is None:
            link = await self._world.link(self.wanted)
            codecs = self.wanted.codecs
            self._session = Session(
                link,
                codecs,
                identity=self.info.id,
                cells=max(self.wanted.cells, self.info.cells),
                timing=PATIENCE,
                now=self._world.now,
                on_event=self._heard_of,
            )
        if self._slots is None:
            slots = self._world.slots(self.wanted)
            if slots is not None:
                await slots.take()
                self._slots = slots
        return self._session

    async def _let_go(self) -> None:
        """Close the link and give the slot back, whatever happens."""
        try:
            if self._session is not None:
                await self._session.close()
        finally:
            self._leaving = False
            if self._slots is not None:
                self._slots.give_back()
                self._slots = None

    def _took(self, reading: Reading, session: Session) -> None:
        now = self._loop.time()
        elapsed = None if self._read_at is None else now - self._read_at
        self._read_at, self._error, self._failures = now, None, 0
        self.tally.readings += 1
        self.signal = session.link.signal
        why = self._frozen.take(reading, elapsed=elapsed)
        if why != self._why_frozen:
            self._world.note("frozen" if why else "moving again", self, detail=why or "")
        self._why_frozen = why
        info = learned(self.info, reading, self.wanted.codecs)
        if info is not self.info:
            self.info = info
            self._world.learned(self)
        self.meter.take(reading, elapsed=elapsed)
        self._horizon = self._outlook.take(reading, elapsed=elapsed)
        self.reading = self._world.accept(self, reading)
        if self._expiry is not None:
            self._expiry.cancel()
        self._expiry = self._loop.call_at(now + fresh_for(self.wanted.interval) + A_MOMENT, self.judge)
        self._judge()
        self._world.changed(self)

    async def _failed(self, error: BmsReaderError) -> None:
        self._error = error
        self._failures += 1
        self.tally.failures += 1
        await self._let_go()
        self._judge()
        self._world.changed(self)  # the counts did, and the link

    async def _pause(self) -> None:
        """Wait before the next attempt, longer each time; the battery's advertisement, or the owner, ends the wait."""
        error = self._error
        if error is None:
            return
        step = next_step(
            self._failures, error, others_read=self._world.others_read(self), since_reset=self._world.since_reset()
        )
        if step is Step.FRESH_DISCOVERY and self._session is not None:
            self._session.forget_services()
        if step is not Step.RECONNECT:
            await self._world.help(self, step)
        longest = (
            min(LONGEST_PAUSE, max(30.0, 3 * self.wanted.interval)) if isinstance(error, BatteryBusy) else LONGEST_PAUSE
        )
        pause = min(FIRST_PAUSE * 2 ** min(self._failures - 1, 16), longest)
        pause *= self._world.dice.uniform(0.8, 1.2)
        waits: list[Coroutine[Any, Any, Any]] = [self._called.wait()]
        if isinstance(error, (NotHeard, LinkLost)) and pause > FIRST_PAUSE * 2:
            waits.append(self._world.hears(self.wanted.address))
        await self._first_of(waits, pause)

    async def _first_of(self, waits: list[Coroutine[Any, Any, Any]], seconds: float) -> None:
        """Return when the first of these happens, or the time is over."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(wait) for wait in waits]
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        self._called.clear()

    async def _sleep(self, seconds: float) -> None:
        """Wait for the next turn, unless called before."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._called.wait()
        except TimeoutError:
            return
        self._called.clear()

    async def _while_released(self) -> None:
        if self._released_until is None:
            return
        await self._let_go()
        self._world.note("released", self, detail=f"until {self._released_words}")
        self.judge()
        while (left := self._release_left()) > 0:
            self.moved_at = self._loop.time()
            await self._sleep(min(left, 60.0))
        self._released_until = None
        self._error, self._failures = None, 0
        self._world.note("taken back", self)  # the reading that comes now says how it is doing

    def _release_left(self) -> float:
        """Return for how many seconds the battery stays released; 0 when it was taken back."""
        return 0.0 if self._released_until is None else self._released_until - self._loop.time()

    # ---- judging

    def judge(self) -> None:
        """Look again how it is doing; tell when that changed."""
        if self._judge():
            self._world.changed(self)

    def _judge(self) -> bool:
        before = self._judgement
        age = None if self._read_at is None else self._loop.time() - self._read_at
        released = self._released_words if self._released_until is not None else None
        if released is None and self._why_frozen is None and age is not None and age <= fresh_for(self.wanted.interval):
            self._judgement = _LIVE  # nearly always, and asked after each reading
        else:
            self._judgement = judge(
                Facts(
                    age=age,
                    interval=self.wanted.interval,
                    reading=self.reading,
                    frozen=self._why_frozen,
                    error=self._error,
                    released=released,
                )
            )
        if self._judgement.state is not before.state:
            self._since = self._world.now()
            why = f": {self._judgement.reason}" if self._judgement.reason else ""
            self._world.note("state", self, detail=f"{before.state} -> {self._judgement.state}{why}")
        return self._judgement != before

    # ---- the event record

    def _heard_of(self, event: Event) -> None:
        tally = self.tally
        tally.rejected += event.kind is Kind.REJECTED
        tally.connects += event.kind is Kind.CONNECTED
        linked, self._linked = (
            self._linked,
            event.kind not in _LINK_ENDS and (self._linked or event.kind is Kind.CONNECTED),
        )
        if event.kind is Kind.DISCONNECTED and not linked and (event.duration or 0.0) < WORTH_TELLING:
            return  # nothing was connected: nothing happened
        self._world.note(str(event.kind), self, duration=event.duration, detail=event.detail, frame=event.frame)


_LINK_ENDS = (Kind.DISCONNECTED, Kind.DISCONNECT_HUNG)
_LIVE = Judgement(BatteryState.LIVE)
