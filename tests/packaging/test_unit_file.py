"""The unit for packages is the one that `bmsreader service install` writes."""

from pathlib import Path

from bmsreader.cli.unit import Unit
from tests.packaging.files import PACKAGING


def test_both_are_the_same() -> None:
    packaged = (PACKAGING / "systemd/bmsreader.service").read_text(encoding="utf-8")

    assert packaged == Unit(program=Path("/usr/bin/bmsreader")).text()
