"""The two kinds of publisher, as the gateway sees them."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bmsreader.model.alarm import Edge
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.health import PublisherHealth
from bmsreader.model.reading import Reading
from bmsreader.publishers.feed import Commands, Feed


class LivePublisher(Protocol):
    """The latest value wins: MQTT state, Home Assistant, Prometheus. The gateway restarts it whenever it fails."""

    @property
    def name(self) -> str:
        """Unique and stable, such as ``mqtt``."""

    async def run(self, feed: Feed, commands: Commands) -> None:
        """Publish until cancelled, then say goodbye; raise PublishError when it cannot go on: it is run again later."""

    def health(self) -> PublisherHealth:
        """Return how it is doing."""


class DurablePublisher(Protocol):
    """Every reading arrives, in order, at least once. The gateway remembers what arrived and tries again."""

    @property
    def name(self) -> str:
        """Unique and stable: its position in the history is kept under this name."""

    @property
    def batch(self) -> int:
        """How many readings it takes at once, at most."""

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        """Return when the destination has all of them.

        Raise PublishError when they should be sent again later, RowsRefused when the destination takes other readings
        but will never take all of these. Readings come from the store: without frames.
        """


@runtime_checkable
class StateTeller(Protocol):
    """A DurablePublisher that also says when a battery cannot be read any more, and when it can again."""

    async def tell(self, snapshot: Snapshot) -> None:
        """Say which state the battery came into; raise PublishError when it should be said again later.

        Raise RowsRefused when the destination will never take this.
        """


@runtime_checkable
class AlarmTeller(Protocol):
    """A DurablePublisher that is also told what happens to alarms: each edge, in order, at least once."""

    @property
    def name(self) -> str:
        """Unique and stable: how far it was told is remembered under this name."""

    @property
    def tells_alarms(self) -> bool:
        """Whether the owner wants that."""

    async def tell_edge(self, battery: BatteryInfo, edge: Edge) -> None:
        """Return when the destination has it; raise PublishError when it should be told again later.

        Raise RowsRefused when the destination will never take this one.
        """
