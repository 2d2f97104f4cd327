"""A deadline that holds even when what it ends does not let itself be ended."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def within(seconds: float, step: Coroutine[Any, Any, Result]) -> Result:
    """Return what the step returns; raise TimeoutError after so many seconds, whatever the step does.

    ``asyncio.timeout`` waits for the cancelled step to clean up. A connection to a wedged Bluetooth stack cleans up by
    asking that stack to disconnect, without a deadline of its own: so the step runs as a task that is cancelled and
    then left to itself.
    """
    task = asyncio.get_running_loop().create_task(step)
    task.add_done_callback(_look)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
    if not task.done():
        raise TimeoutError(f"not done within {seconds} s")
    return task.result()


def _look(task: asyncio.Task[Any]) -> None:
    """Take note of how an abandoned step ended, so that asyncio does not complain that nobody did."""
    if not task.cancelled():
        task.exception()
