"""`bmsreader release`: the battery is free for the phone app."""

from pathlib import Path

from tests.cli.surroundings import invoke, lines_of
from tests.gateway.asked import Running


def test_a_battery_is_released_for_ten_minutes(tmp_path: Path) -> None:
    with Running(tmp_path / "s") as running:
        result = invoke("release", "House", "--control", str(tmp_path / "s"))

    assert running.gateway.released == [("house", 10.0)]
    assert result.stdout == "House is free for 10 minutes: open the app now.\n"
    assert "bmsreader release house --take-back" in result.stderr


def test_the_owner_says_for_how_long(tmp_path: Path) -> None:
    with Running(tmp_path / "s") as running:
        result = invoke("release", "caravan", "--minutes", "2.5", "--json", "--control", str(tmp_path / "s"))

    assert running.gateway.released == [("caravan", 2.5)]
    assert lines_of(result) == [{"battery": "caravan", "minutes": 2.5}]


def test_a_battery_is_taken_back(tmp_path: Path) -> None:
    with Running(tmp_path / "s") as running:
        result = invoke("release", "house", "--take-back", "--control", str(tmp_path / "s"))

    assert running.gateway.released == [("house", 0.0)]
    assert result.stdout == "House is read again.\n"


def test_an_unknown_battery_is_wrong_usage_and_the_known_ones_are_listed(tmp_path: Path) -> None:
    with Running(tmp_path / "s"):
        result = invoke("release", "boat", "--control", str(tmp_path / "s"))

    assert result.exit_code == 2
    assert "There are: house, caravan." in result.stderr


def test_nobody_releases_for_no_time_at_all() -> None:
    assert invoke("release", "house", "--minutes", "0").exit_code == 2
