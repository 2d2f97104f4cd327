"""`bmsreader lab analyse`: everything with its evidence."""

from pathlib import Path

import pytest

from tests.cli.lab_captures import captured, life
from tests.cli.surroundings import invoke, lines_of

pytestmark = pytest.mark.slow  # each analyses whole captures


def test_a_known_description_is_named_first(tmp_path: Path) -> None:
    lines = invoke("lab", "analyse", str(captured(tmp_path))).stdout.splitlines()

    assert lines[0] == "Known descriptions"
    assert lines[1].startswith("  ej         explains it: 80 readings")


def test_structure_and_fields_are_shown_with_bits(tmp_path: Path) -> None:
    text = invoke("lab", "analyse", str(captured(tmp_path))).stdout

    assert "begins 3a, ends 7e" in text
    assert "not-sum8 over the frame from byte 1" in text
    assert "byte 44 minus byte 46 u16, x 0.01" in text
    assert "sure, " in text


def test_everything_is_json_too(tmp_path: Path) -> None:
    (found,) = lines_of(invoke("lab", "analyse", str(captured(tmp_path, "ej2")), "--json"))

    fields = {field["name"]: field for field in found["answers"][0]["fields"]}
    assert (fields["current"]["at"], fields["current"]["type"]) == (54, "sm32")
    assert found["known"][0]["protocol"] == "ej2"
    assert found["lacks"] == []


def test_typed_labels_count_without_being_kept(tmp_path: Path) -> None:
    path = captured(tmp_path, labelled=False)
    labels = [part for share in (0.1, 0.35, 0.75) for part in ("--label", life().label(share))]

    (found,) = lines_of(invoke("lab", "analyse", str(path), *labels, "--json"))

    assert "current" in {field["name"] for field in found["answers"][0]["fields"]}
    assert not path.with_name("life.jsonl.labels").exists()


def test_without_labels_questions_are_asked(tmp_path: Path) -> None:
    text = invoke("lab", "analyse", str(captured(tmp_path, labelled=False))).stdout

    assert "Open: capacities: their scale is a guess" in text


def test_what_to_type_first_is_said_and_at_which_of_the_moments(tmp_path: Path) -> None:
    path = captured(tmp_path, labelled=False)
    moments = [word for share in (0.1, 0.75) for word in ("--label", f"{life().label(share).split(':')[0]}: rest")]

    text = invoke("lab", "analyse", str(path), *moments).stdout

    assert "Next: type all that the app showed at" in text
