"""What the gateway is asked to do: which batteries, how often, and where their readings go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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
    outlets: tuple[Outlet, ...] = ()
    stranger: Callable[[str, str | None], Wanted] | None = None
    """Returns how to read a battery that was heard, by its address and name; None: only listed ones are read."""
    left_alone: frozenset[str] = frozenset()
    """Addresses, names and beginnings of names of batteries that are not to be read; in small letters."""
    commit: float = 60.0
    """s between two writes of the history; 0 = after each reading."""


Publisher = LivePublisher | DurablePublisher
