"""Time in tests runs by itself, in order, and never stands still."""

import asyncio
import contextlib
import itertools
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock import START, Clock, Stuck, elapsed, now, run


def test_a_day_takes_no_time() -> None:
    began = time.monotonic()

    async def main() -> float:
        await asyncio.sleep(86_000)
        return elapsed()

    assert run(main()) == 86_000
    assert time.monotonic() - began < 1


def test_timers_fire_in_order_and_at_their_time() -> None:
    fired: list[tuple[float, str]] = []

    def note(name: str) -> None:
        fired.append((elapsed(), name))

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for delay, name in ((0.3, "c"), (0.1, "a"), (0.2, "b")):
            loop.call_later(delay, note, name)
        await asyncio.sleep(1)

    run(main())
    assert fired == [(0.1, "a"), (0.2, "b"), (0.3, "c")]


def test_small_steps_add_up() -> None:
    async def main() -> float:
        for _ in range(1000):
            await asyncio.sleep(0.1)
        return elapsed()

    assert run(main()) == 100.0


def test_a_deadline_strikes_at_its_time() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.Event().wait()
        return elapsed()

    assert run(main()) == 5


def test_a_deadline_that_is_kept_does_not_strike() -> None:
    async def main() -> float:
        async with asyncio.timeout(5):
            await asyncio.sleep(4)
        await asyncio.sleep(4)
        return elapsed()

    assert run(main()) == 8


@given(began=st.floats(0, 1000), waits=st.floats(0, 10))
def test_who_looks_at_the_time_until_it_has_come_is_not_kept_for_ever(began: float, waits: float) -> None:
    async def main() -> float:
        await asyncio.sleep(began)
        deadline, looks = elapsed() + waits, 0
        while elapsed() < deadline:
            looks += 1
            assert looks < 5
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    await asyncio.Event().wait()
        return elapsed() - deadline

    assert abs(run(main())) < 1e-8


def test_tasks_wait_for_each_other_and_can_be_cancelled() -> None:
    async def main() -> list[str]:
        said: list[str] = []

        async def speak(word: str, every: float) -> None:
            try:
                while True:
                    await asyncio.sleep(every)
                    said.append(word)
            finally:
                said.append(f"no more {word}")

        async with asyncio.TaskGroup() as tasks:
            speakers = [tasks.create_task(speak("tick", 2)), tasks.create_task(speak("tock", 3))]
            await asyncio.sleep(5)
            for speaker in speakers:
                speaker.cancel()
        return said

    assert run(main()) == ["tick", "tock", "tick", "no more tick", "no more tock"]


def test_waiting_for_what_never_happens_is_an_error() -> None:
    async def wait_for_godot() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck, match=r"waiting: .*wait_for_godot"):
        run(wait_for_godot())


def test_running_for_ever_is_an_error() -> None:
    async def main() -> None:
        for second in itertools.count():
            await asyncio.sleep(second)

    with pytest.raises(Stuck, match="still running after 100 s"):
        run(main(), limit=100)


def test_what_fails_in_a_callback_fails_the_test() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(1)

    with pytest.raises(ZeroDivisionError):
        run(main())


def test_the_wall_clock_runs_along() -> None:
    async def main() -> timedelta:
        await asyncio.sleep(90)
        return now() - START

    assert run(main()) == timedelta(seconds=90)


def test_a_clock_is_moved_by_hand() -> None:
    clock = Clock()
    clock.advance(2.5)

    assert clock() == 2.5
