"""The doctor reads what the gateway recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bmsreader.cli import past
from bmsreader.cli.past import of_gateway, of_the_past
from bmsreader.descriptions import load
from bmsreader.gateway import statement
from bmsreader.model import BatteryInfo, BatteryState, Reading, Record, Snapshot
from bmsreader.store import Store
from tests.cli.surroundings import FRAME, invoke
from tests.cli.test_doctor import Patient

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUSE = BatteryInfo(id="02:00:07:00:15:44", name="House", slug="house", address="02:00:07:00:15:44")
BOAT = BatteryInfo(id="02:00:07:00:00:02", name="Boat", slug="boat", address="02:00:07:00:00:02")


def recorded(path: Path, *kinds: str, battery: BatteryInfo = HOUSE, adapter: str = "", now: datetime = NOW) -> Path:
    """Write a history in which these things happened within the last hour."""
    with Store(path / "history.sqlite3", now=lambda: now) as store:
        store.put_info(HOUSE)
        store.put_info(BOAT)
        for number, kind in enumerate(kinds):
            at = now - timedelta(minutes=60 - number)
            identity = "" if adapter else battery.id
            store.note(Record(at=at, kind=kind, battery=identity, adapter=adapter, duration=620.0))
    return path / "history.sqlite3"


@pytest.mark.slow
def test_a_deaf_adapter_is_told_from_the_record(tmp_path: Path) -> None:
    (check,) = of_the_past(recorded(tmp_path, "adapter deaf", "adapter reset", adapter="hci0"), now=NOW)

    assert (check.name, check.state) == ("last 24 hours, hci0", "warning")
    assert "deaf once" in check.finding


@pytest.mark.slow
def test_a_battery_is_called_by_its_name(tmp_path: Path) -> None:
    (check,) = of_the_past(recorded(tmp_path, *["no answer"] * 6), now=NOW)

    assert check.name == "last 24 hours, House"


@pytest.mark.slow
@pytest.mark.parametrize(("battery", "findings"), [("house", 1), ("HOUSE", 1), (HOUSE.id.lower(), 1), ("Boat", 0)])
def test_only_what_concerns_the_battery_that_was_asked_for(tmp_path: Path, battery: str, findings: int) -> None:
    checks = of_the_past(recorded(tmp_path, *["no answer"] * 6), battery, now=NOW)

    assert len(list(checks)) == findings


@pytest.mark.slow
def test_a_good_day_is_told_as_such(tmp_path: Path) -> None:
    (check,) = of_the_past(recorded(tmp_path, "scanner started", adapter="hci0"), now=NOW)

    assert (check.state, check.finding) == ("ok", "nothing is wrong in what the gateway recorded (1 events)")


@pytest.mark.slow
def test_what_is_longer_ago_is_not_told(tmp_path: Path) -> None:
    path = recorded(tmp_path, *["no answer"] * 6)

    assert list(of_the_past(path, now=NOW + timedelta(hours=25))) == []


def test_a_file_that_is_no_history_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    path.write_bytes(b"this is no database at all, whatever its name says")

    (check,) = of_the_past(path, now=NOW)

    assert (check.name, check.state) == ("history", "warning")


@pytest.mark.slow
def test_the_doctor_shows_it_after_its_own_checks(tmp_path: Path) -> None:
    path = recorded(tmp_path, "adapter deaf", adapter="hci0", now=datetime.now(UTC))
    result = invoke("doctor", "--store", str(path), machine=Patient())

    assert result.exit_code == 0
    assert result.stdout.index("listening") < result.stdout.index("last 24 hours, hci0")


# ---- a gateway that runs here


def running(
    monkeypatch: pytest.MonkeyPatch,
    *,
    state: str = "live",
    reason: str = "",
    connected: bool = True,
    name: str = "House",
) -> None:
    """Have a gateway run here that knows one battery."""
    reading = load("ej").decode(FRAME.encode(), battery=HOUSE.id, taken_at=NOW - timedelta(seconds=3.2))
    assert isinstance(reading, Reading)
    snapshot = Snapshot(
        info=replace(HOUSE, name=name),
        at=NOW,
        state=BatteryState(state),
        since=NOW,
        reason=reason,
        reading=reading,
        connected=connected,
    )
    monkeypatch.setattr(past, "ask", lambda path, command: {"batteries": [statement.of_battery(snapshot)]})


@pytest.mark.parametrize("battery", ["house", "HOU", HOUSE.id.lower()])
def test_a_battery_that_the_gateway_reads_is_in_good_hands(monkeypatch: pytest.MonkeyPatch, battery: str) -> None:
    running(monkeypatch)
    check = of_gateway(battery)

    assert check is not None
    assert (check.state, check.finding) == (
        "ok",
        "the gateway that runs here holds its connection: live, last read 3 s ago",
    )


def test_a_battery_that_the_gateway_holds_but_cannot_read_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    running(monkeypatch, state="stale", reason="its values stand still")
    check = of_gateway("house")

    assert check is not None
    assert (check.state, check.advice) == ("warning", "its values stand still")


@pytest.mark.parametrize(("battery", "connected"), [("boat", True), ("house", False)])
def test_what_the_gateway_does_not_hold_is_looked_for_as_usual(
    monkeypatch: pytest.MonkeyPatch, battery: str, connected: bool
) -> None:
    running(monkeypatch, connected=connected)

    assert of_gateway(battery) is None


def test_where_no_gateway_runs_nothing_is_said() -> None:
    assert of_gateway("house") is None


def test_the_doctor_does_not_blame_another_program_for_what_the_gateway_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    running(monkeypatch, name="LT-12V-1544")
    path = recorded(tmp_path)
    result = invoke("doctor", "LT-12V", "--store", str(path), machine=Patient())

    assert (result.exit_code, "holds its connection" in result.stdout) == (0, True)
