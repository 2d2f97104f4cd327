"""One adapter's life: it listens whenever that is possible, and is helped when it does not hear."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from bmsreader.links.adapters import LocalAdapter
from bmsreader.links.bus import Bus
from bmsreader.links.recovery import Hearing, Treatment, reset
from bmsreader.links.scanner import TROUBLES, Ether, Scanner
from bmsreader.model.errors import NoBluetooth
from bmsreader.model.health import AdapterHealth

SLOTS = 5
"""Connections that a usual adapter can hold at once."""
EXPECTED_BACK = 3600.0
"""s for which an adapter that is gone counts as a problem, unless the owner named it."""
GRAIN = 0.5
"""s within which the time of the last advertisement is not distinguished from that of the beginning."""
LOOK_EVERY = 30.0
"""s between two looks at an adapter that works."""
FIRST_RETRY, LONGEST_RETRY = 1.0, 60.0
"""s between two attempts to begin listening: doubled from the one up to the other."""
SWITCH_ON_AFTER, LONGEST_SWITCH_ON_PAUSE = 10.0, 3600.0
"""s that an adapter may be off before it is switched on; doubled each time that somebody switches it off again."""
STILL_ON = 600.0
"""s that an adapter must have stayed on for the next switching on to come as quickly as the first."""


class Tell(Protocol):
    """Adds to the event record."""

    def __call__(self, kind: str, *, adapter: str = "", duration: float | None = None, detail: str = "") -> None: ...


class Station:
    """A local adapter in use. ``live`` runs until cancelled; ``seen`` says how the adapter is."""

    def __init__(
        self,
        adapter: LocalAdapter,
        ether: Ether,
        bus: Bus,
        tell: Tell,
        *,
        make_scanner: Callable[[LocalAdapter], Scanner] = Scanner,
    ) -> None:
        self.adapter = adapter
        self.resets = 0
        self.problem = "listening has not begun yet"
        self._present: LocalAdapter | None = adapter
        self._ether = ether
        self._bus = bus
        self._tell = tell
        self._make_scanner = make_scanner
        self._loop = asyncio.get_running_loop()
        self._scanner: Scanner | None = None
        self._leave: list[Callable[[], object]] = []
        self._hearing = Hearing(quiet_since=self._loop.time())
        self._began_at = 0.0
        self._changed = asyncio.Event()
        self._anew = False
        self._failures = 0
        self._away_since: float | None = None
        self._off_since: float | None = None
        self._on_since = self._loop.time()
        self._switched_on = 0
        self._hands = asyncio.Lock()

    # ---- what others see and say

    @property
    def listening(self) -> bool:
        """Whether it listens."""
        return self._scanner is not None and not self.problem

    @property
    def forgotten(self) -> bool:
        """Whether the adapter is gone for so long that nobody expects it back."""
        return self._away_since is not None and self._loop.time() - self._away_since > EXPECTED_BACK

    @property
    def links(self) -> int:
        """How many connections the adapter holds: all that BlueZ knows of; on other systems those of this program."""
        ours = 0 if self._scanner is None else len(self._scanner._clients)
        return max(ours, len(self._ether.slot_manager.get_allocations(self.adapter.name).allocated))

    def seen(self, adapter: LocalAdapter | None, *, anew: bool = False) -> None:
        """Take note of how the adapter is, None = gone; ``anew``: the Bluetooth service was restarted meanwhile."""
        if adapter != self._present or anew:
            self._anew |= anew or (adapter is not None and adapter.name != self.adapter.name)
            self._present = adapter
            self._changed.set()

    def health(self) -> AdapterHealth:
        """Return how the adapter is doing."""
        slots = SLOTS if self._present is not None and self._present.powered else 0
        return AdapterHealth(
            name=self.adapter.name,
            ok=self.listening,
            problem=self.problem,
            slots=slots,
            free=max(0, slots - self.links) if slots else 0,
            resets=self.resets,
        )

    # ---- the life

    async def live(self) -> None:
        """Listen whenever that is possible, until cancelled."""
        try:
            while True:
                self._changed.clear()
                async with self._hands:
                    pause = await self._mind()
                try:
                    async with asyncio.timeout(pause):
                        await self._changed.wait()
                except TimeoutError:
                    pass
        finally:
            await self._stop()

    async def _mind(self) -> float:
        """Do what is to be done now; return after how many s to look again."""
        present, now = self._present, self._loop.time()
        if self._scanner is not None and (present is None or not present.powered or self._anew):
            await self._stop()
        self._anew = False
        if present is None:
            return self._is_gone(now)
        if self._away_since is not None:
            self._tell("adapter back", adapter=present.name, duration=self._since(self._away_since))
            self._away_since = None
        self.adapter = present
        if not present.powered:
            return await self._is_off(present, now)
        if self._off_since is not None:
            self._tell("adapter on", adapter=present.name, duration=self._since(self._off_since))
            self._off_since, self._on_since = None, now
        if self._scanner is None:
            return await self._start()
        return await self._listen_on()

    def _is_gone(self, now: float) -> float:
        if self._away_since is None:
            self._away_since, self._off_since = now, None
            self.problem = "the adapter is gone"
            self._tell("adapter gone", adapter=self.adapter.name, detail=self.adapter.address)
        return LOOK_EVERY

    async def _is_off(self, adapter: LocalAdapter, now: float) -> float:
        """Switch it on after a while: less and less often when somebody switches it off again."""
        if self._off_since is None:
            if now - self._on_since >= STILL_ON:
                self._switched_on = 0
            self._off_since = now
            self.problem = "the adapter is switched off"
            self._tell("adapter off", adapter=adapter.name)
        pause = min(SWITCH_ON_AFTER * 2.0**self._switched_on, LONGEST_SWITCH_ON_PAUSE)
        left = self._off_since + pause - now
        if left > 0:
            return left
        self._switched_on += 1
        try:
            await self._bus.power(adapter.name, on=True)
        except NoBluetooth as error:
            self.problem = f"the adapter is switched off and cannot be switched on: {error}"
            self._tell("switching on failed", adapter=adapter.name, detail=str(error))
        return LOOK_EVERY

    async def _start(self) -> float:
        """Begin to listen; return after how many s to look again."""
        began = self._loop.time()
        try:
            await self._begin()
        except TROUBLES as error:
            await self._stop()
            self._failures += 1
            self.problem = f"listening cannot be begun: {error}"
            self._tell("scanner failed", adapter=self.adapter.name, duration=self._since(began), detail=str(error))
            if self._failures % 5 == 0:
                await self._reset("listening could not be begun")
            return min(FIRST_RETRY * 2.0 ** min(self._failures - 1, 10), LONGEST_RETRY)
        self._failures, self.problem = 0, ""
        self._tell("scanner started", adapter=self.adapter.name, duration=self._since(began))
        return LOOK_EVERY

    async def _begin(self) -> None:
        scanner = self._make_scanner(self.adapter)
        self._scanner = scanner
        self._leave = [
            scanner.async_setup(),
            self._ether.async_register_scanner(scanner, connection_slots=SLOTS),
        ]
        await scanner.begin()
        self._began_at = self._loop.time()

    async def _stop(self) -> None:
        """End listening; the connections made through this adapter are given up."""
        scanner, self._scanner = self._scanner, None
        if scanner is None:
            return
        began = self._loop.time()
        detail = ""
        try:
            await scanner.end()
        except TROUBLES as error:
            detail = str(error)  # what does not answer any more has stopped listening, too
        finally:
            for leave in reversed(self._leave):
                leave()
        self._tell("scanner stopped", adapter=self.adapter.name, duration=self._since(began), detail=detail)

    async def _listen_on(self) -> float:
        """See whether it still hears anything, and help it when it does not."""
        scanner, now = self._scanner, self._loop.time()
        if scanner is None:
            return FIRST_RETRY
        heard_at = now - scanner.time_since_last_detection()
        if heard_at > self._began_at + GRAIN:
            self._hearing.heard(heard_at)
        treatment = self._hearing.treatment(now, links=self.links)
        if treatment is Treatment.NOTHING:
            return LOOK_EVERY
        self._hearing.treated(treatment, now)
        quiet = round(now - self._hearing.quiet_since, 1)
        if treatment is Treatment.RESET:
            self._tell("adapter deaf", adapter=self.adapter.name, duration=quiet, detail="no advertisement at all")
            await self._reset(f"nothing heard for {quiet:.0f} s")
        else:
            self._tell("adapter quiet", adapter=self.adapter.name, duration=quiet, detail="listening is begun anew")
            await self._stop()
        return 0.0

    # ---- help

    async def reset(self, why: str) -> bool:
        """Reset the adapter and begin to listen anew; return whether it works again."""
        async with self._hands:
            return await self._reset(why)

    async def _reset(self, why: str) -> bool:
        began = self._loop.time()
        self.resets += 1
        try:
            await self._stop()
            how = await reset(self.adapter, self._bus, thoroughly=self._ether.has_rights)
        except NoBluetooth as error:
            self.problem = f"the adapter could not be reset: {error}"
            how, works = str(error), False
        else:
            works = True
        finally:
            self._changed.set()
        self._tell(
            "adapter reset" if works else "adapter reset failed",
            adapter=self.adapter.name,
            duration=self._since(began),
            detail=f"{why}: {how}",
        )
        return works

    def _since(self, began: float) -> float:
        return round(self._loop.time() - began, 3)
