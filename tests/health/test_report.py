"""A report in the form that the dashboard and the command line share."""

import json

import pytest

from bmsreader.health import CellHealth, Curve, Finding, Report, as_dict
from bmsreader.health.finding import missing

MARCH = 1_772_323_200_000

REPORT = Report(
    battery="02:00:07:00:15:44",
    start=MARCH,
    end=MARCH + 86_400_000,
    days=1,
    findings=(Finding(name="soh", unit="%", value=97.0, grade="fair"), missing("resistance", "Ω", "few", "Too few.")),
    cells=(CellHealth(cell=1, findings=(Finding(name="offset_rest", unit="V", value=-0.002, grade="good"),)),),
    curves=(Curve(name="soh", unit="%", stamps=[MARCH], values=[97.00000001], counts=[1]),),
)


def test_a_report_is_plain_json() -> None:
    sent = json.loads(json.dumps(as_dict(REPORT)))

    assert (sent["battery"], sent["since"], sent["days"]) == ("02:00:07:00:15:44", "2026-03-01T00:00:00Z", 1)
    assert [item["name"] for item in sent["items"]] == ["soh", "resistance"]
    assert sent["cells"][0]["cell"] == 1
    assert sent["cells"][0]["items"][0]["value"] == -0.002
    assert sent["series"] == {"soh": {"unit": "%", "stamps": [MARCH], "values": [97.0], "counts": [1]}}


def test_a_finding_is_found_by_its_name() -> None:
    assert REPORT.finding("soh").value == 97.0
    with pytest.raises(KeyError):
        REPORT.finding("happiness")
