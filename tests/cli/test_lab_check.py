"""`bmsreader lab check`: one verdict and what to do."""

from pathlib import Path

import pytest

from tests.cli.lab_captures import captured
from tests.cli.surroundings import invoke, lines_of


@pytest.mark.slow
def test_a_good_capture_is_usable(tmp_path: Path) -> None:
    result = invoke("lab", "check", str(captured(tmp_path)))

    assert result.exit_code == 0
    assert "*1: LT-12V-1544 02:00:07:00:00:01" in result.stdout
    assert "Usable: everything that the lab needs is in it." in result.stdout


@pytest.mark.slow
def test_the_verdict_is_json_too(tmp_path: Path) -> None:
    (verdict,) = lines_of(invoke("lab", "check", str(captured(tmp_path)), "--json"))

    assert (verdict["usable"], verdict["answers"], verdict["labels"]) == ("yes", 80, 4)


@pytest.mark.slow
def test_what_to_do_is_said(tmp_path: Path) -> None:
    path = captured(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if '"tx"' not in line))

    result = invoke("lab", "check", str(path))

    assert "Usable in part: no request is in it" in result.stdout
    assert "  -> Use a logger that keeps what the vendor's app writes" in result.stdout
