"""`bmsreader lab label`: what the app showed is kept beside the capture."""

from pathlib import Path

from tests.cli.lab_captures import captured
from tests.cli.surroundings import invoke, lines_of


def test_labels_are_kept_and_added_to(tmp_path: Path) -> None:
    path = captured(tmp_path, labelled=False)

    assert invoke("lab", "label", str(path), "75: 12.9V -3.2A load on").exit_code == 0
    result = invoke("lab", "label", str(path), "5: 13.1V rest", "--json")

    assert lines_of(result)[0]["labels"] == ["5: pack_voltage=13.1 rest", "75: pack_voltage=12.9 current=-3.2 load on"]
    assert (tmp_path / "life.jsonl.labels").read_text().count("\n") == 3


def test_labels_can_be_typed_line_by_line(tmp_path: Path) -> None:
    path = captured(tmp_path, labelled=False)

    result = invoke("lab", "label", str(path), stdin="5: 13.1V\n12: 60%\n\n99: 1V\n")

    assert result.stdout.splitlines() == ["5: pack_voltage=13.1", "12: soc=60"]


def test_labels_can_be_cleared(tmp_path: Path) -> None:
    path = captured(tmp_path)

    assert lines_of(invoke("lab", "label", str(path), "--clear", "--json"))[0]["labels"] == []


def test_a_mistake_changes_nothing(tmp_path: Path) -> None:
    path = captured(tmp_path)
    before = (tmp_path / "life.jsonl.labels").read_text()

    result = invoke("lab", "label", str(path), "5: lots")

    assert (result.exit_code, "'lots' is not understood" in result.stderr) == (2, True)
    assert (tmp_path / "life.jsonl.labels").read_text() == before
