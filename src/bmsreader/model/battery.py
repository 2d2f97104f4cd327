"""A battery as the gateway knows it over time: who it is, how it is doing, and what went through it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bmsreader.model.alarm import Alarm
from bmsreader.model.bank import BankFacts
from bmsreader.model.horizon import Horizon
from bmsreader.model.reading import Reading


class BatteryState(StrEnum):
    """How a battery is doing, from the point of view of somebody who wants its values. It is always in exactly one."""

    LIVE = "live"
    """It answers, and its values are fresh."""
    STALE = "stale"
    """The link answers, but the values are old, or do not change although current flows."""
    ASLEEP = "asleep"
    """Its radio is off because it rests, as some batteries do; it comes back with a load or a charger."""
    BUSY = "busy"
    """Somebody else holds its only connection: the phone app, another program, or the owner asked us to let go."""
    UNREACHABLE = "unreachable"
    """It cannot be read; ``Snapshot.reason`` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryInfo:
    """What stays the same from reading to reading."""

    id: str
    """Stable identity: the Bluetooth address, or what the owner set as ``id``. Key of its history, never its name."""
    name: str
    """What the owner calls it."""
    slug: str
    """The name for topics, labels and file names: ``[a-z0-9_-]+``, unique among the gateway's batteries."""
    address: str | None = None
    """Bluetooth address, if it is a real one (on macOS it is not)."""
    protocol: str | None = None
    """Id of the description it speaks; None before it was ever read."""
    maker: str | None = None
    """Name of the description's family, such as ``E&J Technology, first generation``."""
    cells: int = 0
    """Cells that it is known to have; 0 = not known yet."""
    sensors: int = 0
    """Temperature sensors that it is known to have; 0 = not known yet."""
    fields: tuple[str, ...] = ()
    """Names of the reading's values that it is known to report, in the order of ``FIELDS``, the derived ones last."""
    alarms: tuple[str, ...] = ()
    """Names of all alarms that its description knows, whether active or not; empty before it was ever read."""
    simulated: bool = False
    kind: Literal["battery", "bank"] = "battery"
    """A bank is computed from the batteries that it is made of; there is no radio to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What went in and out since the gateway knows the battery. Never decreases; gaps count nothing."""

    energy_in: float = 0.0
    """Wh."""
    energy_out: float = 0.0
    """Wh."""
    charge_in: float = 0.0
    """Ah."""
    charge_out: float = 0.0
    """Ah."""
    gaps: float = 0.0
    """s without readings, in which energy may have flowed that is not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCounts:
    """What happened on the radio since the gateway started."""

    polls: int = 0
    """Attempts to read."""
    readings: int = 0
    """Attempts that succeeded."""
    rejected: int = 0
    """Frames that were not believed."""
    connects: int = 0
    """Connections made."""
    failures: int = 0
    """Connections that could not be made, or broke."""
    last_poll: float | None = None
    """s that the last successful read took, with the connection if it had to be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A battery at one moment: what every live publisher gets."""

    info: BatteryInfo
    at: datetime
    """When this snapshot was made, UTC."""
    state: BatteryState
    since: datetime
    """When it came into this state, UTC."""
    reason: str = ""
    """Why it is not live, in words for the owner; empty when live."""
    reading: Reading | None = None
    """The last accepted reading, however old; see ``age`` and ``state`` before showing it as the present."""
    totals: Totals | None = None
    """Counters as they are safe on disk: they never go back, not even after a power cut. None before the first."""
    interval: float = 10.0
    """s between two readings, as the owner wants it."""
    signal: int | None = None
    """dBm when last heard."""
    connected: bool = False
    """Whether the link is up right now."""
    counts: LinkCounts = field(default_factory=LinkCounts)
    horizon: Horizon = field(default_factory=Horizon)
    """How long it lasts, or needs to be full; nothing in it unless it is live."""
    alarms: tuple[Alarm, ...] = ()
    """Those that are active, or over but not yet acknowledged by the owner; oldest first."""
    bank: BankFacts | None = None
    """How the packs of a bank stand to each other; None for a battery."""

    @property
    def age(self) -> float | None:
        """Seconds since the last accepted reading; None when there never was one."""
        return None if self.reading is None else max(0.0, (self.at - self.reading.taken_at).total_seconds())

    @property
    def current_reading(self) -> Reading | None:
        """The reading if it may be shown as the present, else None."""
        return self.reading if self.state is BatteryState.LIVE else None
