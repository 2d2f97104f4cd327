"""Connections that an adapter can hold at once, shared fairly among more batteries than there are slots."""

import asyncio
from collections import deque


class Slots:
    """Whoever asked first connects first; whoever holds a slot learns when others wait, and lets go after a reading."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.held = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a slot."""
        return any(not one.done() for one in self._waiting)

    async def take(self) -> None:
        """Wait for a slot and hold it until ``give_back``."""
        if self.held < self.count and not self.wanted:
            self.held += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()  # it was our turn, but we no longer want it
            raise

    def give_back(self) -> None:
        """Let the next one connect."""
        self.held -= 1
        self._hand_on()

    def resize(self, count: int) -> None:
        """Take note that adapters came or went."""
        self.count = count
        self._hand_on()

    def _hand_on(self) -> None:
        while self._waiting and self.held < self.count:
            turn = self._waiting.popleft()
            if not turn.done():
                self.held += 1
                turn.set_result(None)
