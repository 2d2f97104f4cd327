"""What a battery says at one time: notifications in their rhythm, and whether the link breaks amid them."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer, or what came unasked at one time."""

    chunks: tuple[tuple[float, bytes], ...] = ()
    """The notifications, each with the seconds to wait since the previous one; empty = silence."""
    drop_after: int | None = None
    """Notifications of these after which the battery drops the link; None = it sends them all."""

    def __iter__(self) -> Iterator[tuple[float, bytes]]:
        return iter(self.chunks)

    def __len__(self) -> int:
        return len(self.chunks)
