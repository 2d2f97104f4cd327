"""Every error says what happened, what to do next, and which exit code a script sees."""

import pytest

from bmsreader import model
from bmsreader.model import BmsReaderError, Bug, OwnerError

OWNERS = [
    (model.UsageError, 2),
    (model.DescriptionError, 2),
    (model.CaptureError, 2),
    (model.NothingFound, 3),
    (model.NotHeard, 3),
    (model.NoAnswer, 4),
    (model.CorruptAnswer, 4),
    (model.LinkLost, 4),
    (model.Unreachable, 4),
    (model.BatteryBusy, 4),
    (model.ServicesMissing, 4),
    (model.NotRecognised, 4),
    (model.NoBluetooth, 5),
]


@pytest.mark.parametrize(("error", "exit_code"), OWNERS, ids=lambda value: getattr(value, "__name__", str(value)))
def test_what_the_owner_can_act_on_has_its_exit_code(error: type[BmsReaderError], exit_code: int) -> None:
    assert error.exit_code == exit_code
    assert issubclass(error, OwnerError)


@pytest.mark.parametrize("error", [model.Bug, model.WriteRefused], ids=lambda error: error.__name__)
def test_what_is_our_mistake_is_exit_code_1(error: type[BmsReaderError]) -> None:
    assert error.exit_code == 1
    assert issubclass(error, Bug)
    assert error.advice


def test_what_happens_to_a_battery_comes_with_advice() -> None:
    silent = [error for error, code in OWNERS if code >= 3 and not error.advice]

    assert silent == []


def test_an_error_may_bring_better_advice() -> None:
    error = model.NothingFound("no battery answered", advice="Charge it.")

    assert (str(error), error.advice) == ("no battery answered", "Charge it.")
    assert model.NothingFound("no battery answered").advice.startswith("Go nearer")


def test_a_busy_battery_cannot_be_reached() -> None:
    assert issubclass(model.BatteryBusy, model.Unreachable)
    assert issubclass(model.BatteryBusy, model.NoValidAnswer)
