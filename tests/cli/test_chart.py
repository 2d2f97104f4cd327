"""The past drawn with characters."""

from dataclasses import replace
from datetime import timedelta

from bmsreader.cli import chart
from bmsreader.store import Gap, History, Series
from tests.clock import START


def series(*means: float | None, unit: str = "%") -> Series:
    count = [0 if mean is None else 1 for mean in means]
    return Series(field="soc", unit=unit, min=means, mean=means, max=means, last=means, count=count)


def history(*hours: int, of: int) -> History:
    begin = int(START.timestamp() * 1000)
    return History(
        battery="house",
        start=START,
        end=START + timedelta(hours=of),
        source="15 minutes",
        width=timedelta(hours=1),
        stamps=[begin + 3_600_000 * hour for hour in hours],
        series={"soc": series(*(10.0 * hour for hour in hours))},
        gaps=(),
    )


def test_a_gap_is_drawn_as_a_gap() -> None:
    places = chart.columns(history(0, 1, 4, 5, of=6), 6)

    assert places == [0, 1, None, None, 2, 3]
    assert chart.drawn(series(1.0, 2.0, 3.0, 4.0), places, 1, "abcd") == ["ab  cd"]


def test_a_gap_that_begins_and_ends_within_points_is_drawn_as_long_as_it_was() -> None:
    half = timedelta(minutes=30)
    gap = Gap(start=START + half, end=START + 3 * half)

    assert chart.columns(replace(history(0, 1, of=2), gaps=(gap,)), 8) == [0, 0, None, None, None, None, 1, 1]


def test_a_short_stay_between_long_gaps_is_seen() -> None:
    found = replace(
        history(0, 1, 47, of=48), gaps=(Gap(start=START + timedelta(hours=2), end=START + timedelta(hours=47)),)
    )

    assert chart.columns(found, 4) == [0, None, None, 2]


def test_a_point_is_as_wide_as_its_time() -> None:
    assert chart.columns(history(0, 1, of=2), 4) == [0, 0, 1, 1]


def test_a_tall_chart_stands_on_its_lowest_row() -> None:
    assert chart.drawn(series(0.0, 1.0, 2.0, 3.0), [0, 1, 2, 3], 2, ".#") == ["  .#", ".###"]


def test_what_does_not_change_is_a_line_at_the_bottom() -> None:
    assert chart.drawn(series(5.0, 5.0), [0, 1], 2, ".#") == ["  ", ".."]
    assert chart.drawn(series(None), [0], 1, ".#") == [" "]


def test_values_have_the_digits_of_their_unit() -> None:
    assert chart.number(3.2841, "V") == "3.284 V"
    assert chart.number(12.0, "") == "12"


def test_a_narrow_terminal_still_has_room() -> None:
    assert chart.room_in(20) == 10
