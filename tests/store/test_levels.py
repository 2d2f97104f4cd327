"""Each chart is computed from what is fine enough and quick; whatever that is, its points are right."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bmsreader.model.reading import Reading
from bmsreader.store import History, Store, levels
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, readings

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)
FIELDS = ("soc", "current", "power", "cell_2", "cell_spread", "temperature_1")


def value(one: Reading, field: str) -> float | None:
    if field.startswith("cell_") and field != "cell_spread":
        return one.cell_voltages[int(field[5:]) - 1]
    if field == "temperature_1":
        return one.temperatures[0] if one.temperatures else None
    found: float | None = getattr(one, field)
    return found


def is_true(history: History, kept: list[Reading]) -> None:
    """Compare all points with what a plain look at all readings says."""
    assert history.width is not None
    kept = sorted(kept, key=lambda one: one.taken_at)
    begins = history.times
    for field in FIELDS:
        truth: dict[datetime, list[float]] = {}
        for one in kept:
            found = value(one, field)
            at = next((begin for begin in reversed(begins) if begin <= one.taken_at), None)
            if found is not None and at is not None and one.taken_at < at + history.width:
                truth.setdefault(at, []).append(found)
        for point in history.buckets(field):
            values = truth.get(point.start, [])
            assert point.count == len(values)
            if values:
                assert (point.min, point.max, point.last) == (min(values), max(values), values[-1])
                assert point.mean == pytest.approx(sum(values) / len(values), abs=1e-6)
            else:
                assert point.mean is None


def a_life(step: float = 1.0) -> Iterator[Reading]:
    yield from readings(2500, step=step)
    yield from readings(5000, step=step, start=START + 3 * HOUR, seed=2)


@pytest.mark.parametrize("budget", [10**9, 30_000, 1])
def test_hours_are_drawn_from_readings_minutes_or_quarters(
    path: Path, monkeypatch: pytest.MonkeyPatch, budget: int
) -> None:
    monkeypatch.setattr(levels, "BUDGET", budget)
    with Store(path) as mine:
        kept = fill(mine, list(a_life()), every=900)
        history = mine.history(HOUSE, FIELDS, START + 7 * timedelta(seconds=77), START + 5 * HOUR, 120)

    assert history.source == {10**9: "readings", 30_000: "minutes", 1: "15 minutes"}[budget]
    is_true(history, [one for one in kept if history.times[0] <= one.taken_at])


def test_a_clock_that_was_set_back_is_drawn_rightly_from_minutes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "BUDGET", 60_000)
    back = START + timedelta(seconds=1700)
    with Store(path) as mine:
        kept = fill(mine, [*readings(3700), *readings(7200, start=back, seed=2)], every=900)
        history = mine.history(HOUSE, FIELDS, START, START + 5 * HOUR, 120)

    assert history.source == "minutes"
    is_true(history, kept)


def test_what_some_readings_do_not_have_is_drawn_rightly_from_minutes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "BUDGET", 60_000)
    some = [
        replace(one, temperatures=()) if number % 3 else replace(one, soc=None)
        for number, one in enumerate(readings(3700))
    ]
    with Store(path) as mine:
        kept = fill(mine, some, every=900)
        history = mine.history(HOUSE, FIELDS, START, START + 2 * HOUR, 60)

    assert history.source == "minutes"
    is_true(history, kept)


@pytest.mark.parametrize(("days", "kind"), [(20, "15 minutes"), (34, "hours"), (500, "days")])
def test_months_are_drawn_from_hours_where_quarters_would_take_long(
    path: Path, monkeypatch: pytest.MonkeyPatch, days: int, kind: str
) -> None:
    monkeypatch.setattr(levels, "BUDGET", 90_000)
    with Store(path) as mine:
        kept = fill(mine, list(readings(7300, step=600)), every=400)
        history = mine.history(HOUSE, FIELDS, START, START + days * A_DAY, 1000)

    assert history.source == kind
    is_true(history, [one for one in kept if one.taken_at < START + days * A_DAY])


def test_who_asks_for_many_points_gets_them(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "BUDGET", 1)
    with Store(path) as mine:
        fill(mine, list(readings(3700, step=600)), every=400)
        history = mine.history(HOUSE, ["soc"], START, START + 25 * A_DAY, 25 * 96 + 1)

    assert (history.source, history.width) == ("15 minutes", timedelta(minutes=15))
