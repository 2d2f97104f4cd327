"""`bmsreader lab export`: in the forms that others use."""

from pathlib import Path

import pytest

from tests.cli.lab_captures import captured
from tests.cli.surroundings import invoke, lines_of

pytestmark = pytest.mark.slow  # each analyses whole captures


@pytest.mark.parametrize(
    ("form", "begins"), [("markdown", "# What the battery says"), ("ksy", "meta:"), ("aiobmsble", "# 80 frames begin")]
)
def test_each_form_can_be_printed_and_written(form: str, begins: str, tmp_path: Path) -> None:
    output = tmp_path / "out"
    path = captured(tmp_path)

    assert invoke("lab", "export", str(path), "--format", form).stdout.startswith(begins)
    assert invoke("lab", "export", str(path), "--format", form, "-o", str(output)).stdout == ""
    assert output.read_text().startswith(begins)


def test_json_holds_the_text(tmp_path: Path) -> None:
    (found,) = lines_of(invoke("lab", "export", str(captured(tmp_path)), "--json"))

    assert (found["format"], found["text"].startswith("# What")) == ("markdown", True)


def test_a_file_that_exists_is_not_written_over_unasked(tmp_path: Path) -> None:
    output = tmp_path / "mine.md"
    output.write_text("precious")
    refused = invoke("lab", "export", str(captured(tmp_path)), "-o", str(output))

    assert (refused.exit_code, output.read_text()) == (2, "precious")
    assert invoke("lab", "export", str(captured(tmp_path)), "-o", str(output), "--force").exit_code == 0
    assert output.read_text().startswith("# What")
