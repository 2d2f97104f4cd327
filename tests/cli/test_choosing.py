"""Which history, which battery, which time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bmsreader.cli import choosing
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import UsageError
from bmsreader.store import Reader, Store
from tests.clock import START
from tests.store.batteries import HOUSE, reading


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "history.sqlite3"
    with Store(path) as mine:
        mine.put_info(BatteryInfo(id=HOUSE, name="House battery", slug="house", address=HOUSE))
        mine.put_info(BatteryInfo(id="van", name="Van", slug="van"))
        mine.append(reading())
    return path


def test_the_history_is_that_of_the_gateway_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("BMSREADER__STORE__PATH", "")
    monkeypatch.delenv("BMSREADER__STORE__PATH")

    assert choosing.place(None) == tmp_path / "history.sqlite3"
    assert choosing.place(tmp_path / "other") == tmp_path / "other"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["house", "HOUSE", "House battery", HOUSE, "hous"])
def test_a_battery_is_chosen_by_what_its_owner_calls_it(path: Path, name: str) -> None:
    with Reader(path) as past:
        assert [info.id for info in choosing.chosen(past, name)] == [HOUSE]
        assert len(choosing.chosen(past, None)) == 2


def test_an_unknown_battery_is_refused_with_those_that_there_are(path: Path) -> None:
    with Reader(path) as past, pytest.raises(UsageError, match="no battery boat") as caught:
        choosing.chosen(past, "boat")
    assert "house, van" in caught.value.advice


def test_a_time_is_so_long_ago_or_a_date() -> None:
    assert choosing.moment("2h", START) == START - timedelta(hours=2)
    assert choosing.moment("2026-03-01T12:00:00Z", START) == datetime(2026, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(UsageError, match="'noon' is no time"):
        choosing.moment("noon", START)


def test_without_a_wish_the_whole_past_is_meant(path: Path) -> None:
    with Reader(path) as past:
        infos = choosing.chosen(past, "house")
        start, until = choosing.stretch(past, infos, None, None)
        assert start <= START < until
        with pytest.raises(UsageError, match="before --from"):
            choosing.stretch(past, infos, "1h", "2h")
