"""Find the readings that a destination refuses for good, by halves, so that the others get through."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bmsreader.model.errors import PublishError, RowsRefused
from bmsreader.model.reading import Reading

Numbered = Sequence[tuple[int, Reading]]
"""Readings with their ordinals, in order."""


@dataclass(slots=True)
class Parting:
    """One batch on its way to a destination, whole or in parts.

    A destination that refuses everything is one that is set up wrongly, whatever it answers. So a reading is given up
    only when there is proof that the destination takes others: it took one in this batch, or it takes the ``probe``.
    """

    deliver: Callable[[Numbered], Awaitable[None]]
    """Raises RowsRefused when the destination refuses some of them, PublishError when it should be tried later."""
    arrived: Callable[[int], None]
    """Is told, in order, up to which ordinal everything was delivered or given up."""
    probe: Callable[[int], Awaitable[bool]]
    """Returns whether the destination takes another reading than the one of this ordinal."""
    delivered: int = 0
    given_up: list[tuple[Reading, RowsRefused]] = field(default_factory=list)
    largest: int = 0
    """Readings in the largest part that was taken."""
    posts: int = 0

    async def run(self, batch: Numbered) -> None:
        """Deliver the batch; raise PublishError where it should be tried again later, from what ``arrived`` heard."""
        parts = [batch]
        while parts:
            part = parts.pop()
            self.posts += 1
            try:
                await self.deliver(part)
            except RowsRefused as error:
                if error.dropped is not None and error.dropped >= len(part):
                    self._give_up(part, error)
                elif len(part) > 1:
                    parts += [part[len(part) // 2 :], part[: len(part) // 2]]
                else:
                    await self._give_up_if_proved(part, error)
                continue
            self.delivered += len(part)
            self.largest = max(self.largest, len(part))
            self.arrived(part[-1][0])

    async def _give_up_if_proved(self, part: Numbered, error: RowsRefused) -> None:
        if not self.delivered and not self.given_up and not await self.probe(part[0][0]):
            raise PublishError(str(error), advice=error.advice) from error
        self._give_up(part, error)

    def _give_up(self, part: Numbered, error: RowsRefused) -> None:
        self.given_up += [(reading, error) for _, reading in part]
        self.arrived(part[-1][0])
