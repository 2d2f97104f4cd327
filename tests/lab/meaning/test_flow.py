"""What rises and falls with the charge that flowed is a charge; what does not, is none."""

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.flow import Flow, flowed, following, restless, twins, with_flow
from bmsreader.lab.meaning.scalars import Place, Table, matches
from bmsreader.lab.meaning.series import Series, Word

AMPS = [0.0] * 3 + [-60.0] * 12 + [40.0] * 9
TIMES = tuple(60.0 * number for number in range(len(AMPS)))
FLOW = flowed(TIMES, AMPS)
SOC = [round(60 + 2 * charge) for charge in FLOW]
WARM = [60 - number % 3 for number in range(len(AMPS))]
"""Another byte, which moves as it likes."""


def table(*labels: str) -> Table:
    payloads = tuple(bytes([soc, other, soc]) for soc, other in zip(SOC, WARM, strict=True))
    return Table(Series(times=TIMES, payloads=payloads, size=3), [parse_label(label) for label in labels])


def soc_at(offset: int) -> Place:
    return Place(name="soc", word=Word(at=offset, type="u8"))


def test_charge_is_current_times_time() -> None:
    assert round(FLOW[15], 2) == -11.67


def test_where_hardly_anything_flowed_nothing_is_said() -> None:
    assert flowed(TIMES, [0.001] * len(AMPS)) == []


def test_nobody_knows_what_flowed_in_a_long_pause() -> None:
    assert flowed((0.0, 3600.0, 3660.0), (60.0, 60.0, 60.0)) == [0.0, 0.0, 1.0]


def test_a_state_of_charge_follows_the_current_and_a_temperature_does_not() -> None:
    assert following(table(), soc_at(0), FLOW) > 0.95
    assert abs(following(table(), soc_at(1), FLOW)) < 0.3


def test_of_places_that_show_what_was_typed_the_one_that_follows_the_current_wins() -> None:
    typed = table("0: 60%")
    found = matches(typed, "soc", frozenset(), little=None)

    best = with_flow(typed, found, FLOW)[0]

    assert (best.place.word.at, best.flows > 0.9) == (0, True)


def test_where_nothing_follows_the_current_nothing_is_held_against_it() -> None:
    typed = table("0: 60%")
    found = matches(typed, "soc", frozenset((0, 2)), little=None)

    assert with_flow(typed, found, FLOW) == found


def test_the_same_value_sent_twice_is_no_rival_of_itself() -> None:
    assert twins(table(), soc_at(0), soc_at(2))
    assert not twins(table(), soc_at(0), soc_at(1))


def test_what_jumps_with_every_answer_may_be_two_answers_in_turn() -> None:
    payloads = tuple(bytes([5 if number % 2 else soc]) for number, soc in enumerate(SOC))
    series = Series(times=TIMES, payloads=payloads, size=1)

    assert restless(Table(series, ()), soc_at(0))
    assert not restless(table(), soc_at(0))


def test_what_flowed_is_told_at_the_times_of_other_answers() -> None:
    flow = Flow(times=TIMES, charge=tuple(FLOW))

    assert flow.at([-5.0, 60.5 * 15, 9999.0]) == [FLOW[0], FLOW[15], FLOW[-1]]
