"""What all pollers share: the radio and its slots, the history, the event record, the clock."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from bmsreader.gateway.airing import Airing
from bmsreader.gateway.ears import address_of
from bmsreader.gateway.escalation import Step
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.poller import Poller
from bmsreader.gateway.slots import Slots
from bmsreader.gateway.wanted import Wanted
from bmsreader.links.link import Link
from bmsreader.links.radio import Radio
from bmsreader.model.battery import Totals
from bmsreader.model.errors import NoBluetooth, OwnerError
from bmsreader.model.reading import Reading
from bmsreader.session.opening import is_port

if TYPE_CHECKING:
    from bmsreader.store import Store

log = logging.getLogger(__name__)

AGAIN = 1.0
"""s between two looks whether the radio is on."""


class World:
    """The surroundings of the pollers; see ``poller.Surroundings`` for what each method promises."""

    def __init__(
        self,
        *,
        radio: Airing | None,
        store: "Store | None",
        logbook: Logbook,
        now: Callable[[], datetime],
        dice: Random,
        pollers: Mapping[str, Poller],
        on_accept: Callable[[str], None],
        on_change: Callable[[Poller], None],
    ) -> None:
        """``pollers`` is the gateway's own, by id, and changes while it runs; ``on_accept`` takes a battery's id."""
        self.radio = radio
        self.store = store
        self.logbook = logbook
        self.now = now
        self.dice = dice
        self._pollers = pollers
        self._on_accept = on_accept
        self._on_change = on_change
        self._slots: dict[str | None, Slots] = {}
        self._reset_at: float | None = None
        self._loop = asyncio.get_running_loop()

    # ---- radio

    async def link(self, wanted: Wanted) -> Link:
        """Return a link to a battery; raise NoBluetooth, NotHeard or UsageError."""
        if is_port(wanted.address):
            from bmsreader.links.serial import SerialLink

            return SerialLink(wanted.address.removeprefix("serial:"), codecs=wanted.codecs)
        air = self._air()
        return air.link(address_of(wanted.address, air.heard()), codecs=wanted.codecs, adapter=wanted.adapter)

    def slots(self, wanted: Wanted) -> Slots | None:
        """Return the connections that this battery shares with others; None on a serial line."""
        if is_port(wanted.address):
            return None
        if wanted.adapter not in self._slots:
            self._slots[wanted.adapter] = Slots(self._air().slots(wanted.adapter))
        return self._slots[wanted.adapter]

    def resize_slots(self) -> None:
        """Take note of adapters that came or went."""
        if self.radio is not None and self.radio.on:
            for adapter, slots in self._slots.items():
                slots.resize(max(1, self.radio.radio.slots(adapter)))

    async def hears(self, address: str) -> None:
        """Return at the battery's next advertisement; never where there is no radio."""
        if self.radio is None:
            await asyncio.Event().wait()
            return
        await self.radio.is_on()
        while True:
            try:
                resolved = address_of(address, self.radio.radio.heard())
            except OwnerError:
                await asyncio.sleep(AGAIN)
                continue
            await self.radio.radio.hears(resolved)
            return

    async def help(self, poller: Poller, step: Step) -> None:
        """Do what is beyond one battery's conversation: free a stale link, reset an adapter."""
        if self.radio is None or not self.radio.on or is_port(poller.wanted.address):
            return
        radio = self.radio.radio
        began = self._loop.time()
        if step is Step.FREE_LINK:
            done = await radio.free(poller.wanted.address)
            detail = "dropped a link that this machine still held" if done else "this machine holds no link to it"
        elif step is Step.RESET_ADAPTER:
            self._reset_at = began
            adapter = poller.wanted.adapter or next((one.name for one in radio.health()), "")
            done = await radio.reset(adapter)
            detail = f"{adapter}: {'works again' if done else 'still does not work'}"
        else:
            detail = "the battery's services are looked up anew at the next connection"
        self.note(str(step), poller, duration=round(self._loop.time() - began, 3), detail=detail)

    def others_read(self, poller: Poller) -> bool:
        """Return whether another battery on the same radio is being read."""
        return any(one.is_live for one in self._pollers.values() if one is not poller)

    def since_reset(self) -> float | None:
        """Return s since an adapter was last reset for a battery's sake."""
        return None if self._reset_at is None else self._loop.time() - self._reset_at

    def _air(self) -> Radio:
        if self.radio is None or not self.radio.on:
            raise NoBluetooth((self.radio.problem if self.radio else "") or "Bluetooth is not switched on yet")
        return self.radio.radio

    # ---- what came of it

    def accept(self, poller: Poller, reading: Reading) -> Reading:
        """Keep a reading; return it as it is stored."""
        if self.store is None:
            return reading
        kept = self.store.append(reading, signal=poller.signal, totals=poller.meter.totals)
        self._on_accept(poller.info.id)
        return kept

    def learned(self, poller: Poller) -> None:
        """Keep what is known of the battery itself."""
        if self.store is not None:
            self.store.put_info(poller.info)

    def changed(self, poller: Poller) -> None:
        """Take note of a reading or a change of state."""
        self._on_change(poller)

    def note(
        self, kind: str, poller: Poller, *, duration: float | None = None, detail: str = "", frame: bytes = b""
    ) -> None:
        """Add to the event record; a change of state is also told in the log."""
        level = logging.INFO if kind == "state" else logging.DEBUG
        if log.isEnabledFor(level):
            log.log(
                level, "%s: %s", poller.info.name, " ".join(filter(None, (kind if kind != "state" else "", detail)))
            )
        self.logbook.note(kind, battery=poller.info.id, duration=duration, detail=detail, frame=frame)

    def totals(self, identity: str) -> Totals | None:
        """Return the counters as they are safe on disk; without a history, as they are since the start."""
        if self.store is not None:
            return self.store.totals(identity)
        poller = self._pollers.get(identity)
        return poller.meter.totals if poller is not None else None
