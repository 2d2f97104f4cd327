"""The service under the real systemd, in a virtual machine."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.beside import Beside, Turn
from tests.conftest import IN_CI

HERE = Path(__file__).parent
SOURCES = HERE.parent.parent / "src"


def command(folder: Path) -> list[str | Path]:
    script = folder / "script"
    text = (HERE / "under_systemd.sh").read_text(encoding="utf-8")
    script.write_text(f"VENV={sys.prefix}\nSOURCES={SOURCES}\n{text}", encoding="utf-8")
    return [HERE / "run-under-systemd", script]


BESIDE = Beside(command, turn=Turn.NEXT)


@pytest.mark.bluez
@pytest.mark.skipif(not IN_CI and shutil.which("systemd-analyze") is None, reason="needs the Debian package systemd")
def test_the_service_is_installed_watched_reloaded_and_removed() -> None:
    told = BESIDE.outcome().told
    proved = [line.removeprefix("proved: ") for line in told.splitlines() if line.startswith("proved: ")]

    assert proved == [
        "installed",
        "live",
        "not root",
        "no capability",
        "not refused by the message bus",
        "journal knows priorities",
        "reload",
        "started anew after kill -9",
        "credentials",
        "watchdog",
        "stops well",
        "a wrong configuration is not tried again",
        "removed",
    ], told[-6000:]
