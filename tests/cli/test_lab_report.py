"""`bmsreader lab report`: a bundle for an issue. What it leaves out is proved in tests/lab/test_redacted.py."""

import zipfile
from pathlib import Path

import pytest

from tests.cli.lab_captures import captured
from tests.cli.surroundings import invoke, lines_of

pytestmark = pytest.mark.slow  # each analyses whole captures


def test_the_bundle_can_be_analysed_again(tmp_path: Path) -> None:
    output = tmp_path / "report.zip"

    assert invoke("lab", "report", str(captured(tmp_path)), "-o", str(output)).exit_code == 0
    with zipfile.ZipFile(output) as archive:
        archive.extractall(tmp_path / "out")
    (found,) = lines_of(invoke("lab", "analyse", str(tmp_path / "out" / "capture.jsonl"), "--json"))

    assert {"cell_voltages", "current", "soc"} <= {field["name"] for field in found["answers"][0]["fields"]}


def test_address_and_name_are_nowhere(tmp_path: Path) -> None:
    output = tmp_path / "report.zip"
    invoke("lab", "report", str(captured(tmp_path)), "-o", str(output))

    with zipfile.ZipFile(output) as archive:
        text = "".join(name + archive.read(name).decode() for name in archive.namelist()).lower()

    assert [word for word in ("lt-12v", "02:00:07", "life.jsonl", "2026") if word in text] == []


def test_a_bundle_without_answers_is_told_to_help_nobody(tmp_path: Path) -> None:
    path = tmp_path / "frames.txt"
    path.write_text(":0102030405060708~\n" * 3)
    result = invoke("lab", "report", str(path), "-o", str(tmp_path / "report.zip"))

    assert (result.exit_code, "helps nobody" in result.stderr) == (0, True)


def test_a_report_is_not_written_over(tmp_path: Path) -> None:
    output = tmp_path / "report.zip"
    output.write_text("precious")

    assert invoke("lab", "report", str(captured(tmp_path)), "-o", str(output)).exit_code == 2
    (found,) = lines_of(invoke("lab", "report", str(captured(tmp_path)), "-o", str(output), "--force", "--json"))
    assert (found["answers"], found["left_out"]) == (80, 0)
