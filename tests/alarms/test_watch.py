"""When one alarm begins and ends."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.alarms.rule import Rule
from bmsreader.alarms.watch import CALM, ENDED, Turn, Watch, judge

LOW = Rule(name="low", field="soc", below=20.0, hysteresis=5.0, duration=30.0)


def turns(*said: tuple[float, float], rule: Rule = LOW, active: bool = False) -> list[tuple[float, Turn]]:
    """Let a battery say values at times, and return what that came to."""
    watch = Watch(active=active)
    found = [(at, judge(watch, rule, value, True, at)) for at, value in said]
    return [(at, turn) for at, turn in found if turn is not Turn.NOTHING]


def test_a_single_reading_never_raises_an_alarm() -> None:
    at_once = Rule(name="low", field="soc", below=20.0)

    assert turns((0, 19), (10, 21), (20, 19), rule=at_once) == []
    assert turns((0, 19), (10, 19), rule=at_once) == [(10, Turn.RAISE)]


def test_a_value_has_to_be_beyond_the_limit_for_the_whole_duration() -> None:
    assert turns((0, 19), (20, 19), (29, 19)) == []
    assert turns((0, 19), (20, 20), (30, 19), (59, 19)) == []
    assert turns((0, 19), (20, 19), (30, 19)) == [(30, Turn.RAISE)]


def test_an_alarm_ends_when_the_value_is_back_by_the_hysteresis_and_stays_there() -> None:
    assert turns((0, 24.9), (100, 24.9), (1000, 24.9), active=True) == []
    assert turns((0, 25), (10, 25), (CALM, 25), active=True) == [(CALM, Turn.CLEAR)]
    assert turns((0, 25), (30, 24), (CALM, 25), (CALM + 30, 25), active=True) == []


def test_when_charging_ends_an_alarm_about_charging_ends_after_a_while() -> None:
    cold = Rule(name="cold", field="temperature_min", below=0.0, only="charging")
    watch = Watch(active=True)

    assert judge(watch, cold, -3.0, False, 0.0) is Turn.NOTHING
    assert judge(watch, cold, -3.0, False, ENDED - 1) is Turn.NOTHING
    assert judge(watch, cold, -3.0, False, ENDED) is Turn.CLEAR


def test_what_is_not_known_neither_raises_nor_clears() -> None:
    watch = Watch(active=True)

    assert [judge(watch, LOW, None, True, at) for at in (0.0, 1e3, 1e6)] == [Turn.NOTHING] * 3
    assert [judge(watch, LOW, 90.0, None, at) for at in (2e6, 3e6)] == [Turn.NOTHING] * 2
    assert watch.active


@given(
    values=st.lists(st.floats(20.0, 24.9), max_size=50),
    active=st.booleans(),
    step=st.floats(1.0, 1e4),
)
def test_between_limit_and_hysteresis_nothing_ever_changes(values: list[float], active: bool, step: float) -> None:
    assert turns(*((at * step, value) for at, value in enumerate(values)), active=active) == []


@given(values=st.lists(st.floats(0.0, 100.0), max_size=200), step=st.floats(1.0, 120.0))
def test_an_alarm_never_changes_twice_within_its_times(values: list[float], step: float) -> None:
    found = turns(*((at * step, value) for at, value in enumerate(values)))

    kinds = [turn for _, turn in found]
    assert kinds == [Turn.RAISE, Turn.CLEAR] * (len(kinds) // 2) + [Turn.RAISE] * (len(kinds) % 2)
    for (before, turn), (after, _) in pairwise(found):
        assert after - before >= (CALM if turn is Turn.RAISE else LOW.duration)
