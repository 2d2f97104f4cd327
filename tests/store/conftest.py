"""Where the tests of the store put their files."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

IN_MEMORY = Path("/dev/shm")
"""Files here need no disk: a commit waits for none, and most tests are not about disks."""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where a history can begin."""
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path / "history.sqlite3"
        return
    with TemporaryDirectory(dir=IN_MEMORY, prefix="bmsreader-") as folder:
        yield Path(folder) / "history.sqlite3"
