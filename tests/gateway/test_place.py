"""The control socket lies where its owner, the service manager and the commands expect it."""

import os
import tempfile
from pathlib import Path

import pytest

from bmsreader.gateway.place import SERVICE, default_socket, places, refuse_foreign_folder
from bmsreader.model.errors import UsageError

USER = 1000


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of a machine on which an ordinary user works."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: USER)
    return tmp_path


def test_a_service_has_it_where_systemd_says(temporary: Path) -> None:
    assert default_socket({"RUNTIME_DIRECTORY": "/run/mine:/run/other"}) == Path("/run/mine/control.sock")


def test_root_has_it_where_the_service_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)

    assert default_socket({"XDG_RUNTIME_DIR": "/run/user/0"}) == SERVICE == Path("/run/bmsreader/control.sock")
    assert places({}) == (SERVICE,)


def test_a_user_has_it_in_the_runtime_folder(temporary: Path) -> None:
    assert default_socket({"XDG_RUNTIME_DIR": "/run/user/7"}) == Path("/run/user/7/bmsreader/control.sock")


def test_without_one_a_user_has_a_folder_of_his_own(temporary: Path) -> None:
    assert default_socket({}) == temporary / "bmsreader-1000" / "control.sock"


def test_a_command_looks_for_the_users_gateway_and_then_for_the_service(temporary: Path) -> None:
    assert places({"XDG_RUNTIME_DIR": "/run/user/7"}) == (Path("/run/user/7/bmsreader/control.sock"), SERVICE)


def test_a_folder_that_somebody_else_made_is_not_trusted(temporary: Path) -> None:
    (temporary / "bmsreader-1000").mkdir()
    if (temporary / "bmsreader-1000").stat().st_uid == USER:
        pytest.skip("this very user has the id of the test's user")

    with pytest.raises(UsageError, match="belongs to another user"):
        refuse_foreign_folder(default_socket({}))


def test_a_folder_of_ones_own_becomes_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / f"bmsreader-{os.getuid()}"
    folder.mkdir(mode=0o777)
    refuse_foreign_folder(folder / "control.sock")

    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_place_that_the_owner_chose_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    refuse_foreign_folder(tmp_path / "control.sock")

    assert tmp_path.stat().st_mode & 0o777 == 0o755
