"""Values that stand still while current flows are found out; a pack at rest, or one that is merely steady, is not."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.gateway.frozen import Frozen
from bmsreader.model.reading import Reading
from bmsreader.simulator.demand import Day, Demand, Steady, scenario
from tests.gateway.made import life_of_a_pack, reading


def alarm_after(*, hours: float = 8.0, every: float = 10.0, **values: object) -> float | None:
    """Return the minutes until a battery that repeats one answer counts as frozen."""
    frozen = Frozen()
    for number in range(int(hours * 3600 / every)):
        if frozen.take(reading(number * every, **values)):
            return number * every / 60
    return None


def coarse(*, current: float, capacity: float, hours: float, every: float = 10.0) -> Iterator[Reading]:
    """Yield what a battery says whose voltages never move and whose counters go in the coarsest steps there are."""
    moved, seconds = 0.0, 0.0
    while seconds <= hours * 3600 and abs(moved) < 0.9 * capacity:
        soc = 95 + moved / capacity * 100 if current < 0 else 5 + moved / capacity * 100
        remaining = round(soc) / 100 * capacity
        yield reading(
            seconds,
            current=current,
            soc=round(soc),
            remaining_capacity=remaining,
            full_charge_capacity=capacity,
            design_capacity=capacity,
            frames=(b"%d" % round(soc),),
        )
        moved += current * every / 3600
        seconds += every


def test_the_same_answer_at_20_amperes_is_frozen_within_7_minutes() -> None:
    assert alarm_after(current=-20.0) == pytest.approx(6.8, abs=0.2)


def test_the_reason_says_since_when_and_what_flows() -> None:
    frozen = Frozen()
    reasons = [frozen.take(reading(number * 10, current=20.0)) for number in range(60)]

    assert reasons[0] is None
    assert reasons[-1] == (
        "the values have not changed for 10 min, while 20.0 A flow into the battery: it repeats old values"
    )


def test_a_small_current_takes_longer_to_prove_it() -> None:
    assert alarm_after(current=5.0) == pytest.approx(29, abs=1)
    assert alarm_after(current=1.0) == pytest.approx(220, abs=5)


def test_a_small_pack_shows_it_sooner_but_never_at_once() -> None:
    assert alarm_after(current=-10.0, design_capacity=20.0, full_charge_capacity=20.0) == pytest.approx(1.4, abs=0.2)
    assert alarm_after(current=-100.0, design_capacity=20.0, full_charge_capacity=20.0) == pytest.approx(1.0, abs=0.2)


def test_a_pack_at_rest_is_never_frozen() -> None:
    assert alarm_after(current=0.0, frames=(b":at rest~",)) is None


@pytest.mark.slow
def test_a_current_that_is_too_small_to_be_sure_is_rest() -> None:
    assert alarm_after(current=0.8) is None
    assert alarm_after(current=1.5, design_capacity=400.0) is None


def test_a_battery_that_reports_no_current_is_never_frozen() -> None:
    assert alarm_after(current=None) is None


def test_a_full_battery_may_hold_its_counters() -> None:
    assert alarm_after(current=5.0, soc=100) == pytest.approx(4 * alarm_after(current=5.0, soc=50), rel=0.05)  # type: ignore[operator]


def test_a_single_value_that_moves_ends_it() -> None:
    frozen = Frozen()
    for number in range(60):
        frozen.take(reading(number * 10, current=20.0))

    assert frozen.take(reading(600, current=20.0, cell_voltages=(3.301, 3.3, 3.3, 3.3))) is None
    assert frozen.take(reading(610, current=20.0, cell_voltages=(3.301, 3.3, 3.3, 3.3))) is None


def test_a_frame_counter_does_not_hide_frozen_values() -> None:
    frozen = Frozen()
    reasons = [frozen.take(reading(number * 10, current=20.0, frames=(b"%d" % number,))) for number in range(60)]

    assert reasons[-1] is not None


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_a_clock_that_is_set_freezes_nothing(jump: int) -> None:
    frozen = Frozen()
    for number in range(20):
        assert frozen.take(reading(number * 10, current=20.0)) is None

    assert frozen.take(reading(200 + jump, current=20.0)) is None
    assert frozen.take(reading(210 + jump, current=20.0)) is None


def test_the_monotonic_clock_is_believed_where_it_is_known() -> None:
    frozen = Frozen()
    reasons = [frozen.take(reading(0, current=20.0), elapsed=10.0) for _ in range(60)]

    assert reasons[-1] is not None


DEMANDS: dict[str, Demand] = {
    "a day": Day(),
    "charge": scenario("charge"),
    "discharge": scenario("discharge"),
    "rest": Steady(rate=0.0),
    "constant charge": Steady(rate=0.02),
    "constant discharge": Steady(rate=-0.006),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DEMANDS)
def test_no_false_alarm_in_a_day_of(name: str) -> None:
    frozen = Frozen()
    life = life_of_a_pack(every=10, hours=24, demand=DEMANDS[name], design_capacity=200.0)

    assert [reason for reason in map(frozen.take, life) if reason] == []


def test_a_simulated_pack_that_freezes_is_found_out() -> None:
    frozen = Frozen()
    living = list(life_of_a_pack(every=10, hours=0.3, demand=Steady(rate=0.2), design_capacity=200.0))
    for one in living:
        assert frozen.take(one) is None
    last = living[-1]
    after = [frozen.take(reading(1080 + number * 10, **values_of(last))) for number in range(30)]

    assert after[-1] is not None


def values_of(one: Reading) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("current", "soc", "remaining_capacity", "cell_voltages")}


@pytest.mark.slow
@given(
    current=st.floats(1.0, 150.0).map(lambda amperes: round(amperes, 1)),
    capacity=st.sampled_from([20.0, 50.0, 100.0, 200.0, 280.0, 400.0]),
    charges=st.booleans(),
)
def test_the_coarsest_battery_is_not_taken_for_a_frozen_one(current: float, capacity: float, charges: bool) -> None:
    frozen = Frozen()
    life = coarse(current=current if charges else -current, capacity=capacity, hours=6.0, every=60.0)

    assert [reason for reason in map(frozen.take, life) if reason] == []
