"""The history while programs are killed, disks are full and everybody reads."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bmsreader.model.battery import Totals
from bmsreader.model.errors import StoreError
from bmsreader.store import Reader, Store
from bmsreader.store.checking import check
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, reading, readings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[2]
KILLS = 25
BATTERIES = 3


# ---- kill -9


def run_and_kill(path: Path, dice: Random) -> list[int]:
    """Let a gateway run for a moment, kill it, and return how many readings of each battery it had committed."""
    command = (sys.executable, "-m", "tests.store.filling", str(path), str(BATTERIES))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        time.sleep(dice.uniform(0, 0.15))
        process.kill()
        told = process.stdout.read()
    whole = [line for line in told.splitlines(keepends=True) if line.endswith("\n")]
    return [int(number) for number in whole[-1].split()] if whole else [0] * BATTERIES


def test_a_gateway_that_is_killed_loses_nothing_that_it_had_committed(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    dice = Random(1)
    before = [0] * BATTERIES
    for _ in range(KILLS):
        told = run_and_kill(path, dice)
        with Store(path) as store:
            assert store.moved_aside is None
            for number in range(BATTERIES):
                name = f"battery {number}"
                committed = store.committed(name)
                assert committed >= max(told[number], before[number])
                before[number] = committed
                totals = store.totals(name)
                assert totals == (Totals(energy_in=float(committed)) if committed else None)
                assert store.position("influx", name) <= committed
                last = store.last(name)
                assert (last[0] if last else 0) == committed
    assert check(path).ok
    assert sum(before) > 3600
    with Reader(path) as reader:
        for number in range(BATTERIES):
            found = list(reader.readings(f"battery {number}", START, START + 99 * A_DAY))
            assert [one.taken_at for one in found] == [
                START + timedelta(seconds=n) for n in range(1, before[number] + 1)
            ]
            history = reader.history(f"battery {number}", ["soc"], START, START + 99 * A_DAY, 99)
            assert sum(history.series["soc"].count) == before[number]
            days = reader.energy(f"battery {number}", START, START + 99 * A_DAY, ZoneInfo("Europe/Berlin"))
            assert sum(day.energy_in for day in days) == before[number]  # 1 Wh a reading, whoever was killed


# ---- a full disk


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a disk of 400 kB; only root can make one."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_loses_nothing_and_is_written_again_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        ballast = disk / "holiday.mp4"
        store = Store(disk / "history.sqlite3")
        kept = fill(store, readings(100))
        fill_up(ballast)
        refusals = []
        for one in readings(3000, start=START + A_DAY):
            kept.append(store.append(one))
            if len(kept) % 60 == 0:
                try:
                    store.commit()
                except StoreError as error:
                    refusals.append(error)
        assert len(refusals) > 20
        assert all("full" in str(error) and "Make room" in error.advice for error in refusals)
        assert not store.health().ok
        assert list(store.readings(HOUSE, START, START + 9 * A_DAY)) == kept
        ballast.unlink()
        store.commit()
        assert store.health().ok
        assert (store.health().pending, store.health().lost) == (0, 0)
        assert [one for _, one in store.after(HOUSE, 0, 9999)] == kept
        store.close()
        assert check(disk / "history.sqlite3").ok
        with Reader(disk / "history.sqlite3") as reader:
            assert list(reader.readings(HOUSE, START, START + 9 * A_DAY)) == kept


def fill_up(path: Path) -> None:
    """Write until the disk takes no more."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def test_a_file_that_may_not_grow_is_a_full_disk_too(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    child = os.fork()
    if child == 0:
        os._exit(write_until_refused(path))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert check(path).ok


def write_until_refused(path: Path) -> int:
    """Return 0 when commits are refused in order while files must not grow, and the disk is used again afterwards."""
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = Store(path)
    fill(store, readings(60))
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20_000, resource.RLIM_INFINITY))
    refused = 0
    for number in range(40):
        store.append(reading(START + A_DAY + timedelta(seconds=number), notes=("x" * 500 + str(number * 7919),)))
        try:
            store.commit()
        except StoreError:
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.commit()
    return 0 if refused and store.committed(HOUSE) == 100 and store.health().ok else 1


# ---- everybody reads


def look_from_inside(store: Store, stop: threading.Event, failures: list[str]) -> None:
    while not stop.is_set():
        found = store.after(HOUSE, 0, 99_999)
        if [ordinal for ordinal, _ in found] != list(range(1, len(found) + 1)):
            failures.append("ordinals with holes or twice")
        counted = sum(store.history(HOUSE, ["soc"], START, START + A_DAY, 20).series["soc"].count)
        if not len(found) <= counted <= store.committed(HOUSE) + 200:
            failures.append(f"{counted} readings in the summaries, {len(found)} single ones before")


def look_from_outside(path: Path, stop: threading.Event, failures: list[str]) -> None:
    with Reader(path) as outside:
        while not stop.is_set():
            found = list(outside.readings(HOUSE, START, START + A_DAY))
            if len({one.taken_at for one in found}) != len(found):
                failures.append("a reading twice")


def test_readers_see_whole_moments_while_commits_go_on(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    store = Store(path)
    fill(store, readings(3000), every=1000)
    stop = threading.Event()
    failures: list[str] = []
    threads = [threading.Thread(target=look_from_inside, args=(store, stop, failures)) for _ in range(2)]
    threads.append(threading.Thread(target=look_from_outside, args=(path, stop, failures)))
    for thread in threads:
        thread.start()
    fill(store, readings(8000, start=START + timedelta(seconds=3000)), every=100)
    stop.set()
    for thread in threads:
        thread.join()
    store.close()

    assert failures == []
    assert check(path).readings == 11_000


def test_a_reader_does_not_wait_for_a_writer_that_is_in_the_middle_of_a_commit(path: Path) -> None:
    with Store(path) as store:
        kept = fill(store, readings(100))
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE battery SET pace = 1")
        began = time.perf_counter()
        with Reader(path) as outside:
            assert list(outside.readings(HOUSE, START, START + A_DAY)) == kept
        assert [one for _, one in store.after(HOUSE, 0, 999)] == kept
        assert time.perf_counter() - began < 1
        writer.execute("ROLLBACK")
        writer.close()
