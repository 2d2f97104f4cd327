"""`bmsreader lab describe`: a description that every command reads."""

from pathlib import Path

import pytest

from tests.cli.lab_captures import captured, life
from tests.cli.surroundings import invoke, lines_of

pytestmark = pytest.mark.slow  # each analyses whole captures


def test_the_description_decodes_what_the_battery_sends(tmp_path: Path) -> None:
    path, output = captured(tmp_path), tmp_path / "my.toml"

    result = invoke("lab", "describe", str(path), "-o", str(output))

    assert (result.exit_code, "decodes 80 of the 80 frames" in result.stderr) == (0, True)
    truth = life().readings[33][1]
    frame = truth.frames[0].decode()
    (reading,) = lines_of(invoke("decode", "--json", "--description", str(output), stdin=frame))
    assert (reading["protocol"], reading["current"], reading["soc"]) == ("my-battery", truth.current, truth.soc)
    assert reading["pack_voltage"] == pytest.approx(truth.pack_voltage)


def test_without_output_it_is_printed(tmp_path: Path) -> None:
    assert 'id = "caravan"' in invoke("lab", "describe", str(captured(tmp_path)), "--id", "caravan").stdout


def test_a_file_is_not_written_over(tmp_path: Path) -> None:
    output = tmp_path / "my.toml"
    output.write_text("precious")

    result = invoke("lab", "describe", str(captured(tmp_path)), "-o", str(output))

    assert (result.exit_code, output.read_text()) == (2, "precious")


def test_a_bad_id_is_wrong_usage(tmp_path: Path) -> None:
    assert invoke("lab", "describe", str(captured(tmp_path)), "--id", "My Battery").exit_code == 2


def test_json_holds_the_description(tmp_path: Path) -> None:
    (found,) = lines_of(invoke("lab", "describe", str(captured(tmp_path, "ej2")), "--json"))

    assert (found["frames"], found["decoded"]) == (80, 80)
    assert "[blocks.status.cell_voltages]" in found["description"]
