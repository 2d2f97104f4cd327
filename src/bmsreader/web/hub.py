"""What changes goes out to every browser that looks: made into text once, and sent to whoever is fast enough.

A visitor holds the latest text of each battery and nothing else: whoever is slow misses what is old, and delays nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import tzinfo
from typing import Any

from bmsreader.web.text import as_json

HELLO, BEAT = b": hello\n\n", b": beat\n\n"
EVERY = 15.0
"""s between two signs of life: proxies close what is silent."""
AGAIN = b"retry: 3000\n\n"
"""ms after which a browser that lost the stream comes again."""


def event(kind: str, value: Any) -> bytes:
    """Return an event as the stream carries it."""
    return b"event: " + kind.encode() + b"\ndata: " + as_json(value) + b"\n\n"


class Visitor:
    """One browser at the stream."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._waiting: dict[str, bytes] = {}
        self._news = asyncio.Event()
        self._over = False

    def put(self, key: str, text: bytes) -> None:
        """Hand on a text; it replaces one of the same key that was not taken yet."""
        self._waiting.pop(key, None)
        self._waiting[key] = text
        self._news.set()

    def end(self) -> None:
        """End the stream."""
        self._over = True
        self._news.set()

    async def texts(self) -> AsyncIterator[bytes]:
        """Yield what is to be sent, until the end."""
        yield HELLO + AGAIN
        while not self._over:
            try:
                async with asyncio.timeout(EVERY):
                    await self._news.wait()
            except TimeoutError:
                yield BEAT
                continue
            self._news.clear()
            texts = b"".join(self._waiting.values())
            self._waiting.clear()
            if texts:
                yield texts


class Hub:
    """All browsers at the stream."""

    def __init__(self) -> None:
        self._visitors: list[Visitor] = []

    def __len__(self) -> int:
        return len(self._visitors)

    def enter(self, zone: tzinfo, first: Iterable[tuple[str, bytes]] = ()) -> Visitor:
        """Return a new visitor, who gets ``first`` at once; ``zone`` decides when his day begins."""
        visitor = Visitor(zone)
        for key, text in first:
            visitor.put(key, text)
        self._visitors.append(visitor)
        return visitor

    def leave(self, visitor: Visitor) -> None:
        """Forget a visitor."""
        self._visitors.remove(visitor)

    def send(self, key: str, make: Callable[[tzinfo], bytes]) -> None:
        """Send a text to everybody; it is made once for each time zone that somebody looks from."""
        texts: dict[tzinfo, bytes] = {}
        for visitor in self._visitors:
            if visitor.zone not in texts:
                texts[visitor.zone] = make(visitor.zone)
            visitor.put(key, texts[visitor.zone])

    def close(self) -> None:
        """End all streams."""
        for visitor in self._visitors:
            visitor.end()
