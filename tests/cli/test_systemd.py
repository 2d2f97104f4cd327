"""What `bmsreader service` needs of the computer."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from bmsreader.cli.systemd import Systemd, check_lasting, check_readable, folders_of_this, homes_among, program_of_this
from bmsreader.model.errors import UsageError


def computer(root: Path, *, systemd: bool = True, is_root: bool = True, user: bool = False) -> Systemd:
    if systemd:
        (root / "run/systemd/system").mkdir(parents=True)
    return Systemd(root=root, home=root / "home/pi/.config", is_root=is_root, user=user)


def refuse(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess(command, 1, "", "Unit not found.\n")


def test_without_systemd_it_says_what_to_do_instead(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="systemd does not run here") as raised:
        computer(tmp_path, systemd=False).check(Path("/opt/b"), "install")

    assert "bmsreader run" in raised.value.advice


def test_only_root_installs_for_the_computer_and_the_command_for_that_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only root may install") as raised:
        computer(tmp_path, is_root=False).check(Path("/opt/b"), "install")

    assert "sudo /opt/b service install" in raised.value.advice


def test_root_installs_for_the_computer_not_for_itself(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="for ordinary users"):
        computer(tmp_path, user=True).check(Path("/opt/b"), "install")


def test_what_systemctl_refuses_is_told_in_its_own_words() -> None:
    with pytest.raises(UsageError, match=r"systemctl restart x: Unit not found\.") as raised:
        Systemd(run=refuse).call("restart", "x")

    assert "journalctl -u bmsreader" in raised.value.advice


def test_a_program_in_a_home_is_found_out() -> None:
    folders = [Path("/home/pi/bms/.venv"), Path("/usr"), Path("/home/pi/bms"), Path("/root") / "python"]

    assert homes_among(folders) == (Path("/home/pi/bms"), Path("/root") / "python")


def test_a_folder_that_the_service_cannot_read_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    private = tmp_path.resolve() / "bms"
    private.mkdir(mode=0o700)
    with pytest.raises(UsageError, match=f"cannot read {private}") as raised:
        check_readable([private], [private])

    assert f"chmod o+rx {private}" in raised.value.advice
    private.chmod(0o755)
    check_readable([private / "lib"], [private])


def test_a_program_among_temporary_files_is_not_installed() -> None:
    with pytest.raises(UsageError, match="which the service does not see"):
        check_lasting([Path("/tmp/v")])


def test_this_program_knows_where_it_lies() -> None:
    assert program_of_this().is_absolute()
    assert all(folder.is_absolute() for folder in folders_of_this())


def test_the_user_of_the_service_is_made_once(tmp_path: Path) -> None:
    users: set[str] = set()

    def run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        if command[0] == "useradd":
            users.add(command[-1])
        return subprocess.CompletedProcess(command, 0 if command[-1] in users else 1, "", "")

    assert [Systemd(run=run).make_user(), Systemd(run=run).make_user()] == [True, False]
    assert users == {"bmsreader"}


def test_where_the_user_cannot_be_made_it_says_so() -> None:
    with pytest.raises(UsageError, match="the user bmsreader cannot be made: Unit not found"):
        Systemd(run=refuse).make_user()
