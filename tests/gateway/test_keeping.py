import asyncio

from bmsreader.gateway.keeping import Keeping
from bmsreader.model import StoreError
from tests.clock import at_once, elapsed, run


class Disk:
    """A store of which only the commits matter; it is full for a while."""

    def __init__(self, *, full: tuple[float, float] = (0.0, 0.0)) -> None:
        self.commits: list[float] = []
        self.tries = 0
        self._full = full

    def commit(self) -> None:
        self.tries += 1
        if self._full[0] <= elapsed() < self._full[1]:
            raise StoreError("the disk is full")
        self.commits.append(elapsed())


def kept(disk: Disk, *, every: float, seconds: float, news: tuple[float, ...] = ()) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []

    async def main() -> None:
        keeping = Keeping(disk, every=every, in_writer=at_once, note=lambda *what: told.append(what))  # type: ignore[arg-type]
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(keeping.run())
            for moment in news:
                await asyncio.sleep(moment - elapsed())
                keeping.news()
            await asyncio.sleep(seconds - elapsed())
            task.cancel()

    run(main())
    return told


def test_the_history_is_written_on_its_beat_however_many_readings_come() -> None:
    disk = Disk()
    kept(disk, every=60, seconds=200, news=(1.0, 2.0, 3.0))

    assert disk.commits == [60, 120, 180]


def test_each_reading_is_written_at_once_when_the_owner_wants_it_so() -> None:
    disk = Disk()
    kept(disk, every=0, seconds=100, news=(1.0, 2.0, 30.0))

    assert disk.commits == [1, 2, 30]


def test_a_full_disk_is_told_once_and_so_is_its_end() -> None:
    disk = Disk(full=(100, 400))
    told = kept(disk, every=60, seconds=700)

    assert told == [("history failed", "the disk is full"), ("history back", "")]
    assert disk.commits == [60, 420, 480, 540, 600, 660]
