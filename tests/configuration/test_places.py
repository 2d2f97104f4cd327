"""Where the configuration is looked for."""

from pathlib import Path

from bmsreader.configuration.places import credentials_folder, find, places, users_folder


def test_the_file_that_the_owner_names_is_taken_even_if_it_is_not_there(tmp_path: Path) -> None:
    assert find({"BMSREADER_CONFIG": "/nowhere.toml", "HOME": str(tmp_path)}) == Path("/nowhere.toml")


def test_the_service_looks_where_systemd_says_then_in_etc_then_at_the_users() -> None:
    environment = {"CONFIGURATION_DIRECTORY": "/etc/bmsreader:/etc/other", "HOME": "/home/pi"}

    assert [path.as_posix() for path in places(environment, system=Path("/system.toml"), platform="linux")] == [
        "/etc/bmsreader/bmsreader.toml",
        "/system.toml",
        "/home/pi/.config/bmsreader/bmsreader.toml",
    ]


def test_the_first_that_is_there_is_taken(tmp_path: Path) -> None:
    mine = tmp_path / ".config/bmsreader/bmsreader.toml"
    mine.parent.mkdir(parents=True)
    assert find({"HOME": str(tmp_path)}, system=tmp_path / "none.toml", platform="linux") is None
    mine.touch()

    assert find({"HOME": str(tmp_path)}, system=tmp_path / "none.toml", platform="linux") == mine


def test_each_system_has_its_own_folder_for_settings() -> None:
    assert users_folder({"XDG_CONFIG_HOME": "/x", "HOME": "/home/pi"}, "linux") == "/x"
    assert users_folder({"HOME": "/Users/pi"}, "darwin") == "/Users/pi/Library/Application Support"
    assert users_folder({"APPDATA": "C:/a"}, "win32") == "C:/a"
    assert users_folder({}, "linux") is None


def test_systemd_says_where_credentials_are() -> None:
    assert credentials_folder({"CREDENTIALS_DIRECTORY": "/run/credentials/x"}) == Path("/run/credentials/x")
    assert credentials_folder({}) is None
