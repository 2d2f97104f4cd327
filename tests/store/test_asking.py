"""Questions about the past, answered from readings, quarters of an hour or days."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bmsreader.model.errors import UsageError
from bmsreader.model.reading import Reading
from bmsreader.store import Gap, History, Store, levels
from bmsreader.store.asking import Question
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, reading, readings

HOUR = timedelta(hours=1)


def means(history: History, field: str) -> list[float | None]:
    return [None if mean is None else round(mean, 6) for mean in history.series[field].mean]


Point = tuple[float | None, float | None, float | None, float | None, int]


def truth(some: list[Reading], start: datetime, width: timedelta) -> dict[datetime, Point]:
    """Return lowest, mean, highest and last state of charge and the number of readings, the plain way."""
    stretches: dict[datetime, list[float]] = {}
    for one in sorted(some, key=lambda one: one.taken_at):
        number = (one.taken_at - start) // width
        stretches.setdefault(start + number * width, []).append(one.soc or 0.0)
    return {
        at: (min(values), round(sum(values) / len(values), 6), max(values), values[-1], len(values))
        for at, values in stretches.items()
    }


def found(history: History) -> dict[datetime, Point]:
    return {
        one.start: (one.min, None if one.mean is None else round(one.mean, 6), one.max, one.last, one.count)
        for one in history.buckets("soc")
    }


def test_without_points_each_reading_is_one(path: Path) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(100), every=30)
        history = mine.history(HOUSE, ["soc", "power", "cell_2"], START + timedelta(seconds=20), START + HOUR)

    assert history.source == "readings"
    assert history.times == [one.taken_at for one in kept[20:]]
    assert history.series["power"].last == [one.power for one in kept[20:]]
    assert history.series["cell_2"].min == [one.cell_voltages[1] for one in kept[20:]]


def test_a_short_time_is_answered_from_single_readings(path: Path) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(600))
        history = mine.history(HOUSE, ["soc"], START, START + timedelta(minutes=10), 10)

    assert (history.source, history.width) == ("readings", timedelta(minutes=1))
    assert found(history) == truth(kept, START, timedelta(minutes=1))


@pytest.mark.slow
def test_a_long_time_is_answered_from_quarters_and_what_is_not_sealed_counts_too(path: Path) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(4000, step=30), every=3700)
        kept.append(mine.append(reading(START + timedelta(seconds=30 * 4000))))  # not even committed
        history = mine.history(HOUSE, ["soc"], START, START + 2 * A_DAY, 49)

    assert (history.source, history.width) == ("15 minutes", HOUR)
    assert found(history) == truth(kept, START, HOUR)


@pytest.mark.slow
def test_a_very_long_time_is_answered_from_days(path: Path) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(4000, step=600), every=3700)
        history = mine.history(HOUSE, ["soc"], START - 200 * A_DAY, START + 165 * A_DAY, 366)

    assert (history.source, history.width) == ("days", A_DAY)
    midnight = START.replace(hour=0)
    assert found(history) == truth(kept, midnight, A_DAY)


@pytest.mark.slow
@pytest.mark.parametrize("points", [1, 2, 7, 30, 1000])
@pytest.mark.parametrize("days", [0.01, 1, 3, 500])
def test_there_are_never_more_points_than_wanted(path: Path, points: int, days: float) -> None:
    with Store(path) as mine:
        fill(mine, readings(700, step=500), every=700)
        begin = START + timedelta(minutes=7)
        history = mine.history(HOUSE, ["soc"], begin, begin + days * A_DAY, points)

    assert 0 < len(history.stamps) <= points


@pytest.mark.slow
def test_counters_are_known_for_each_quarter(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, readings(7200), every=900)
        coarse = mine.history(HOUSE, ["energy_in"], START, START + 2 * HOUR, 3)
        fine = mine.history(HOUSE, ["energy_in", "soc"], START, START + 2 * HOUR, 120)

    assert coarse.series["energy_in"].last == [3600.0, 7200.0]
    assert [value for value in fine.series["energy_in"].last if value is not None] == [900.0 * n for n in range(1, 9)]


@pytest.mark.slow
def test_a_battery_that_stayed_away_has_a_gap_in_every_view(path: Path) -> None:
    away = [*readings(1800), *readings(1800, start=START + 3 * HOUR)]
    gap = Gap(start=away[1799].taken_at, end=away[1800].taken_at)
    with Store(path) as mine:
        fill(mine, away, every=600)
        views = [mine.history(HOUSE, ["soc"], START, START + A_DAY, points) for points in (None, 2, 24, 96, 1000)]
        assert [history.gaps for history in views] == [(gap,), (), (gap,), (gap,), (gap,)]  # 2: shorter than a point
        fill(mine, readings(10, start=START + 5 * HOUR))
        assert len(mine.history(HOUSE, ["soc"], START, START + A_DAY, 96).gaps) == 2


@pytest.mark.slow
def test_a_clock_that_went_ahead_and_came_back_leaves_no_false_gap(path: Path) -> None:
    wrong = [
        *readings(1800),
        *readings(1800, start=START + timedelta(minutes=90)),
        *readings(3600, start=START + timedelta(minutes=30)),
    ]
    with Store(path) as mine:
        fill(mine, wrong, every=900)

        assert mine.history(HOUSE, ["soc"], START, START + A_DAY, 96).gaps == ()


def test_values_that_were_not_reported_are_none_and_not_counted(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, [reading(START + timedelta(minutes=10 * n), soc=None if n < 3 else 50.0) for n in range(6)])
        raw = mine.history(HOUSE, ["soc", "heater"], START, START + HOUR)
        chart = mine.history(HOUSE, ["soc", "heater"], START, START + HOUR, 5)

    assert raw.series["soc"].count == [0, 0, 0, 1, 1, 1]
    assert means(chart, "heater") == [0.0, 0.0, 0.0, 0.0]
    assert chart.series["soc"].count == [0, 0, 2, 1]


@pytest.mark.slow
def test_many_readings_are_left_to_the_quarters(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "BUDGET", 100)
    with Store(path) as mine:
        fill(mine, readings(3600), every=3600)

        assert mine.history(HOUSE, ["soc"], START, START + HOUR, 60).source == "15 minutes"


@pytest.mark.parametrize(
    ("names", "start", "end", "points", "said"),
    [
        (["socc"], START, START + HOUR, None, "no field called 'socc'"),
        ([], START, START + HOUR, None, "no field"),
        (["soc"], START, START, None, "ends before"),
        (["soc"], START, START + HOUR, 0, "at least one point"),
        (["soc"], START.replace(tzinfo=None), START + HOUR, None, "time zone"),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    names: list[str], start: object, end: object, points: int | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        Question.of(HOUSE, names, start, end, points)  # type: ignore[arg-type]
