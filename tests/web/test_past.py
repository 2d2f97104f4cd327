"""What the API says of the past."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.model import BatteryInfo, UsageError
from bmsreader.store import Store
from bmsreader.web import past
from bmsreader.web.past import MOST_FIELDS, check_size, fields_of
from tests.clock import START
from tests.store.batteries import reading
from tests.web.serving import Browser, Served

HISTORY = "/api/v1/batteries/lt-12v-1544/history"
INFO = BatteryInfo(id="a", name="a", slug="a", cells=4, sensors=2)


def test_groups_stand_for_all_of_their_kind() -> None:
    assert fields_of(["cells", "soc", "temperatures", "cell_2"], INFO) == [
        "cell_1", "cell_2", "cell_3", "cell_4", "soc", "temperature_1", "temperature_2"
    ]  # fmt: skip
    assert fields_of([], INFO) == ["soc", "pack_voltage", "current", "power"]


def test_what_is_no_field_or_too_many_is_refused() -> None:
    with pytest.raises(UsageError, match="no field 'spam'"):
        fields_of(["spam"], INFO)
    with pytest.raises(UsageError, match="at most"):
        fields_of([f"cell_{number}" for number in range(1, MOST_FIELDS + 2)], INFO)


@pytest.mark.slow
def test_a_history_has_one_entry_for_each_stamp(browser: Browser) -> None:
    found = browser.json(f"{HISTORY}?fields=soc,cells&points=100")

    assert found["battery"] == "lt-12v-1544"
    assert list(found["series"]) == ["soc", "cell_1", "cell_2", "cell_3", "cell_4"]
    assert {len(column) for one in found["series"].values() for column in list(one.values())[1:]} == {
        len(found["stamps"])
    }
    assert found["series"]["cell_1"]["unit"] == "V"


@pytest.mark.slow
def test_no_points_means_every_single_reading(browser: Browser, house: Served) -> None:
    found = browser.json(f"{HISTORY}?fields=soc&points=0")

    assert (found["source"], found["width"]) == ("readings", None)
    assert len(found["stamps"]) >= 1


@pytest.mark.slow
def test_a_table_for_spreadsheets_has_a_head_and_times_in_utc(browser: Browser) -> None:
    said = browser.get(f"{HISTORY}?fields=soc,power&points=0&format=csv")

    assert said.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert said.headers["Content-Disposition"] == 'attachment; filename="lt-12v-1544.csv"'
    head, first, *_ = csv.reader(io.StringIO(said.body.decode()))
    assert head == ["taken_at", "soc", "power"]
    assert first[0].endswith("Z")


@pytest.mark.slow
def test_arrow_is_read_by_arrow(browser: Browser) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    said = browser.get(f"{HISTORY}?fields=soc&points=10&format=arrow")

    table = pyarrow.ipc.open_stream(said.body).read_all()

    assert table.column_names == ["start", "soc_min", "soc_mean", "soc_max", "soc_last", "soc_count"]
    assert str(table.schema.field("start").type) == "timestamp[ms, tz=UTC]"


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "fields=spam", "points=-1", "points=10001", "start=yesterday", "format=xml", "start=2000&end=1000",
        "fields=soc&fields=power", "end=999999999999999999",
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_in_words(browser: Browser, query: str) -> None:
    said = browser.get(f"{HISTORY}?{query}")

    assert said.status == 400
    assert said.json["error"]


@pytest.mark.slow
def test_the_extent_goes_up_to_the_newest_reading_on_disk_or_not(browser: Browser, house: Served) -> None:
    found = browser.json("/api/v1/batteries/lt-12v-1544/extent")

    assert found["first"] <= found["last"]
    latest = house.house.snapshot("lt-12v-1544").reading
    assert latest is not None
    assert abs(found["last"] - latest.taken_at.timestamp() * 1000) < 60_000


@pytest.mark.slow
def test_days_begin_where_the_owner_lives(browser: Browser, house: Served) -> None:
    found = browser.json("/api/v1/batteries/lt-12v-1544/energy?days=2&tz=Pacific/Kiritimati")

    assert found["tz"] == "Pacific/Kiritimati"
    today = found["days"][-1]
    assert today["date"] == f"{house.house.gateway.now() + timedelta(hours=14):%Y-%m-%d}"
    assert today["missing"]["charge_in"] == [0, 0]
    assert browser.get("/api/v1/batteries/lt-12v-1544/energy?tz=Nowhere/Land").status == 400


@pytest.mark.slow
def test_events_are_told_with_the_slug_of_their_battery(browser: Browser) -> None:
    found = browser.json("/api/v1/events?battery=lt-12v-1544&kind=connected,state&limit=5")["events"]

    assert {one["battery"] for one in found} == {"lt-12v-1544"}
    assert {one["kind"] for one in found} <= {"connected", "state"}
    assert browser.get("/api/v1/events?battery=nobody").status == 404


@pytest.mark.slow
def test_without_a_history_that_is_what_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.web.serving import served

    with served(tmp_path_factory.mktemp("forgetful"), keeps=False) as house:
        browser = house.known()

        assert browser.get(HISTORY).json["error"] == "no history is kept"
        assert browser.json("/api/v1/batteries")["batteries"][0]["today"] is None
        assert browser.json("/api/v1/doctor") == {"findings": []}


def test_too_many_single_readings_are_refused_also_of_a_battery_that_tells_no_charge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "MOST_READINGS", 10)
    with Store(tmp_path / "history.sqlite3") as store:
        for number in range(12):
            store.append(reading(START + timedelta(seconds=number), INFO.id, soc=None))

        with pytest.raises(UsageError, match="these are 12 readings of 1 fields"):
            check_size(store, INFO, ["current"], START, START + timedelta(minutes=1))
        check_size(store, INFO, ["current"], START, START + timedelta(seconds=9))


@pytest.mark.slow
def test_more_points_of_more_fields_than_fit_into_the_memory_are_refused(browser: Browser) -> None:
    cells = ",".join(f"cell_{number}" for number in range(1, 33))

    assert browser.get(f"{HISTORY}?points=10000&fields={cells}").status == 400
    assert browser.get(f"{HISTORY}?points=5000&fields={cells}").status == 200
