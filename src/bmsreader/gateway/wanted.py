"""What the gateway is asked to do: which batteries, how often, and where their readings go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bmsreader.alarms import Rule
from bmsreader.gateway.notices import Notify
from bmsreader.model.arrangement import Arrangement
from bmsreader.model.battery import BatteryInfo
from bmsreader.protocol.codec import Codec
from bmsreader.publishers.publisher import DurablePublisher, LivePublisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One battery that is to be read."""

    info: BatteryInfo
    """Who it is; what is learned by reading it is added later."""
    address: str
    """Bluetooth address, unique name or beginning of one, or serial port."""
    codecs: tuple[Codec, ...] = field(repr=False)
    """The descriptions to try."""
    interval: float = 10.0
    """s between two readings."""
    keep: bool = True
    """Keep the connection between two readings."""
    cells: int = 0
    """Number of cells if the owner knows it."""
    adapter: str | None = None
    guessed: bool = False
    """Nobody listed it: it was heard, and looks like a battery. It is forgotten again if it proves to be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBank:
    """Batteries that are wired together and are to be seen as one."""

    info: BatteryInfo
    """Its ``maker`` is the arrangement: what was learned of a bank that was wired in another way does not count."""
    arrangement: Arrangement
    members: tuple[str, ...]
    """Ids of the batteries, in the order of the arrangement's packs."""
    interval: float | None = None
    """s between two readings at least; None: each time that all packs have been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One publisher that is to run; equal settings mean that a running one may stay."""

    settings: Any
    """Whatever it was made from; compared, never looked into."""
    make: Callable[[], Any] = field(compare=False)
    """Returns the publisher."""
    live: bool = True
    """It is a LivePublisher."""
    durable: bool = False
    """It is a DurablePublisher."""
    from_now: bool = False
    """Of a durable one: begin with the next reading instead of where it was left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole of what the owner wants; a reload brings a new one."""

    batteries: tuple[Wanted, ...] = ()
    banks: tuple[WantedBank, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    stranger: Callable[[str, str | None], Wanted] | None = None
    """Returns how to read a battery that was heard, by its address and name; None: only listed ones are read."""
    left_alone: frozenset[str] = frozenset()
    """Addresses, names and beginnings of names of batteries that are not to be read; in small letters."""
    rules: tuple[Rule, ...] = ()
    """What raises an alarm, beside what the batteries themselves say."""
    notifies: tuple[Notify, ...] = ()
    """Who gets messages about alarms."""
    commit: float = 60.0
    """s between two writes of the history; 0 = after each reading."""


Publisher = LivePublisher | DurablePublisher
