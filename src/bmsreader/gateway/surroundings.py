"""What a poller needs of the gateway around it."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Protocol

from bmsreader.gateway.escalation import Step
from bmsreader.gateway.slots import Slots
from bmsreader.gateway.wanted import Wanted
from bmsreader.links.link import Link
from bmsreader.model.battery import Totals
from bmsreader.model.reading import Reading

if TYPE_CHECKING:
    from bmsreader.gateway.poller import Poller


class Surroundings(Protocol):
    """The radio, the history, the record and the clock, as one battery sees them; ``World`` is the real thing."""

    dice: Random
    now: Callable[[], datetime]

    async def link(self, wanted: Wanted) -> Link:
        """Return a link to the battery; raise NotHeard when it is only known by a name that nobody advertises."""

    def slots(self, wanted: Wanted) -> Slots | None:
        """Return the connections that this battery shares with others; None on a serial line."""

    async def hears(self, address: str) -> None:
        """Return at the battery's next advertisement."""

    async def help(self, poller: "Poller", step: Step) -> None:
        """Do what is beyond one battery's conversation: free a stale link, reset an adapter."""

    def others_read(self, poller: "Poller") -> bool:
        """Return whether another battery on the same radio is being read."""

    def since_reset(self) -> float | None:
        """Return s since an adapter was last reset for a battery's sake."""

    def accept(self, poller: "Poller", reading: Reading) -> Reading:
        """Keep a reading; return it as it is stored."""

    def learned(self, poller: "Poller") -> None:
        """Keep what is known of the battery itself."""

    def changed(self, poller: "Poller") -> None:
        """Take note of a reading or a change of state."""

    def note(
        self, kind: str, poller: "Poller", *, duration: float | None = None, detail: str = "", frame: bytes = b""
    ) -> None:
        """Add to the event record."""

    def totals(self, identity: str) -> Totals | None:
        """Return the counters as they are safe on disk; without a history, as they are since the start."""
