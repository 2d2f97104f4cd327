"""The event record comes from the running gateway, or from its history where none runs."""

from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.cli.recorded import of_gateway, of_store
from bmsreader.model.errors import UsageError
from bmsreader.store import Store
from tests.cli.surroundings import invoke, lines_of
from tests.clock import START
from tests.gateway.asked import CARAVAN, HOUSE, RECORDS, Running


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """What a gateway left on disk."""
    with Store(tmp_path / "history", now=lambda: START + timedelta(hours=1)) as store:
        store.put_info(HOUSE)
        store.put_info(CARAVAN)
        for record in RECORDS:
            store.note(record)
    return tmp_path / "history"


@pytest.mark.slow
def test_gateway_and_history_tell_the_same(history: Path, tmp_path: Path) -> None:
    with Running(tmp_path / "s"):
        told = of_gateway(tmp_path / "s", battery=None, kinds=None, since=None, limit=100)

    assert of_store(history, battery=None, kinds=None, since=None, limit=100) == told


@pytest.mark.slow
@pytest.mark.parametrize("name", ["house", "House", "02:00:07:00:15:44"])
def test_a_battery_in_the_history_goes_by_any_of_its_names(history: Path, name: str) -> None:
    events = of_store(history, battery=name, kinds=["rejected"], since=START, limit=100)

    assert [(event["kind"], event["name"]) for event in events] == [("rejected", "house")]


def test_a_battery_that_the_history_does_not_know_is_wrong_usage(history: Path) -> None:
    with pytest.raises(UsageError, match="no battery boat") as raised:
        of_store(history, battery="boat", kinds=None, since=None, limit=100)

    assert raised.value.advice == "There are: house, caravan."


def test_a_history_can_be_named(history: Path) -> None:
    events = lines_of(invoke("events", "--store", str(history), "--json"))

    assert [event["kind"] for event in events] == ["connected", "rejected", "adapter reset"]


def test_without_a_gateway_its_history_is_looked_into(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "nowhere"))
    (tmp_path / "bmsreader.toml").write_text(f'[store]\npath = "{history}"\n')
    result = invoke("events", "--json", BMSREADER_CONFIG=str(tmp_path / "bmsreader.toml"))

    assert len(lines_of(result)) == 3
    assert "no gateway runs here" in result.stderr


def test_with_neither_gateway_nor_history_no_gateway_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "nowhere"))
    (tmp_path / "bmsreader.toml").write_text(f'[store]\npath = "{tmp_path / "none"}"\n')

    assert invoke("events", BMSREADER_CONFIG=str(tmp_path / "bmsreader.toml")).exit_code == 3
