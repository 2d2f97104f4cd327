import pytest

from bmsreader.banks.judging import Judgement, Member, judge
from bmsreader.model import BatteryState

LIVE = Member(name="Left", state=BatteryState.LIVE)
AWAY = Member(name="Right", state=BatteryState.UNREACHABLE, reason="not heard")
ASLEEP = Member(name="Right", state=BatteryState.ASLEEP, reason="not on the air")


def judged(*members: Member, is_covered: bool = True, share: float = 50.0) -> Judgement:
    return judge(members, is_covered=is_covered, share=share, words="1 of 2 packs seen, 50 % of capacity")


def test_a_bank_lives_with_half_of_its_capacity() -> None:
    assert judged(LIVE, AWAY) == Judgement(BatteryState.LIVE)


def test_with_less_than_half_its_values_are_not_those_of_the_bank() -> None:
    found = judged(LIVE, AWAY, share=49.0)

    assert found.state is BatteryState.STALE
    assert found.reason == (
        "1 of 2 packs seen, 50 % of capacity: that is too little to speak for the bank; "
        "Right is unreachable (not heard)"
    )


def test_a_string_with_a_missing_pack_is_not_live() -> None:
    found = judged(LIVE, AWAY, is_covered=False)

    assert found.state is BatteryState.STALE
    assert "the voltage needs every part in series; Right is unreachable (not heard)" in found.reason


def test_a_bank_whose_packs_all_sleep_sleeps() -> None:
    assert judged(ASLEEP, ASLEEP).state is BatteryState.ASLEEP


@pytest.mark.parametrize(
    ("states", "state"),
    [("asleep busy", "busy"), ("stale asleep", "stale"), ("busy unreachable", "unreachable"), ("", "unreachable")],
)
def test_without_any_live_pack_it_is_what_the_worst_of_them_is(states: str, state: str) -> None:
    members = [Member(name=word, state=BatteryState(word)) for word in states.split()]

    assert judged(*members).state is BatteryState(state)


def test_of_many_packs_the_states_are_told_without_reasons() -> None:
    found = judged(LIVE, AWAY, AWAY, AWAY, AWAY, share=20.0)

    assert "Right is unreachable, Right is unreachable" in found.reason
    assert "not heard" not in found.reason
