"""Where the history lies."""

from pathlib import Path

import pytest

from bmsreader.store import place


def test_systemd_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/private/bmsreader:/elsewhere")

    assert place.default_store() == Path("/var/lib/private/bmsreader/history.sqlite3")


def test_root_on_linux_writes_where_services_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 0)

    assert place.default_store() == Path("/var/lib/bmsreader/history.sqlite3")


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("linux", "/home/anna/data/bmsreader/history.sqlite3"),
        ("darwin", "/home/anna/Library/Application Support/bmsreader/history.sqlite3"),
        ("win32", "/users/anna/local/bmsreader/history.sqlite3"),
    ],
)
def test_a_user_has_it_in_the_folder_for_data(system: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/anna")
    monkeypatch.setenv("XDG_DATA_HOME", "/home/anna/data")
    monkeypatch.setenv("LOCALAPPDATA", "/users/anna/local")

    assert place.default_store() == Path(expected)
