"""What is on screen, as a file: CSV, JSON and PNG of a chart hold what the API says of the time that is shown."""

import csv
import json
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.web.browser.charting import Chart, Shown
from tests.web.browser.conftest import Open
from tests.web.browser.remembered import SLUG, remember
from tests.web.browser.running import Running, gateway
from tests.web.browser.watching import needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

PLACE = f"#/battery/{SLUG}"


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("exports")
    remember(folder / "history.sqlite3")
    with gateway(folder, simulated=1) as running:
        yield running


def saved(part: Locator, kind: str) -> tuple[str, bytes]:
    """Choose a file in the menu of a chart and return its name and content."""
    part.locator("details.save summary").click()
    with part.page.expect_download() as download:
        part.locator(f"[data-kind={kind}]").click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def still(chart: Chart, name: str) -> tuple[Shown, list[str]]:
    """Show a stretch of the past that no live value joins; return it, and what was asked for it, the last one last."""
    asked: list[str] = []
    chart.page.on("request", lambda request: asked.append(request.url) if "/history?" in request.url else None)
    chart.choose(name)
    chart.page.get_by_role("button", name="Earlier", exact=True).click()
    shown = chart.settle()
    assert not shown.follow
    return shown, asked


def told(running: Running, asked: list[str], shown: Shown) -> tuple[dict[str, Any], list[int]]:
    """Return what the API says to the chart's question, and which of its points lie in what is shown."""
    path = next(url for url in reversed(asked) if "fields=soc&" in url).removeprefix(running.url)
    answer: dict[str, Any] = running.ask(path)
    half = 500 * (answer["width"] or 0)
    inside = [at for at, stamp in enumerate(answer["stamps"]) if shown.start <= stamp + half <= shown.end]
    return answer, inside


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize("name", ["Hour", "Week", "Year"])
def test_a_table_holds_the_points_on_screen(name: str, remembered: Running, visit: Open) -> None:
    chart = Chart(visit(remembered.url, PLACE).page)
    shown, asked = still(chart, name)

    file, content = saved(chart.element, "csv")
    rows = [*csv.DictReader(content.decode().splitlines())]

    answer, inside = told(remembered, asked, shown)
    mean = "soc" if answer["width"] is None else "soc_mean"
    assert file.startswith(f"{SLUG}-soc-")
    assert [ms(row["time"]) for row in rows] == [answer["stamps"][at] for at in inside]
    assert [float(row[mean]) for row in rows] == [answer["series"]["soc"]["mean"][at] for at in inside]


def test_data_say_units_width_and_gaps(remembered: Running, visit: Open) -> None:
    chart = Chart(visit(remembered.url, PLACE).page)
    shown, asked = still(chart, "6 h")

    file, content = saved(chart.element, "json")
    found = json.loads(content)

    answer, inside = told(remembered, asked, shown)
    gaps = [gap for gap in answer["gaps"] if gap["end"] > shown.start and gap["start"] < shown.end]
    assert file.endswith(".json")
    assert found["battery"] == SLUG
    assert found["units"] == {"soc": "%"}
    assert found["width"] == answer["width"]
    assert len(found["points"]) == len(inside)
    assert [ms(gap["start"]) for gap in found["gaps"]] == [gap["start"] for gap in gaps]
    assert len(gaps) == 1


def test_cells_are_columns_of_one_table(remembered: Running, visit: Open) -> None:
    chart = Chart(visit(remembered.url, PLACE).page, "Cells")
    still(chart, "Week")

    _, content = saved(chart.element, "csv")

    columns = [f"cell_{cell}_{what}" for cell in (1, 2, 3, 4) for what in ("min", "mean", "max", "count")]
    assert content.decode().splitlines()[0] == ",".join(["time", *columns])


def test_a_picture_has_title_legend_and_lines(remembered: Running, visit: Open) -> None:
    chart = Chart(visit(remembered.url, PLACE).page, "Cells")
    still(chart, "Week")

    file, content = saved(chart.element, "png")

    width, height = struct.unpack(">II", content[16:24])
    assert file.endswith(".png")
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert width > 600
    assert height > 250
    assert len(set(pixels(content))) > 60


def test_energy_by_day_is_saved_with_the_bounds_of_its_gaps(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    energy = page.locator("bms-energy")
    energy.locator("svg.energy-bars").wait_for()

    _, content = saved(energy, "csv")
    _, picture = saved(energy, "png")
    rows = [*csv.DictReader(content.decode().splitlines())]

    days = remembered.ask(f"api/v1/batteries/{SLUG}/energy?days=14&tz=Europe/Berlin")["days"]
    assert [row["date"] for row in rows] == [day["date"] for day in days]
    assert [float(row["energy_in"]) for row in rows[:-1]] == [day["energy_in"] for day in days[:-1]]
    assert any(float(row["missing_charge_in_most"]) > 0 for row in rows)
    assert len(set(pixels(picture))) > 20


def pixels(png: bytes) -> list[bytes]:
    """Return the bytes of the rows of a PNG, as they are, four at a time: a picture with something has many."""
    at, packed = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw = zlib.decompress(packed)
    return [raw[place : place + 4] for place in range(0, len(raw), 4)]
