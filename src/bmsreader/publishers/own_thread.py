"""A thread of one publisher's own, for what may block: a dead server, a full pipe, a hanging disk."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")

IDLE = 60.0
"""s without work after which the thread ends; the next work starts another."""


class OwnThread:
    """Runs one function after the other where it blocks nobody else.

    Not the event loop's pool: a few destinations that hang would fill it, and then delay all others and the end of the
    program, which waits for the pool's threads. This thread is a daemon: nobody waits for it.
    """

    def __init__(self, name: str, *, at_rest: Callable[[], None] = lambda: None) -> None:
        """``at_rest`` is called in the thread when it ends for lack of work: to let go of what it held open."""
        self._name = name
        self._at_rest = at_rest
        self._work: deque[_Work[object]] = deque()
        self._changed = threading.Condition()
        self._alive = False

    async def run(self, function: Callable[[], Result]) -> Result:
        """Run the function after those that were given before, and return its result or raise what it raises.

        When the caller is cancelled meanwhile, a function that has begun goes on without anybody to hear of it, and
        one that has not is dropped.
        """
        loop = asyncio.get_running_loop()
        work = _Work(function, loop)
        with self._changed:
            self._work.append(work)  # type: ignore[arg-type]
            self._changed.notify()
            if not self._alive:
                self._alive = True
                threading.Thread(target=self._loop, name=self._name, daemon=True).start()
        return await work.future

    def _loop(self) -> None:
        while (work := self._next()) is not None:
            work.do()

    def _next(self) -> "_Work[object] | None":
        with self._changed:
            if not self._changed.wait_for(lambda: self._work, timeout=IDLE):
                self._at_rest()
                self._alive = False
                return None
            return self._work.popleft()


class _Work(Generic[Result]):
    """A function, and who waits for it."""

    def __init__(self, function: Callable[[], Result], loop: asyncio.AbstractEventLoop) -> None:
        self._function = function
        self._loop = loop
        self.future: asyncio.Future[Result] = loop.create_future()

    def do(self) -> None:
        """Run the function and tell who waits."""
        if self.future.cancelled():
            return
        try:
            result = self._function()
        except BaseException as error:  # noqa: BLE001 - it is not swallowed: it goes to who waits, as from a call
            self._tell(self._fail, error)
        else:
            self._tell(self._succeed, result)

    def _tell(self, callback: Callable[[object], None], outcome: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, outcome)
        except RuntimeError:
            pass  # the loop has ended: nobody waits any more

    def _succeed(self, result: object) -> None:
        if not self.future.done():
            self.future.set_result(result)  # type: ignore[arg-type]

    def _fail(self, error: object) -> None:
        if not self.future.done():
            self.future.set_exception(error)  # type: ignore[arg-type]
