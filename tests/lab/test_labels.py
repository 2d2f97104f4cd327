"""Labels are what the owner saw, typed as the owner would say it."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bmsreader.lab.labels import beside, corrected, parse_label, read_labels, write_labels
from bmsreader.model.errors import CaptureError, UsageError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_a_label_says_what_was_seen_and_when() -> None:
    label = parse_label("75:12.9V 85% -3.2A 21C load on")

    assert label.at == 75
    assert [(one.name, one.value, one.step) for one in label.seen] == [
        ("pack_voltage", 12.9, 0.1),
        ("soc", 85, 1),
        ("current", -3.2, 0.1),
        ("temperatures", 21, 1),
    ]
    assert label.events == ("load", "on")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("75 12V", 75),
        ("1:15 12V", 75),
        ("1:15: 12V", 75),
        ("1:15:12V", 75),
        ("1:02:15 12V", 3735),
        ("75.5s 12V", 75.5),
        ("12:01:15Z 12V", 75),
        ("14:01:15+02:00 12V", 75),
        ("14:01:15+2: 12V", 75),
        ("08:31:15-0330: 12V", 75),
    ],
)
def test_a_time_may_be_written_in_many_ways(text: str, at: float) -> None:
    assert parse_label(text, started=NOON).at == at


def test_named_values_and_single_cells_are_understood() -> None:
    seen = parse_label("0 cell2=3.257V remaining=170.5Ah full=200Ah cycles=12 cell=3301mV 68F").seen

    assert [(one.name, round(one.value, 3), one.index) for one in seen] == [
        ("cell", 3.257, 1),
        ("remaining_capacity", 170.5, None),
        ("full_charge_capacity", 200, None),
        ("cycle_count", 12, None),
        ("cell", 3.301, None),
        ("temperatures", 20, None),
    ]


@pytest.mark.parametrize("text", ["75: 12.9 V, 85 %; -3.2 A 21 °C full=200 Ah", "75 12.9v 85% -3.2a 21c full=200ah"])
def test_units_may_stand_apart_and_in_any_case(text: str) -> None:
    assert parse_label(text) == parse_label("75: 12.9V 85% -3.2A 21C full=200Ah")


def test_sensors_have_numbers_or_places_and_cells_a_lowest_and_a_highest() -> None:
    label = parse_label("0 T1=18C t2=21 MOS=35C ambient=20C min=3.291V highest=3305mV")

    assert [(one.name, round(one.value, 3), one.index, one.place) for one in label.seen] == [
        ("temperatures", 18, 0, ""),
        ("temperatures", 21, 1, ""),
        ("temperatures", 35, None, "mosfet"),
        ("temperatures", 20, None, "ambient"),
        ("lowest_cell", 3.291, None, ""),
        ("highest_cell", 3.305, None, ""),
    ]
    assert parse_label(label.line()) == label


@pytest.mark.parametrize(
    "text",
    ["12.9V", "75: T0=18C", "75: 12.9", "75: about 3A", "75: 12.9V mood=3", "", "12:00:00Z 3V", "75: full=85%"],
)
def test_what_is_not_understood_is_said(text: str) -> None:
    with pytest.raises(UsageError, match=r"label|time"):
        parse_label(text)


@pytest.mark.parametrize("text", ["75", "75:", "1:15: ?", "75: 12.9", "12:00:00+0200"])
def test_a_time_alone_is_told_to_say_nothing(text: str) -> None:
    with pytest.raises(UsageError, match="says nothing"):
        parse_label(text)


def test_labels_are_kept_beside_the_capture_in_the_order_of_time(tmp_path: Path) -> None:
    capture = tmp_path / "night.log"
    labels = [parse_label("75: 12.95V -3.2A cell1=3.257V"), parse_label("5: 13V rest")]

    write_labels(capture, labels)

    assert beside(capture).name == "night.log.labels"
    assert read_labels(capture) == (labels[1], labels[0])


def test_what_is_typed_again_for_a_moment_is_corrected_and_sensors_stay_beside_each_other() -> None:
    kept = [parse_label("5: 13V 60% 19C T1=18C load on"), parse_label("75: 12.9V")]
    added = [parse_label("5: 13.2V 21C T1=17C")]

    assert [label.line() for label in corrected(kept, added)] == [
        "5: soc=60 temperatures=19 load on",
        "5: pack_voltage=13.2 temperatures=21 T1=17",
        "75: pack_voltage=12.9",
    ]
    assert corrected(kept, kept[1:]) == (kept[0], kept[1])


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    capture = tmp_path / "night.log"
    beside(capture).write_text("# seen\n\n75: 12V\n80: hm\n")

    with pytest.raises(CaptureError, match=r"night\.log\.labels:4"):
        read_labels(capture)


def test_labels_in_another_alphabet_are_told_to_be_no_text(tmp_path: Path) -> None:
    capture = tmp_path / "night.log"
    beside(capture).write_text("75: 21°C\n", encoding="latin-1")

    with pytest.raises(CaptureError, match="UTF-8"):
        read_labels(capture)


def test_a_capture_without_labels_has_none(tmp_path: Path) -> None:
    assert read_labels(tmp_path / "night.log") == ()


@pytest.mark.parametrize(
    "text",
    [
        "75: 12.95V -3.2A 85% 21.5C 170Ah 12cycles load on",
        "1234567.125: full=200Ah design=200.0Ah health=98 cell3=3.257V cell=3301mV",
    ],
)
def test_a_label_that_was_kept_is_read_back(text: str) -> None:
    label = parse_label(text)

    assert parse_label(label.line()) == label


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_labels_that_notepad_saved_are_read(encoding: str, tmp_path: Path) -> None:
    capture = tmp_path / "night.log"
    beside(capture).write_bytes("# seen\r\n75: 21\u2103\r\n".encode(encoding))

    assert [label.line() for label in read_labels(capture)] == ["75: temperatures=21"]


def test_the_labels_of_a_report_are_in_its_zip(tmp_path: Path) -> None:
    report = tmp_path / "report.zip"
    with zipfile.ZipFile(report, "w") as packed:
        packed.writestr("capture.jsonl.labels", "75: -320mA\n")

    assert [label.line() for label in read_labels(report)] == ["75: current=-0.320"]
