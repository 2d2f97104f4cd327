"""The systemd unit, judged by systemd itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bmsreader.cli.unit import NAME, Unit, quoted
from tests.conftest import IN_CI

PROGRAM = Path("/bin/true")
UNITS = {
    "plain": (Unit(program=PROGRAM), 1.3),
    "in a home": (Unit(program=PROGRAM, homes=[Path("/home/pi/my bmsreader")]), 1.4),
    "with serial ports": (Unit(program=PROGRAM, serial_group="dialout"), 1.6),
    "with adapter reset": (Unit(program=PROGRAM, adapter_reset=True), 2.3),
}
"""Each with the highest exposure that it may have, of 10."""

needs_systemd = pytest.mark.skipif(
    not IN_CI and shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (Debian package systemd)"
)


def settings(unit: Unit) -> dict[str, str]:
    """Return the settings of a unit; of one that is there several times the last."""
    return dict(line.split("=", 1) for line in unit.text().splitlines() if re.match(r"\w+=", line))


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@needs_systemd
@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_and_little_exposed(tmp_path: Path, name: str) -> None:
    unit, highest = UNITS[name]
    file = tmp_path / NAME
    file.write_text(unit.text())
    verified = analyze("verify", str(file))
    judged = analyze("security", "--offline=true", "--no-pager", str(file))
    exposure = re.search(r"Overall exposure level for .*: ([0-9.]+)", judged.stdout)

    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    assert exposure is not None
    assert float(exposure[1]) <= highest


@needs_systemd
@pytest.mark.slow
def test_systemd_finds_nothing_wrong_with_the_service_of_a_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    file = tmp_path / NAME
    file.write_text(Unit(program=PROGRAM, user=True).text())

    assert analyze("verify", "--user", str(file)).stderr == ""


def test_the_service_is_nobody_and_may_nothing() -> None:
    unit = settings(Unit(program=PROGRAM))

    assert (unit["DynamicUser"], unit["CapabilityBoundingSet"], unit["ProtectSystem"]) == ("yes", "", "strict")
    assert unit["RestrictAddressFamilies"] == "AF_UNIX AF_INET AF_INET6"


def test_it_is_watched_and_started_anew_but_not_with_a_wrong_configuration() -> None:
    unit = settings(Unit(program=PROGRAM))

    assert (unit["Type"], unit["WatchdogSec"], unit["Restart"]) == ("notify", "60", "always")
    assert (unit["StartLimitIntervalSec"], unit["RestartPreventExitStatus"]) == ("0", "2")


def test_a_program_in_a_home_is_shown_and_nothing_else_of_it() -> None:
    unit = settings(Unit(program=PROGRAM, homes=[Path("/home/pi/bms")]))

    assert (unit["ProtectHome"], unit["BindReadOnlyPaths"]) == ("tmpfs", "/home/pi/bms")


def test_serial_ports_only_for_who_has_a_battery_there() -> None:
    assert "PrivateDevices=yes" in Unit(program=PROGRAM).text()
    serial = Unit(program=PROGRAM, serial_group="dialout").text()

    assert "PrivateDevices" not in serial
    assert "DeviceAllow=char-ttyUSB rw\n" in serial
    assert "SupplementaryGroups=dialout\n" in serial


def test_a_strange_path_is_written_as_systemd_reads_it() -> None:
    assert quoted(Path("/home/pi/my 100% bms")) == '"/home/pi/my 100%% bms"'
    assert quoted(Path("/opt/bmsreader")) == "/opt/bmsreader"
