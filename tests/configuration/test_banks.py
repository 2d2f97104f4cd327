from pathlib import Path

import pytest

from bmsreader.configuration.banks import BankSettings, known_names
from tests.configuration.files import loaded, problems

FOUR = "".join(
    f'[[battery]]\nname = "{name}"\naddress = "C8:47:80:12:34:5{number}"\n'
    for number, name in enumerate(("Garage left", "Garage right", "Shed", "Spare"))
)


def bank(arrangement: str, *, name: str = "House", more: str = "") -> str:
    return f'{FOUR}[[bank]]\nname = "{name}"\narrangement = "{arrangement}"\n{more}'


def test_a_bank_is_written_with_the_names_of_its_batteries(tmp_path: Path) -> None:
    text = "series(parallel(Garage left, Garage right), parallel(shed, spare))"

    assert loaded(tmp_path, bank(text)).banks == (BankSettings(name="House", arrangement=text),)


def test_names_and_slugs_mean_the_same_battery() -> None:
    assert known_names(["Garage left"]) == {"Garage left": "garage-left", "garage-left": "garage-left"}


@pytest.mark.parametrize(
    ("arrangement", "problem"),
    [
        (
            "series(Garage left, Garage rigth)",
            "15: bank.0.arrangement: character 21: there is no battery 'Garage rigth'; did you mean 'Garage right'?",
        ),
        ("paralel(shed, spare)", "15: bank.0.arrangement: character 1: 'paralel' is neither series nor parallel"),
        (
            "series(shed, Shed)",
            "15: bank.0.arrangement: character 14: 'Shed' is in it twice: a pack has one place only",
        ),
        ("parallel(shed)", "15: bank.0.arrangement: character 1: parallel needs two parts at least"),
    ],
)
def test_what_is_wrong_with_an_arrangement_is_told_with_line_and_character(
    tmp_path: Path, arrangement: str, problem: str
) -> None:
    (found,) = problems(tmp_path, bank(arrangement))

    assert found.startswith(problem)


def test_a_bank_without_listed_batteries_is_told_to_list_them(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, '[[bank]]\nname = "House"\narrangement = "series(a, b)"\n')

    assert found.endswith("there is no battery 'a'; a bank is made of batteries that are listed in [[battery]]")


def test_a_bank_cannot_be_called_as_a_battery(tmp_path: Path) -> None:
    assert problems(tmp_path, bank("parallel(shed, spare)", name="SHED")) == [
        "14: bank.0.name: 'SHED' is the name of a battery too: both would be 'shed' in topics and labels"
    ]


def test_two_banks_have_two_names(tmp_path: Path) -> None:
    more = '[[bank]]\nname = "house"\narrangement = "parallel(Garage left, Garage right)"\n'

    assert problems(tmp_path, bank("parallel(shed, spare)", more=more)) == [
        "17: bank.1.name: 'house' is the name of another bank too: both would be 'house' in topics and labels"
    ]


def test_a_battery_that_is_not_read_is_missing_in_its_bank(tmp_path: Path) -> None:
    found = loaded(tmp_path, FOUR + "enabled = false\n" + bank("parallel(shed, spare)").removeprefix(FOUR))

    assert "'spare' is not read (enabled = false), so the bank will never see it" in found.warnings[0]
