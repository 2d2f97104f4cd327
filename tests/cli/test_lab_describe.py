"""`bmsreader lab describe`: a description that every command reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from bmsreader.captures.choosing import peers
from bmsreader.captures.traffic import Packet
from bmsreader.cli.lab_describe import handles
from bmsreader.cli.lab_opening import Opened
from tests.cli.lab_captures import captured, life
from tests.cli.surroundings import invoke, lines_of
from tests.lab.simulated import NOTIFY, WRITE

pytestmark = pytest.mark.slow  # each analyses whole captures


def test_the_description_decodes_what_the_battery_sends(tmp_path: Path) -> None:
    path, output = captured(tmp_path), tmp_path / "my.toml"

    result = invoke("lab", "describe", str(path), "-o", str(output))

    assert (result.exit_code, "Of the 80 answers of these kinds in the capture it decodes 80." in result.stderr) == (
        0,
        True,
    )
    truth = life().readings[33][1]
    frame = truth.frames[0].decode()
    (reading,) = lines_of(invoke("decode", "--json", "--description", str(output), stdin=frame))
    assert (reading["protocol"], reading["current"], reading["soc"]) == ("my-battery", truth.current, truth.soc)
    assert reading["pack_voltage"] == pytest.approx(truth.pack_voltage)


def test_the_handles_are_those_of_the_values_and_of_their_requests() -> None:
    noise = [Packet(at=0.0, kind="notification", value=b"\x64", handle=99)]
    login = [Packet(at=0.5, kind="write", value=b"secret", handle=77)]
    capture = replace(life().capture, packets=(*noise, *login, *life().packets))
    found = Opened(path=Path("x"), whole=capture, capture=capture, peer=peers(capture)[0], labels=())

    assert handles(found, found.analysis()) == (NOTIFY, WRITE)


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
