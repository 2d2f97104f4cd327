"""What a capture holds, whatever file it came from: values written to and received from batteries, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["write", "write-command", "notification", "indication", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One attribute value on its way."""

    at: float
    """s since the capture began; 0 where the file has no times."""
    kind: Kind
    """The first two go to the battery, the others come from it (``read`` is the answer to a read request)."""
    value: bytes
    handle: int | None = None
    """Of the attribute; None where the file does not say."""
    connection: int = 0
    """Number of the connection, an index into ``Capture.connections``."""
    truncated: bool = False
    """The capture holds less than was on the air."""

    @property
    def sent(self) -> bool:
        """Whether it goes to the battery."""
        return self.kind in ("write", "write-command")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One connection of a capture."""

    peer: str | None = None
    """Bluetooth address of the other side."""
    name: str | None = None
    """As it advertised, if the capture shows it."""
    uuids: dict[int, str] = field(default_factory=dict)
    """UUID of each handle that was discovered in the capture; phones remember them, so it is often empty."""
    services: tuple[tuple[int, int, str], ...] = ()
    """(first handle, last handle, UUID) of each service that was discovered in the capture."""
    mtu: int | None = None
    encrypted: bool = False
    """Its packets cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Everything that concerns attribute values in one file."""

    source: str
    """File name, for messages."""
    format: str
    """Such as ``btsnoop (Android)``; for people."""
    packets: Sequence[Packet]
    """In the order of the file; a tuple, or a table that makes its packets when they are looked at."""
    connections: tuple[Connection, ...] = ()
    started: datetime | None = None
    """UTC, where the file says so."""
    remarks: tuple[str, ...] = ()
    """What its owner should know: truncated packets, writes that this format leaves out, lines that were skipped."""
