"""A reading as people see it."""

from io import StringIO

from rich.console import Console, RenderableType

from bmsreader.cli.drawing import Heard, Ink, cells, panel, side_by_side
from tests.cli.test_words import reading


def drawn(drawing: RenderableType, width: int = 100) -> str:
    file = StringIO()
    Console(file=file, width=width, color_system=None).print(drawing)
    return file.getvalue()


def test_lowest_and_highest_cell_are_marked() -> None:
    assert [line.split()[-1] for line in cells((3.257, 3.258, 3.259, 3.254), Ink()).plain.splitlines()][2:] == [
        "highest",
        "lowest",
    ]


def test_a_dead_cell_keeps_its_place_and_is_called_dead() -> None:
    lines = cells((3.3, 0.0, 3.31, 3.305), Ink()).plain.splitlines()

    assert "0.000 V" in lines[1]
    assert lines[1].endswith("dead")
    assert lines[0].endswith("lowest")


def test_equal_cells_need_no_mark() -> None:
    assert "highest" not in cells((3.3, 3.3), Ink()).plain


def test_alarms_are_words() -> None:
    assert "discharge under temperature" in drawn(
        panel(reading(alarms=("discharge_under_temperature",)), Heard(), Ink())
    )


def test_what_is_not_reported_takes_no_line() -> None:
    text = drawn(panel(reading(soc=None, cell_voltages=(), temperatures=(), current=None), Heard(), Ink()))

    assert "State of charge" not in text
    assert "Cells" not in text
    assert "Temperature" not in text


def test_signal_age_and_rejections_are_shown() -> None:
    text = drawn(panel(reading(), Heard(name="Van", signal=-61, age=240, rejected=3, problem="no answer"), Ink()))

    assert "-61 dBm, 4 min ago, 3 rejected" in text
    assert "no answer" in text


def test_batteries_stand_side_by_side_as_far_as_they_fit() -> None:
    batteries = [(reading(), f"battery {number}", Heard()) for number in range(3)]
    wide, narrow = (drawn(side_by_side(batteries, Ink(), width), width) for width in (130, 80))

    assert wide.count("State of charge") == 1
    assert narrow.count("State of charge") == 3


def test_a_battery_without_a_reading_says_what_it_waits_for() -> None:
    text = drawn(side_by_side([(None, "van", Heard()), (None, "boat", Heard(problem="not heard"))], Ink(), 100))

    assert "connecting" in text
    assert "not heard" in text


def test_notes_of_a_reading_are_shown() -> None:
    assert "tolerated" in drawn(panel(reading(notes=("tolerated",)), Heard(), Ink(full="#", rest=".")))
