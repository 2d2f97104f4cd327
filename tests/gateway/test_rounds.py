from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.gateway.rounds import Rounds

INTERVAL = 10.0


def beats(phases: dict[str, float], *, until: float, rounds: Rounds | None = None) -> list[tuple[float, float]]:
    """Return when a bank is read whose packs are read each 10 s, and how far apart its values are then."""
    found = []
    rounds = rounds or Rounds()
    reads = sorted((phase + number * INTERVAL, pack) for pack, phase in phases.items() for number in range(int(until)))
    latest: dict[str, float] = {}
    for at, pack in reads:
        if at > until:
            break
        deadline = rounds.deadline(INTERVAL)
        if deadline is not None and deadline < at and rounds.is_due(phases, deadline, INTERVAL):
            found.append((deadline, max(latest.values()) - min(latest.values())))
            rounds.done(deadline)
        rounds.took(pack, at)
        latest[pack] = at
        if rounds.is_due(phases, at, INTERVAL):
            found.append((at, max(latest.values()) - min(latest.values())))
            rounds.done(at)
    return found


def test_a_bank_is_read_when_the_last_of_its_packs_was() -> None:
    assert [at for at, _ in beats({"a": 0.0, "b": 0.25, "c": 0.5}, until=35)] == [0.5, 10.5, 20.5, 30.5]


def test_packs_that_are_read_just_before_and_just_after_belong_together() -> None:
    found = beats({"a": 0.0, "b": 9.0}, until=60)

    assert [at for at, _ in found] == [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
    assert {apart for _, apart in found} == {1.0}


def test_nothing_is_due_before_a_pack_was_read() -> None:
    rounds = Rounds()

    assert rounds.deadline(INTERVAL) is None
    assert not rounds.is_due({"a"}, 100.0, INTERVAL)


def test_a_round_does_not_wait_for_ever_for_a_pack_that_does_not_come() -> None:
    rounds = Rounds()
    rounds.took("a", 0.0)

    assert rounds.deadline(INTERVAL) == 15.0
    assert not rounds.is_due({"a", "b"}, 14.9, INTERVAL)
    assert rounds.is_due({"a", "b"}, 15.0, INTERVAL)


def test_a_pack_that_is_not_expected_any_more_is_not_waited_for() -> None:
    rounds = Rounds()
    rounds.took("a", 0.0)

    assert rounds.is_due({"a"}, 0.0, INTERVAL)


def test_what_was_forgotten_completes_no_round() -> None:
    rounds = Rounds()
    rounds.took("a", 0.0)
    rounds.forget("a")

    assert not rounds.is_due((), 1.0, INTERVAL)


def test_a_bank_is_not_read_more_often_than_its_owner_wants() -> None:
    found = beats({"a": 0.0, "b": 0.25}, until=100, rounds=Rounds(at_least=30.0))

    assert [at for at, _ in found] == [0.25, 30.25, 60.25, 90.25]


@given(phases=st.lists(st.integers(0, 99), min_size=1, max_size=6, unique=True))
def test_however_the_packs_are_read_the_bank_keeps_their_rhythm(phases: list[int]) -> None:
    packs = {f"pack {number}": phase / 10 for number, phase in enumerate(phases)}
    found = beats(packs, until=200)
    steady = found[len(packs) + 2 :]

    assert len(found) <= 21
    assert all(9.99 <= later - earlier <= 15.01 for (earlier, _), (later, _) in pairwise(steady))
    assert all(apart < INTERVAL for _, apart in steady)
