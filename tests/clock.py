"""Time for tests: an event loop whose time jumps to the next timer, so that no test ever sleeps."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

Result = TypeVar("Result")

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
"""Wall clock at second 0 of a run."""

A_DAY = 86_400.0

GRAIN = 1e-9
"""Smallest step of virtual time, s."""


class Stuck(AssertionError):
    """What runs waits for something that will never happen, or never comes to an end."""


class Clock:
    """A clock for code without an event loop: seconds, moved by hand."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits: when nothing is ready, its time jumps to the next timer.

    Same order and same times on every run. Threads, subprocesses and sockets do not live in virtual time: use a real
    loop for those.
    """

    def __init__(self, *, limit: float = A_DAY) -> None:
        self._now = 0.0
        self._limit = limit
        self.failures: list[BaseException] = []
        """What was raised where nobody could catch it: in a callback, or in a task that nobody waited for."""
        super().__init__(_Jumping(self._jump))
        self.set_exception_handler(lambda _loop, context: self._failed(context))

    def time(self) -> float:
        return self._now

    def _jump(self, seconds: float | None) -> None:
        if seconds is None:
            waiting = ", ".join(
                sorted(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks(self))
            )
            raise Stuck(f"nothing is ready and no timer runs after {self._now} s; waiting: {waiting or 'nobody'}")
        # Finer than any timer here, and 0.1 + 0.2 is 0.3. It always moves: who waits for less waits for a grain.
        self._now = max(round(self._now + seconds, 9), round(self._now + GRAIN, 9))
        if self._now > self._limit:
            raise Stuck(f"still running after {self._limit} s of virtual time")

    def _failed(self, context: dict[str, Any]) -> None:
        self.failures.append(context.get("exception") or Stuck(context["message"]))


class _Jumping(selectors.DefaultSelector):
    """Looks at what is ready, and instead of waiting reports how long it would have waited."""

    def __init__(self, jump: Callable[[float | None], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and (timeout is None or timeout > 0):
            self._jump(timeout)
        return ready


def run(main: Coroutine[Any, Any, Result], *, limit: float = A_DAY) -> Result:
    """Run a coroutine in virtual time and return its result.

    Raise Stuck when everything waits and no timer runs, or when it runs for more than ``limit`` virtual seconds.
    What is raised in a callback is raised here, too.
    """
    loop = VirtualTimeLoop(limit=limit)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        result = runner.run(main)
    if loop.failures:
        raise loop.failures[0]
    return result


def elapsed() -> float:
    """Return the virtual seconds since the run began."""
    return asyncio.get_running_loop().time()


def now() -> datetime:
    """Return the wall clock of the virtual time."""
    return START + timedelta(seconds=elapsed())


async def at_once(function: Callable[[], Result]) -> Result:
    """Run here and now what elsewhere runs in a thread of its own: virtual time cannot wait for threads."""
    return function()
