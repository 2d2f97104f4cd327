"""What happened in a conversation with a battery: every radio action with its duration, every rejected frame."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happened."""

    CONNECTED = "connected"
    CONNECT_FAILED = "connect failed"
    NO_SERVICES = "no services"
    IDENTIFIED = "identified"
    NOT_IDENTIFIED = "not identified"
    ANSWERED = "answered"
    REJECTED = "rejected"
    UNEXPECTED = "unexpected answer"
    NO_ANSWER = "no answer"
    LINK_LOST = "link lost"
    DISCONNECTED = "disconnected"
    DISCONNECT_HUNG = "disconnect hung"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One radio action or rejection."""

    at: float
    """s since the session was made, by a monotonic clock."""
    kind: Kind
    duration: float | None = None
    """s that the action took; None where it has no length."""
    detail: str = ""
    """Reason, protocol id or request name, in words."""
    frame: bytes = b""
    """The rejected bytes."""


OnEvent = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Nobody listens."""
