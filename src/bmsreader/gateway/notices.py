"""Who is to get messages about alarms, and what takes them there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from bmsreader.alarms.herald import Wishes
from bmsreader.model.alarm import Severity


class Sender(Protocol):
    """Whatever takes a message to a receiver."""

    async def prepare(self) -> None:
        """Look whether it can work at all; raise PublishError."""

    async def send(self, title: str, body: str, severity: Severity, *, over: bool = False) -> None:
        """Return when the message was taken; raise PublishError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """One receiver of alarms that is to be served; equal ones may stay over a reload."""

    name: str
    """For people: in health and log."""
    key: str
    """Unique and stable: how far it was told is remembered under it. Another address is another receiver."""
    wishes: Wishes
    settings: Any = None
    """What it was made from; compared, never looked into."""
    make: Callable[[], Sender] = field(compare=False, repr=False)
