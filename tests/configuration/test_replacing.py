"""The owner's file is replaced as a whole, and stays the owner's."""

import os
import stat
from pathlib import Path

import pytest

from bmsreader.configuration.replacing import content, place_for, replace, stamp_of, text_of, why_not_writable
from bmsreader.model import ConfigurationError


def nothing_wrong(_path: Path) -> None:
    """A check that finds nothing."""


def test_the_mode_stays_and_no_other_file_is_left_behind(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("old")
    file.chmod(0o640)

    replace(file, "new ü\r\n", check=nothing_wrong)

    assert file.read_bytes() == "new ü\r\n".encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["bmsreader.toml"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("old")
    os.chown(file, 12345, 54321)

    replace(file, "new", check=nothing_wrong)

    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 54321)


def test_what_the_check_refuses_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("old")

    def refuse(path: Path) -> None:
        assert path.read_text() == "new"
        raise ConfigurationError("no")

    with pytest.raises(ConfigurationError):
        replace(file, "new", check=refuse)
    assert file.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["bmsreader.toml"]


def test_a_new_file_is_made_with_its_folder_and_is_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader" / "bmsreader.toml"

    replace(file, "new", check=nothing_wrong)

    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("old")
    link.symlink_to(real)

    replace(link, "new", check=nothing_wrong)

    assert link.is_symlink()
    assert real.read_text() == "new"


def test_the_file_is_made_where_it_will_be_looked_for(tmp_path: Path) -> None:
    users = tmp_path / "config"

    assert place_for({"CONFIGURATION_DIRECTORY": str(users)}) == users / "bmsreader.toml"
    assert place_for({"BMSREADER_CONFIG": "/a/b.toml"}) == Path("/a/b.toml")
    assert place_for({}, Path("mine.toml")) == Path("mine.toml")


def test_where_nothing_can_be_written_it_says_why(tmp_path: Path) -> None:
    assert why_not_writable(tmp_path / "new" / "bmsreader.toml") == ""
    assert "is no file" in why_not_writable(tmp_path)
    assert "is no folder" in why_not_writable(Path("/dev/null/x.toml"))
    with pytest.raises(ConfigurationError, match="cannot be changed"):
        replace(Path("/dev/null/x.toml"), "new", check=nothing_wrong)


def test_each_state_of_a_file_has_a_stamp_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    none = stamp_of(content(file))
    file.write_text("a")
    one = stamp_of(content(file))
    file.write_text("b")

    assert len({none, one, stamp_of(content(file))}) == 3


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="UTF-8"):
        text_of(tmp_path, b"\xff")
    assert text_of(tmp_path, None).startswith("# Settings")


def test_a_name_that_no_file_can_have_is_told_in_words(tmp_path: Path) -> None:
    assert "cannot be reached" in why_not_writable(tmp_path / ("x" * 300) / "bmsreader.toml")
