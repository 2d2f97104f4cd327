"""What went in and out on each day of the owner's, and the bounds of what nobody saw."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.model.battery import Totals
from bmsreader.model.energy import EnergyDay, longest_gap
from bmsreader.model.errors import UsageError
from bmsreader.store import Reader, Store
from bmsreader.store.content import milliseconds, moment
from bmsreader.store.energy import local_days, with_gaps
from bmsreader.store.sides import Gap
from tests.clock import START
from tests.store.batteries import A_DAY, FEW, HOUSE, reading

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
MIDNIGHT = START.replace(hour=0, minute=0, second=0)
MINUTE = timedelta(minutes=1)


def lived(store: Store, moments: Sequence[datetime], *, amperes: float = -10.0, before: Totals = Totals()) -> Totals:  # noqa: B008
    """Let a battery be discharged with 10 A at 13 V; return its counters."""
    counted, last = before, None
    for at in moments:
        hours = 0.0 if last is None else (at - last).total_seconds() / 3600
        joined = hours * 3600 <= longest_gap(60.0)
        charge = -amperes * hours if joined else 0.0
        counted = Totals(
            energy_out=counted.energy_out + 13 * charge,
            charge_out=counted.charge_out + charge,
            gaps=counted.gaps + (0.0 if joined else hours * 3600),
        )
        remaining = 150.0 + amperes * (at - moments[0]).total_seconds() / 3600 / 10
        store.append(reading(at, current=amperes, pack_voltage=13.0, remaining_capacity=remaining), totals=counted)
        last = at
    store.commit()
    return counted


def every_minute(start: datetime, hours: float) -> list[datetime]:
    return [start + number * MINUTE for number in range(round(hours * 60) + 1)]


def days_of(store: Store | Reader, days: int, zone: timezone | ZoneInfo = UTC) -> list[EnergyDay]:
    start = MIDNIGHT.astimezone(zone).replace(hour=0, minute=0)
    return store.energy(HOUSE, start, start + days * A_DAY, zone)


# ---- days


@pytest.mark.parametrize(
    ("first", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_is_as_long_as_the_owners_clock_says(first: date, hours: int) -> None:
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=BERLIN)
    (day,) = local_days(noon, noon + MINUTE, BERLIN)

    assert (day.date, day.end - day.start) == (first, timedelta(hours=hours))


@settings(max_examples=FEW)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - UTC is added
    st.integers(1, 800),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/Santiago", "Africa/Cairo", "Pacific/Apia", "UTC"]),
)
def test_days_follow_each_other_without_a_hole(start: datetime, hours: int, name: str) -> None:
    begin = start.replace(tzinfo=UTC)
    days = local_days(begin, begin + timedelta(hours=hours), ZoneInfo(name))

    assert days[0].start <= begin < days[0].end
    assert days[-1].start < begin + timedelta(hours=hours) <= days[-1].end
    assert all(one.end == other.start for one, other in pairwise(days))


def test_days_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="end before"):
        local_days(START, START, UTC)
    with pytest.raises(UsageError, match="time zone"):
        local_days(START.replace(tzinfo=None), START, UTC)


# ---- counters


@pytest.mark.slow
def test_each_day_has_what_was_counted_on_it(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + 2.5 * A_DAY) as mine:
        lived(mine, every_minute(MIDNIGHT, 60))
        days = days_of(mine, 3)

        assert [round(day.charge_out, 1) for day in days] == [239.8, 240.0, 120.2]  # the last total before midnight
        assert [round(day.energy_out) for day in days] == [3118, 3120, 1562]
        assert {(day.energy_in, day.gaps) for day in days} == {(0.0, 0.0)}


def test_no_day_comes_before_the_battery_or_after_now(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + A_DAY + MINUTE) as mine:
        lived(mine, every_minute(MIDNIGHT, 24))

        found = mine.energy(HOUSE, MIDNIGHT - 9 * A_DAY, MIDNIGHT + 9 * A_DAY, UTC)
        assert [day.date for day in found] == [MIDNIGHT.date(), (MIDNIGHT + A_DAY).date()]
        assert mine.energy("nobody", MIDNIGHT, MIDNIGHT + A_DAY, UTC) == []


@pytest.mark.slow
@pytest.mark.parametrize("zone", [UTC, BERLIN, KOLKATA])
def test_the_days_together_are_what_the_counters_say(path: Path, zone: ZoneInfo) -> None:
    with Store(path, now=lambda: MIDNIGHT + 9 * A_DAY) as mine:
        counted = lived(mine, every_minute(MIDNIGHT, 24 * 8.3))  # three segments, and more that is not sealed
        days = mine.energy(HOUSE, MIDNIGHT - A_DAY, MIDNIGHT + 9 * A_DAY, zone)
        far = mine.energy(HOUSE, MIDNIGHT - 60 * A_DAY, MIDNIGHT + 9 * A_DAY, zone)

        assert sum(day.charge_out for day in days) == pytest.approx(counted.charge_out, abs=0.01)
        assert [day.charge_out for day in days][2:8] == pytest.approx([240.0] * 6, abs=0.01)
        assert far == days  # from hours, where quarters would take long


@pytest.mark.slow
def test_what_is_only_in_memory_counts_too(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + A_DAY / 2) as mine:
        before = lived(mine, every_minute(MIDNIGHT, 6))
        mine.append(reading(MIDNIGHT + A_DAY / 4 + MINUTE, current=-10.0), totals=Totals(charge_out=77.0))
        (today,) = days_of(mine, 1)
        quick = mine.today(HOUSE, UTC)

        assert before.charge_out < 77.0
        assert today.charge_out == 77.0
        assert quick is not None
        assert quick.charge_out == 77.0
        mine.append(reading(MIDNIGHT + A_DAY / 4 + 2 * MINUTE, current=-10.0), totals=Totals(charge_out=80.0))
        again = mine.today(HOUSE, UTC)
        assert again is not None
        assert again.charge_out == 80.0


def test_a_battery_that_was_counted_before_this_file_began_starts_from_there(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + A_DAY / 2) as mine:
        mine._remember(HOUSE, committed=500).totals = Totals(charge_out=4000.0, energy_out=52_000.0)
        lived(mine, every_minute(MIDNIGHT, 6), before=Totals(charge_out=4000.0, energy_out=52_000.0))
        (today,) = days_of(mine, 1)

    assert (round(today.charge_out, 3), round(today.energy_out, 3)) == (60.0, 780.0)


def test_a_clock_that_was_set_back_makes_no_day_negative(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + 3 * A_DAY) as mine:
        counted = lived(mine, every_minute(MIDNIGHT + A_DAY, 6))
        counted = lived(mine, every_minute(MIDNIGHT, 6), before=counted)
        days = days_of(mine, 3)

    assert all(day.charge_out >= 0 for day in days)
    assert sum(day.charge_out for day in days) == pytest.approx(counted.charge_out)


# ---- gaps


def test_a_gap_is_shown_with_what_must_and_what_can_have_flowed(path: Path) -> None:
    away = [*every_minute(MIDNIGHT + A_DAY / 24, 2), *every_minute(MIDNIGHT + A_DAY / 3, 2)]
    with Store(path, now=lambda: MIDNIGHT + A_DAY / 3 + 2 * timedelta(hours=1)) as mine:
        lived(mine, away)
        (day,) = days_of(mine, 1)

    assert day.gaps == 5 * 3600
    assert day.missing.charge_out.pair == pytest.approx((5.0, 50.0))  # 1 A in fact; 10 A is the largest ever seen
    assert day.missing.charge_in.pair == (0.0, 50.0)
    assert day.missing.energy_out.pair == pytest.approx((65.0, 650.0))


@pytest.mark.slow
def test_a_gap_says_the_same_when_its_sides_are_sealed(path: Path) -> None:
    away = [*every_minute(MIDNIGHT, 2), *every_minute(MIDNIGHT + A_DAY / 3, 72)]
    with Store(path, now=lambda: away[-1]) as mine:
        lived(mine, away)
        before = mine.energy(HOUSE, MIDNIGHT, MIDNIGHT + A_DAY, UTC)
    with Store(path, now=lambda: away[-1]) as mine:
        lived(mine, every_minute(away[-1] + MINUTE, 24), before=Totals(charge_out=9999.0))
        assert mine.energy(HOUSE, MIDNIGHT, MIDNIGHT + A_DAY, UTC)[0].missing == before[0].missing

    assert before[0].gaps == 6 * 3600
    assert before[0].missing.charge_out.least == pytest.approx(6.0)


def test_a_battery_that_stays_away_has_a_gap_until_now(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + A_DAY + A_DAY / 4) as mine:
        lived(mine, every_minute(MIDNIGHT, 18))
        days = days_of(mine, 2)

    assert [day.gaps for day in days] == [6 * 3600, 6 * 3600]
    assert [day.missing.charge_out.pair for day in days] == [(0.0, 60.0), (0.0, 60.0)]


def test_pauses_that_the_counters_bridge_are_no_gaps(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + A_DAY / 24) as mine:
        lived(mine, [MIDNIGHT + number * MINUTE for number in range(61) if number % 10 not in (3, 4)])
        (day,) = days_of(mine, 1)

    assert (day.gaps, day.missing.charge_out.pair) == (0.0, (0.0, 0.0))


def test_a_battery_that_was_replaced_in_the_gap_says_nothing_about_the_charge() -> None:
    old, new = (20.0, 180.0, 200.0, 512), (190.0, 200.0, 200.0, 0)

    assert Gap(start=0, end=1, before=old, after=new).change is None
    assert Gap(start=0, end=1, before=old, after=(60.0, 180.0, 200.0, 512)).change == 40.0


def test_the_days_go_on_when_another_battery_takes_the_place(path: Path) -> None:
    with Store(path, now=lambda: MIDNIGHT + 2 * A_DAY) as mine:
        counted = lived(mine, every_minute(MIDNIGHT, 12))
    with Store(path, now=lambda: MIDNIGHT + 2 * A_DAY) as mine:
        assert mine.totals(HOUSE) == counted  # it goes by what the owner calls it, not by its address
        for number in range(61):
            at = MIDNIGHT + A_DAY + number * MINUTE
            totals = Totals(charge_out=counted.charge_out + number / 6, gaps=counted.gaps + 43_200.0)
            mine.append(reading(at, remaining_capacity=100.0, design_capacity=100.0, cycle_count=0), totals=totals)
        mine.commit()
        days = days_of(mine, 2)

    assert [round(day.charge_out, 1) for day in days] == [120.0, 10.0]
    assert days[0].gaps == 12 * 3600
    assert days[0].missing.charge_out.least == 0.0  # its 100 Ah are not what is left of the old one's


def over_midnight(hours_before: float, hours_after: float, change: float) -> tuple[EnergyDay, EnergyDay]:
    midnight = milliseconds(MIDNIGHT)
    start, end = midnight - round(3_600_000 * hours_before), midnight + round(3_600_000 * hours_after)
    gap = Gap(start=start, end=end, before=(100.0, None, None, None), after=(100.0 + change, None, None, None))
    one, other = local_days(moment(start), moment(end), UTC)
    widest = {"current": (-50.0, 20.0), "pack_voltage": (12.0, 14.0)}
    return with_gaps(one, [gap], widest), with_gaps(other, [gap], widest)


def test_a_gap_over_midnight_is_shared_by_both_days() -> None:
    one, other = over_midnight(2, 1, -60.0)

    assert (one.gaps, other.gaps) == (7200, 3600)
    assert one.missing.charge_out.pair == (10.0, 100.0)  # at most 50 of the 60 Ah can have flowed after midnight
    assert other.missing.charge_out.pair == (0.0, 50.0)
    assert one.missing.energy_out.pair == (120.0, 1400.0)


@pytest.mark.slow
@settings(max_examples=4 * FEW)
@given(st.floats(0.1, 23), st.floats(0.1, 23), st.floats(-90, 90), st.floats(0, 1))
def test_whatever_flowed_lies_within_the_bounds(before: float, after: float, change: float, part: float) -> None:
    possible = 50 * (before + after)
    change = max(-possible, min(possible, change))
    days = over_midnight(before, after, change)
    flowed = min(50 * before, max(abs(change) - 50 * after, part * abs(change)))
    shares = (flowed, abs(change) - flowed)

    for day, share in zip(days, shares, strict=True):
        bounds = day.missing.charge_in if change > 0 else day.missing.charge_out
        assert bounds.most is not None
        assert bounds.least - 0.01 <= share <= bounds.most + 0.01


def test_without_a_current_nothing_is_known_about_the_most() -> None:
    day = local_days(MIDNIGHT, MIDNIGHT + A_DAY, UTC)[0]
    gap = Gap(start=milliseconds(MIDNIGHT), end=milliseconds(MIDNIGHT + A_DAY / 2))

    assert with_gaps(day, [gap], {}).missing.charge_in.pair == (0.0, None)
