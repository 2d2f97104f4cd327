"""What blocks has a thread of its own."""

import asyncio
import threading

import pytest

from bmsreader.publishers import own_thread
from bmsreader.publishers.own_thread import OwnThread


def test_the_result_comes_back_from_another_thread() -> None:
    assert asyncio.run(OwnThread("test").run(threading.get_ident)) != threading.get_ident()


def test_a_failure_comes_back_too() -> None:
    def fail() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        asyncio.run(OwnThread("test").run(fail))


def test_one_thing_is_done_after_the_other_in_one_thread() -> None:
    async def main() -> list[int]:
        thread = OwnThread("test")
        return await asyncio.gather(*(thread.run(threading.get_ident) for _ in range(20)))

    assert len(set(asyncio.run(main()))) == 1


def test_what_hangs_does_not_hold_up_the_event_loop_nor_its_end() -> None:
    released = threading.Event()

    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await OwnThread("test").run(released.wait)

    asyncio.run(main())
    released.set()


def test_what_nobody_waits_for_any_more_is_not_begun() -> None:
    done = []

    async def main() -> None:
        thread = OwnThread("test")
        busy = threading.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(thread.run(busy.wait))
            dropped = tasks.create_task(thread.run(lambda: done.append("dropped")))
            await asyncio.sleep(0)
            dropped.cancel()
            busy.set()
        await thread.run(lambda: done.append("wanted"))

    asyncio.run(main())
    assert done == ["wanted"]


def test_an_idle_thread_ends_and_the_next_work_starts_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_thread, "IDLE", 0.001)

    async def main() -> None:
        thread = OwnThread("test")
        first = await thread.run(threading.current_thread)
        await asyncio.to_thread(first.join, 5)
        assert not first.is_alive()
        assert await thread.run(threading.current_thread) is not first

    asyncio.run(main())


def test_a_thread_without_work_lets_go_of_what_it_held_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_thread, "IDLE", 0.001)
    closed: list[str] = []

    async def main() -> None:
        thread = OwnThread("test", at_rest=lambda: closed.append("connection"))
        first = await thread.run(threading.current_thread)
        await asyncio.to_thread(first.join, 5)

    asyncio.run(main())
    assert closed == ["connection"]
