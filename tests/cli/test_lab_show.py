"""`bmsreader lab show` and `diff`: what moves, and when."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bmsreader.cli.lab_show import strip_lines
from tests.cli.lab_captures import captured, life
from tests.cli.surroundings import invoke, lines_of
from tests.lab.test_binary import analysed

pytestmark = pytest.mark.slow  # each analyses whole captures


def test_a_strip_shows_every_byte_over_time(tmp_path: Path) -> None:
    lines = invoke("lab", "show", str(captured(tmp_path))).stdout.splitlines()

    assert lines[0] == "Answer 1: 80 frames of 69 bytes"
    assert lines[1].startswith("    byte 0       8       16")
    assert len([line for line in lines if line[7:9] == "s "]) == 16
    assert any("meaning ............CCCCCCCC" in line for line in lines)


@pytest.mark.parametrize(("width", "pieces", "longest"), [(80, 2, 73), (40, 3, 33), (200, 1, 78)])
def test_a_strip_is_as_wide_as_the_terminal(width: int, pieces: int, longest: int) -> None:
    lines = [line.plain for line in strip_lines(analysed(life()).answers[0], width)]

    assert sum(line.lstrip().startswith("byte") for line in lines) == pieces
    assert max(map(len, lines[:-1])) == longest


def test_groups_of_values_have_letters_too() -> None:
    answer = analysed(life()).answers[0]
    (one, *others) = answer.meaning.fields
    group = replace(one, value=replace(one.value, name="temperatures_2"))
    lines = strip_lines(replace(answer, meaning=replace(answer.meaning, fields=[group, *others])), 80)

    assert "T temperatures" in lines[-1].plain


def test_the_page_is_written(tmp_path: Path) -> None:
    output = tmp_path / "bytes.html"

    assert invoke("lab", "show", str(captured(tmp_path)), "--html", str(output)).exit_code == 0
    assert output.read_text().startswith("<!doctype html>")


def test_bytes_are_json_too(tmp_path: Path) -> None:
    (answer,) = lines_of(invoke("lab", "show", str(captured(tmp_path)), "--json"))

    assert (answer["size"], len(answer["bytes"]), answer["bytes"][0]["changes"]) == (69, 69, 0)


def test_the_current_tells_rest_load_and_charge_apart(tmp_path: Path) -> None:
    text = invoke("lab", "diff", str(captured(tmp_path))).stdout

    assert "at rest" in text
    assert "byte 47   tells them apart" in text or "byte 47   differs" in text
    (current,) = [line for line in text.splitlines() if line.startswith("  current")]
    assert re.search(r" rest .*, load -\d.* to -\d.*, charge \d.* to \d", current)


def test_labels_tell_the_phases_apart(tmp_path: Path) -> None:
    path = captured(tmp_path, labelled=False)
    labels = ("--label", "0: rest", "--label", "26: load on", "--label", "120: load off")

    (found,) = lines_of(invoke("lab", "diff", str(path), *labels, "--json"))

    assert set(found["phases"]) == {"rest", "load"}
    assert 47 in {byte["at"] for byte in found["bytes"]}


def test_without_phases_it_says_how_to_name_them(tmp_path: Path) -> None:
    result = invoke("lab", "diff", str(captured(tmp_path, labelled=False)))

    assert (result.exit_code, "lab label FILE" in result.stderr) == (2, True)
