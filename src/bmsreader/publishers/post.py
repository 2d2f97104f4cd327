"""How publishers post: never on the event loop's thread, and never for longer than they said."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from bmsreader.model.errors import PublishError
from bmsreader.publishers.http import Answer, Endpoint, Message
from bmsreader.publishers.own_thread import OwnThread


class Post(Protocol):
    """The network, as a publisher sees it; tests hand in one that is none."""

    async def __call__(self, make: Callable[[], Message]) -> Answer:
        """Make the message beside the event loop, send it, and return the answer.

        Raise PublishError when there is no whole answer in time, and whatever ``make`` raises.
        """


class HttpPost:
    """Posts to one address from a thread of its own; each post, with everything in it, ends in time.

    A timeout of the socket alone would not do: a server that sends one byte now and then would hold us for ever.
    """

    def __init__(self, endpoint: Endpoint, *, timeout: float, name: str) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._thread = OwnThread(name, at_rest=endpoint.close)
        self._turn = asyncio.Lock()

    async def __call__(self, make: Callable[[], Message]) -> Answer:
        """See Post."""
        try:
            async with self._turn, asyncio.timeout(self._timeout):
                return await self._thread.run(lambda: self._endpoint.post(make()))
        except TimeoutError:
            self._endpoint.abort()
            raise PublishError(
                f"{self._endpoint.shown} did not answer within {self._timeout:g} s", advice="Does the server run?"
            ) from None
        except asyncio.CancelledError:
            self._endpoint.abort()
            raise
