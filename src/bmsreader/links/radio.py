"""What a gateway needs of the radio: who is heard, links, slots, and ways out when something is stuck."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bmsreader.links.link import Link
from bmsreader.model.health import AdapterHealth
from bmsreader.protocol.codec import Codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A peripheral that advertises."""

    address: str
    name: str | None
    signal: int
    """dBm, the strongest adapter's."""
    age: float
    """s since it was last heard."""
    adapter: str
    """Adapter or proxy that hears it best."""
    manufacturer_ids: tuple[int, ...] = ()


class Radio(Protocol):
    """All adapters and proxies together; one scan owner, one connection attempt at a time on each adapter.

    It is entered before use and left at the end: ``async with radio:``. Everything it does with adapters is told to
    the ``on_record`` that it was made with.
    """

    async def __aenter__(self) -> "Radio": ...

    async def __aexit__(self, *exception: object) -> None: ...

    def link(self, address: str, *, codecs: Iterable[Codec], adapter: str | None = None) -> Link:
        """Return a link to a battery; it uses the adapter named, or each time the best one with a free slot."""

    def heard(self) -> Sequence[Heard]:
        """Return who advertised within the last minutes."""

    def silence(self, address: str) -> float | None:
        """Return how many seconds ago a battery was last heard; None when it never was."""

    async def hears(self, address: str) -> None:
        """Return at the next advertisement of a battery."""

    async def hears_new(self) -> Heard:
        """Return the next peripheral that was not heard before, or whose name became known."""

    def slots(self, adapter: str | None = None) -> int:
        """Return how many connections can be held at once, on one adapter or on all together."""

    def health(self) -> tuple[AdapterHealth, ...]:
        """Return how each adapter and proxy is doing."""

    async def free(self, address: str) -> bool:
        """Drop a connection to a battery that this machine still holds; return whether there was one."""

    async def reset(self, adapter: str) -> bool:
        """Switch an adapter off and on, or reset it more thoroughly; return whether it works again."""
