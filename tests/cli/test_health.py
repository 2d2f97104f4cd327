"""`bmsreader health`: what people and programs get."""

import json
from pathlib import Path

import pytest

from bmsreader.cli.health import between, line, value
from bmsreader.health import Curve, Finding
from bmsreader.health.past import DAY
from bmsreader.model.battery import BatteryInfo
from bmsreader.store import Store
from tests.cli.surroundings import invoke
from tests.store.batteries import HOUSE, fill, readings

MARCH = 1_772_323_200_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hours of one battery, and another one that was never read."""
    path = tmp_path_factory.mktemp("lived") / "history.sqlite3"
    with Store(path) as mine:
        mine.put_info(BatteryInfo(id=HOUSE, name="House", slug="house"))
        fill(mine, list(readings(360, step=60)))
        mine.put_info(BatteryInfo(id="van", name="Van", slug="van"))
    return path


@pytest.mark.slow
def test_people_see_what_is_known_and_why_the_rest_is_not(path: Path) -> None:
    result = invoke("health", "house", "--store", str(path))

    assert result.exit_code == 0
    assert "State of health" in result.stdout
    assert "Not told by the data" in result.stdout
    assert "Internal resistance: " in result.stdout


@pytest.mark.slow
def test_what_the_figures_mean_is_told_to_who_asks(path: Path) -> None:
    brief = invoke("health", "house", "--store", str(path))
    explained = invoke("health", "house", "--store", str(path), "--explain")

    assert "repeats a setting takes 20 days" in " ".join(explained.stdout.split())
    assert "repeats a setting" not in brief.stdout


def test_programs_get_every_figure_or_its_reason(path: Path) -> None:
    sent = json.loads(invoke("health", "house", "--store", str(path), "--json").stdout)

    assert sent["battery"] == "house"
    assert all((item["value"] is None) == bool(item["reason"]) for item in sent["items"])
    assert {"soh", "resistance", "capacity", "self_discharge"} <= {item["name"] for item in sent["items"]}
    assert [cell["cell"] for cell in sent["cells"]] == [1, 2, 3, 4]


def test_a_battery_without_readings_says_so(path: Path) -> None:
    result = invoke("health", "van", "--store", str(path))

    assert result.exit_code == 0
    assert "Van: no readings in this time." in result.stdout
    assert json.loads(invoke("health", "van", "--store", str(path), "--json").stdout)["items"] == []


def test_an_unknown_battery_is_refused(path: Path) -> None:
    result = invoke("health", "boat", "--store", str(path))

    assert result.exit_code == 2
    assert "house" in result.stderr


def test_small_units_are_shown_as_owners_read_them() -> None:
    finding = Finding(name="resistance", unit="Ω", value=0.00123, low=0.00119, high=0.00127)

    assert value(finding) == "1.23 mΩ"
    assert between(finding) == "1.19 to 1.27"
    assert value(Finding(name="weakest_cell", unit="", value=3.0)) == "3"
    assert value(Finding(name="offset_rest", unit="V", value=-0.00001)) == "0.0 mV"


def test_ups_and_downs_without_meaning_look_flat() -> None:
    curve = Curve(name="spread_rest", unit="V", stamps=[MARCH, MARCH + 31 * DAY], values=[0.001, 0.0012], counts=[9, 9])

    assert line(curve, ascii_only=False) in {"▄▅", "▄▄", "▅▅"}


def test_a_month_without_data_is_a_gap() -> None:
    curve = Curve(name="soh", unit="%", stamps=[MARCH, MARCH + 92 * DAY], values=[97.0, 85.0], counts=[1, 1])

    assert line(curve, ascii_only=False) == "█  ▁"
    assert line(curve, ascii_only=True) == "@  ."
