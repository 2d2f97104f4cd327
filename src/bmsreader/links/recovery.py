"""When an adapter counts as deaf, what is done about it and how often, and how an adapter is reset."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from bmsreader.links.adapters import LocalAdapter
from bmsreader.links.bus import Bus
from bmsreader.links.deadline import within
from bmsreader.model.errors import NoBluetooth

LISTEN_AGAIN_AFTER = 120.0
"""s without any advertisement after which listening is begun anew: that hurts no link."""
LISTEN_AGAIN_PAUSE, LONGEST_LISTEN_AGAIN_PAUSE = 300.0, 3600.0
"""s between two such beginnings: doubled from the one up to the other while the air stays quiet."""
DEAF_AFTER = 600.0
"""s without any advertisement after which an adapter that heard some before counts as deaf."""
RESET_PAUSE, LONGEST_RESET_PAUSE = 1800.0, 6 * 3600.0
"""s between two resets of a deaf adapter: doubled from the one up to the other while they do not help."""
RESET_WITHIN = 60.0
"""s that a reset may take."""
OFF = 1.0
"""s that an adapter stays off when it is switched off and on."""


class Treatment(StrEnum):
    """What is to be done about an adapter, from nothing to harsh."""

    NOTHING = "nothing"
    LISTEN_AGAIN = "listen again"
    RESET = "reset"


@dataclass(kw_only=True, eq=False)
class Hearing:
    """What is known of an adapter's hearing; all times in s of one clock, None = never."""

    quiet_since: float
    """When the last advertisement was heard, or listening began for the first time."""
    heard_before: bool = False
    """Whether it ever heard anything: an adapter in a lonely place is not deaf."""
    listened_again: int = 0
    """How often listening was begun anew in this silence."""
    listened_again_at: float | None = None
    resets: int = 0
    """How often it was reset in this silence."""
    reset_at: float | None = None

    def heard(self, at: float) -> None:
        """Take note that something was heard: the silence is over."""
        self.quiet_since, self.heard_before = max(at, self.quiet_since), True
        self.listened_again = self.resets = 0

    def treatment(self, now: float, *, links: int) -> Treatment:
        """Return what is to be done now; ``links`` is the number of connections that the adapter holds.

        A connected battery does not advertise. So where all batteries are connected, silence is normal, and an adapter
        that holds a link is never reset because of it.
        """
        quiet = now - self.quiet_since
        if quiet >= DEAF_AFTER and self.heard_before and not links:
            pause = min(RESET_PAUSE * 2 ** max(0, self.resets - 1), LONGEST_RESET_PAUSE)
            if self.reset_at is None or now - self.reset_at >= pause:
                return Treatment.RESET
        if quiet >= LISTEN_AGAIN_AFTER:
            pause = min(LISTEN_AGAIN_PAUSE * 2 ** max(0, self.listened_again - 1), LONGEST_LISTEN_AGAIN_PAUSE)
            if self.listened_again_at is None or now - self.listened_again_at >= pause:
                return Treatment.LISTEN_AGAIN
        return Treatment.NOTHING

    def treated(self, treatment: Treatment, now: float) -> None:
        """Take note of what was done."""
        if treatment is Treatment.RESET:
            self.resets += 1
            self.reset_at = now
        elif treatment is Treatment.LISTEN_AGAIN:
            self.listened_again += 1
            self.listened_again_at = now


async def reset(adapter: LocalAdapter, bus: Bus, *, thoroughly: bool) -> str:
    """Reset an adapter and return how, in words; raise NoBluetooth when it does not work afterwards.

    ``thoroughly`` needs the right to manage the network (CAP_NET_ADMIN): the kernel switches the adapter off and on,
    and a USB adapter is reset as if it were unplugged. Without it, or when that does not help, the Bluetooth service
    is asked to switch it off and on.
    """
    if thoroughly and adapter.name.startswith("hci"):
        from bluetooth_auto_recovery import recover_adapter

        try:
            works = await within(
                RESET_WITHIN, recover_adapter(int(adapter.name.removeprefix("hci")), adapter.address, True)
            )
        except (OSError, TimeoutError, ValueError):
            works = False
        if works:
            return "reset by the kernel"
    await switch_off_and_on(adapter, bus)
    return "switched off and on"


async def switch_off_and_on(adapter: LocalAdapter, bus: Bus) -> None:
    """Have the Bluetooth service switch an adapter off and on; raise NoBluetooth when it does not."""
    try:
        await bus.power(adapter.name, on=False)
        await asyncio.sleep(OFF)
    except NoBluetooth:
        pass  # what hangs when it is switched off may still come back when it is switched on
    await bus.power(adapter.name, on=True)
