"""Keep a part of the gateway at work for months: whatever ends it, it is begun again, until the gateway itself ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def keep_going(
    what: str, work: Callable[[], Awaitable[None]], *, pause: float, on_bug: Callable[[Exception], None] | None = None
) -> None:
    """Do work that never ends, again ``pause`` s after a bug of ours ended it; ``on_bug`` is told each time."""
    while True:
        try:
            await work()
        except Exception as error:
            log.exception("%s failed", what)
            if on_bug is not None:
                on_bug(error)
        end_if_cancelled()
        await asyncio.sleep(pause)


def end_if_cancelled() -> None:
    """Raise CancelledError if this task was cancelled and an error came out of it instead.

    A task group that is cancelled in the very moment in which one of its tasks fails raises the failure only, and the
    cancellation would be forgotten: whoever begins again after failures asks here before.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
