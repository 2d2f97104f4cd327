import asyncio
from collections.abc import Callable
from typing import NoReturn

import pytest

from bmsreader.gateway.supervision import end_if_cancelled, keep_going
from tests.clock import elapsed, run


class Work:
    """Begins, runs for a second, and then fails by a bug."""

    def __init__(self) -> None:
        self.begun: list[float] = []

    async def __call__(self) -> None:
        self.begun.append(elapsed())
        await asyncio.sleep(1)
        raise ZeroDivisionError("a bug")


async def fails_when_it_is_cancelled() -> NoReturn:
    """Turn a cancellation into a failure, as a task group does in which a task fails at the same moment."""

    async def breaks() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ConnectionError("the broker went away")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(breaks())
        await asyncio.Event().wait()
    raise AssertionError


def test_what_fails_by_a_bug_is_told_and_begun_again() -> None:
    async def main() -> None:
        work, bugs = Work(), list[str]()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(100):
                await keep_going("history", work, pause=60, on_bug=lambda error: bugs.append(repr(error)))
        assert work.begun == [0, 61]
        assert bugs == ["ZeroDivisionError('a bug')"] * 2

    run(main())


@pytest.mark.parametrize("when", [5.0, 0.5])
def test_a_cancellation_is_never_lost_to_an_error_of_the_same_moment(when: float) -> None:
    async def main(told: Callable[[Exception], None]) -> None:
        async with asyncio.TaskGroup() as tasks:
            part = tasks.create_task(keep_going("radio", fails_when_it_is_cancelled, pause=60, on_bug=told))
            await asyncio.sleep(when)
            part.cancel()
        assert part.cancelled()
        assert elapsed() == when

    run(main(lambda error: None))


def test_a_task_that_nobody_cancelled_goes_on() -> None:
    async def main() -> None:
        end_if_cancelled()

    run(main())
