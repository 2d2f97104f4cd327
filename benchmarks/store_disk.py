"""A file system of its own, and how many bytes its block device was written."""

import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = "512M"
SECTOR = 512


def run(*command: str) -> str:
    """Run a program and return what it said."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def counted() -> Iterator[tuple[Path, Callable[[], int], str]]:
    """Give a folder, a function that returns the bytes written so far, and how they are counted.

    As root on Linux the folder is an ext4 file system on a loop device, whose counter includes the file system's own
    journal. Elsewhere it is what the kernel charged this program, which does not.
    """
    with tempfile.TemporaryDirectory(prefix="bmsreader-bench-") as folder:
        try:
            mounted = _mounted(Path(folder))
        except (OSError, subprocess.CalledProcessError):
            yield Path(folder), _charged, "bytes that the kernel charged this program, not those of a device"
            return
        try:
            device = Path(run("findmnt", "-no", "SOURCE", str(mounted))).name
            yield mounted, lambda: _of_device(device), "ext4 on a loop device, its counter of sectors"
        finally:
            run("umount", str(mounted))


def _mounted(folder: Path) -> Path:
    image, mounted = folder / "disk", folder / "mounted"
    mounted.mkdir()
    run("truncate", "-s", SIZE, str(image))
    run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image))  # nothing left to do later
    run("mount", "-o", "loop", str(image), str(mounted))
    return mounted


def _of_device(device: str) -> int:
    os.sync()
    return int(Path(f"/sys/block/{device}/stat").read_text().split()[6]) * SECTOR


def _charged() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_oublock * SECTOR
