"""How the gateway itself is doing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherHealth:
    """How one publisher is doing."""

    name: str
    ok: bool
    problem: str = ""
    """Why it is not ok, in words."""
    delivered: int = 0
    """Readings or snapshots that arrived at the destination since the start."""
    refused: int = 0
    """Readings that the destination refuses for good; they stay in the store."""
    backlog: int = 0
    """Readings that wait in the store for delivery; 0 for live publishers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreHealth:
    """How the history is doing."""

    ok: bool
    problem: str = ""
    pending: int = 0
    """Readings in memory that are not on disk yet."""
    lost: int = 0
    """Readings given up because the disk would not take them for too long."""
    size: int = 0
    """Bytes on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterHealth:
    """How one Bluetooth adapter, or remote proxy, is doing."""

    name: str
    """Such as ``hci0``, or the name of a proxy."""
    ok: bool
    problem: str = ""
    slots: int = 0
    """Connections it can hold at once; 0 = not known."""
    free: int = 0
    resets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHealth:
    """How the dashboard is doing."""

    url: str
    """Where to open it on this computer."""
    ok: bool
    problem: str = ""
    """Why it is not served, in words."""
    visitors: int = 0
    """Browsers that look at what changes just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayHealth:
    """How the gateway itself is doing."""

    version: str
    started_at: datetime
    at: datetime
    store: StoreHealth | None = None
    """None: without a history."""
    publishers: tuple[PublisherHealth, ...] = ()
    adapters: tuple[AdapterHealth, ...] = ()
    page: PageHealth | None = None
    """None: no dashboard is wanted."""

    @property
    def ok(self) -> bool:
        """Whether everything works."""
        others = (self.store, self.page)
        return all(part is None or part.ok for part in (*self.publishers, *self.adapters, *others))
