"""`bmsreader service`: installed, running, gone again; on a computer in a folder."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from bmsreader.cli.service import in_words, remove, report, serial_group, start, write
from bmsreader.cli.systemd import Systemd
from bmsreader.cli.terminal import Terminal
from bmsreader.cli.unit import Unit
from tests.cli.surroundings import invoke

UNIT = Unit(program=Path("/opt/bmsreader/bin/bmsreader"))


class Computer:
    """A computer with systemd that writes down what it is asked."""

    def __init__(self, root: Path, answer: str = "", *, user: bool = False) -> None:
        self.asked: list[str] = []
        self.answer = answer
        self.systemd = Systemd(root=root, home=root / "home", user=user, is_root=not user, run=self.run)

    def run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        self.asked.append(" ".join(command))
        return subprocess.CompletedProcess(command, 0, self.answer, "")


def test_installing_writes_unit_and_example_and_starts_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    computer = Computer(tmp_path)
    write(computer.systemd, UNIT, Terminal())
    start(computer.systemd, Terminal(), now=True)
    credentials = tmp_path / "etc/bmsreader/credentials"

    assert (tmp_path / "etc/systemd/system/bmsreader.service").read_text() == UNIT.text()
    assert "[gateway]" in (tmp_path / "etc/bmsreader/bmsreader.toml").read_text()
    assert credentials.stat().st_mode & 0o777 == 0o700
    assert computer.asked == [
        "id -u bmsreader",
        "systemctl daemon-reload",
        "systemctl enable bmsreader.service",
        "systemctl restart bmsreader.service",
    ]
    assert "journalctl -u bmsreader -f" in capsys.readouterr().err


def test_a_second_time_keeps_the_owners_configuration(tmp_path: Path) -> None:
    file = tmp_path / "etc/bmsreader/bmsreader.toml"
    file.parent.mkdir(parents=True)
    file.write_text("# mine\n")
    write(Computer(tmp_path).systemd, UNIT, Terminal())

    assert file.read_text() == "# mine\n"


def test_the_service_of_a_user_lies_in_the_users_folders(tmp_path: Path) -> None:
    computer = Computer(tmp_path, user=True)
    write(computer.systemd, UNIT, Terminal())
    start(computer.systemd, Terminal(), now=False)

    assert (tmp_path / "home/systemd/user/bmsreader.service").exists()
    assert (tmp_path / "home/bmsreader/bmsreader.toml").exists()
    assert computer.asked == ["systemctl --user daemon-reload", "systemctl --user enable bmsreader.service"]


def test_removing_keeps_configuration_and_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    computer = Computer(tmp_path)
    write(computer.systemd, UNIT, Terminal())
    remove(computer.systemd, Terminal())
    remove(computer.systemd, Terminal())

    assert not computer.systemd.unit.exists()
    assert (tmp_path / "etc/bmsreader/bmsreader.toml").exists()
    assert computer.asked[1:] == ["systemctl disable --now bmsreader.service", "systemctl daemon-reload"]
    assert "nothing to remove" in capsys.readouterr().out


def test_serial_ports_are_allowed_when_a_battery_is_on_one(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text('[[battery]]\nname = "A"\naddress = "/dev/ttyUSB0"\n')

    assert serial_group(file, wanted=False) in ("dialout", "uucp")
    file.write_text('[[battery]]\nname = "A"\naddress = "simulated:1"\n')
    assert serial_group(file, wanted=False) is None
    assert serial_group(tmp_path / "none.toml", wanted=False) is None


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (
            "LoadState=loaded\nActiveState=active\nActiveEnterTimestamp=Sat 2026-03-01 12:00:00 UTC\nNRestarts=2\n"
            "UnitFileState=enabled\nStatusText=2 batteries live\n",
            0,
            "runs since Sat 2026-03-01 12:00:00 UTC, started anew 2 times; starts with the computer: 2 batteries live",
        ),
        (
            "LoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=disabled\n",
            3,
            "does not run (failed, failed); does not start by itself",
        ),
        ("LoadState=not-found\nActiveState=inactive\n", 3, "not installed: `sudo bmsreader service install`"),
        ("", 3, "not known: systemd does not answer"),
    ],
    ids=["runs", "failed", "not installed", "no systemd"],
)
def test_the_status_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str, code: int, words: str
) -> None:
    assert report(Computer(tmp_path, answer).systemd, Terminal()) == code
    assert capsys.readouterr().out == f"{words}\n"


def test_the_status_can_be_read_by_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    computer = Computer(tmp_path, "LoadState=loaded\nActiveState=active\n")

    assert report(computer.systemd, Terminal(as_json=True)) == 0
    assert '"installed": true, "runs": true' in capsys.readouterr().out


def test_words_of_systemctl_become_one_line() -> None:
    assert in_words({}, "a\nb") == "not known: a b"


def test_a_dry_run_prints_the_unit_and_changes_nothing() -> None:
    result = invoke("service", "install", "--dry-run")

    assert result.exit_code == 0
    assert result.stdout.startswith("[Unit]\n")
    assert "would write /etc/systemd/system/bmsreader.service" in result.stderr


@pytest.mark.skipif(Path("/run/systemd/system").exists(), reason="systemd runs here")
@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_without_systemd_it_is_wrong_usage(command: str) -> None:
    result = invoke("service", command)

    assert result.exit_code == 2
    assert "systemd does not run here" in result.stderr
