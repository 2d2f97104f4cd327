"""`bmsreader simulate`: a battery that answers."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.surroundings import invoke, lines_of
from tests.unasked import HUM


@pytest.mark.slow
def test_the_same_seed_lives_the_same_life() -> None:
    def life(seed: str) -> list[float]:
        result = invoke("simulate", "--seed", seed, "--speed", "600", "--count", "5", "--json")
        return [reading["current"] for reading in lines_of(result)]

    assert life("3") == life("3")
    assert life("3") != life("4")


def test_a_charge_charges_and_a_discharge_discharges() -> None:
    (charging,) = lines_of(invoke("simulate", "--scenario", "charge", "--count", "1", "--json"))
    (used,) = lines_of(invoke("simulate", "--scenario", "discharge", "--count", "1", "--json"))

    assert charging["current"] > 0 > used["current"]


def test_the_second_generation_can_be_simulated() -> None:
    (reading,) = lines_of(invoke("simulate", "--protocol", "ej2", "--variant", "nova", "--count", "1", "--json"))

    assert (reading["protocol"], reading["variant"]) == ("ej2", "nova")


def test_a_dead_cell_keeps_its_place() -> None:
    (reading,) = lines_of(invoke("simulate", "--faults", "dead-cell:2", "--count", "1", "--json"))

    assert reading["cell_voltages"][1] == 0.0
    assert "dead_cell" in reading["alarms"]


def test_a_description_of_ones_own_is_what_is_simulated(tmp_path: Path) -> None:
    path = tmp_path / "hum.toml"
    text = HUM.replace("size = 19", "size = 27").replace("count = 4", "count = 8").replace("least = 4", "least = 8")
    for at in (14, 12, 10, 8):  # what stands behind the cells
        text = text.replace(f"at = {at},", f"at = {at + 8},")
    path.write_text(text, encoding="utf-8")
    (reading,) = lines_of(invoke("simulate", "--description", str(path), "--count", "1", "--json"))

    assert (reading["protocol"], len(reading["cell_voltages"])) == ("hum", 8)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--faults", "lost-chunks"), "no fault is called 'lost-chunks'"),
        (("--scenario", "party"), "no scenario is called 'party'"),
        (("--protocol", "jk"), "no protocol is called 'jk'"),
        (("--variant", "long"), "no variant 'long'"),
    ],
    ids=["fault", "scenario", "protocol", "variant"],
)
def test_what_does_not_exist_is_wrong_usage(arguments: tuple[str, str], sentence: str) -> None:
    result = invoke("simulate", *arguments)

    assert result.exit_code == 2
    assert sentence in result.stderr


def test_all_faults_are_listed_with_their_meaning() -> None:
    assert "drop:NUMBER[@PROBABILITY]" in invoke("simulate", "--faults", "list").stdout
    assert "one notification of an answer is lost" in invoke("simulate", "--faults", "list").stdout
    assert {"fault": "busy"}.items() <= lines_of(invoke("simulate", "--faults", "list", "--json"))[10].items()


@pytest.mark.skipif(find_spec("bumble") is None, reason="needs the extra `simulator`")
def test_a_controller_that_is_not_there_is_no_bluetooth() -> None:
    from bmsreader.cli.machine import Machine

    result = invoke("simulate", "--transport", "file:/nonexistent", machine=Machine())

    assert result.exit_code == 5
