"""Deadlines hold."""

import asyncio

import pytest

from bmsreader.links.deadline import within
from tests.clock import elapsed, run


async def work(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


async def stubborn() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.Event().wait()  # cleaning up takes for ever, too


async def fail() -> None:
    raise ValueError("no luck")


def test_a_step_that_is_quick_enough_gives_its_result() -> None:
    assert run(within(2, work(1))) == "done"


def test_a_step_that_is_too_slow_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        run(within(1, work(2)))


def test_a_step_that_does_not_let_itself_be_cancelled_is_left_behind() -> None:
    async def give_up() -> float:
        with pytest.raises(TimeoutError):
            await within(1, stubborn())
        return elapsed()

    assert run(give_up()) == 1


def test_a_step_that_fails_says_why() -> None:
    with pytest.raises(ValueError, match="no luck"):
        run(within(1, fail()))


def test_cancelling_the_caller_cancels_the_step() -> None:
    cancelled = False

    async def watch_out() -> None:
        nonlocal cancelled
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            cancelled = True
            raise

    async def caller() -> None:
        async with asyncio.timeout(1):
            await within(50, watch_out())

    with pytest.raises(TimeoutError):
        run(caller())
    assert cancelled
