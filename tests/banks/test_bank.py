from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.banks import Bank, Pack
from bmsreader.model.arrangement import Arrangement
from tests.banks.packs import NESTED, arranged, arrangements, filled, said, told
from tests.contributed import TAKEN_AT

FILLED = st.builds(
    filled,
    st.integers(0, 100).map(float),
    capacity=st.sampled_from([50.0, 100.0, 200.0, 314.0]),
    current=st.integers(-200, 200).map(lambda tenths: tenths / 2),
    pack_voltage=st.integers(10_000, 14_600).map(lambda millivolts: millivolts / 1000),
)


def packs_of(arrangement: Arrangement, data: st.DataObject, *, missing: bool = False) -> list[Pack]:
    said_by = st.none() | FILLED if missing else FILLED
    return [Pack(slug=slug, reading=data.draw(said_by), capacity=200.0, cells=4) for slug in arrangement.packs]


def test_two_packs_of_12_volt_in_series_are_one_of_24_volt_with_the_ah_of_one() -> None:
    reading = told("series(a, b)").reading

    assert reading.pack_voltage == 26.4
    assert reading.current == -10.0
    assert reading.power == -264.0
    assert reading.remaining_capacity == 100.0
    assert reading.full_charge_capacity == 200.0
    assert reading.soc == 50.0


def test_two_packs_in_parallel_keep_the_voltage_and_add_their_ah() -> None:
    reading = told("parallel(a, b)").reading

    assert reading.pack_voltage == 13.2
    assert reading.current == -20.0
    assert reading.remaining_capacity == 200.0
    assert reading.full_charge_capacity == 400.0
    assert reading.design_capacity == 400.0


def test_packs_in_series_are_empty_with_the_lowest_and_full_with_the_highest() -> None:
    low, high = filled(20.0), filled(80.0)
    reading = told("series(a, b)", a=low, b=high).reading

    assert reading.remaining_capacity == 40.0  # a is empty then
    assert reading.full_charge_capacity == 80.0  # b takes 40 Ah more
    assert reading.soc == 50.0
    assert reading.notes == ("120 Ah cannot be used: the packs in series are not equally full",)


@pytest.mark.parametrize(("a", "b", "soc"), [(0.0, 60.0, 0.0), (40.0, 100.0, 100.0)])
def test_a_string_says_0_when_the_first_pack_is_empty_and_100_when_the_first_is_full(
    a: float, b: float, soc: float
) -> None:
    assert told("series(a, b)", a=filled(a), b=filled(b)).reading.soc == soc


def test_a_string_with_an_empty_and_a_full_pack_can_do_neither_and_has_no_soc() -> None:
    reading = told("series(a, b)", a=filled(0.0), b=filled(100.0)).reading

    assert reading.soc is None
    assert reading.remaining_capacity == 0.0
    assert reading.full_charge_capacity == 0.0


def test_the_soc_of_parallel_packs_is_weighted_with_their_capacity() -> None:
    reading = told("parallel(a, b)", a=filled(90.0, capacity=300.0), b=filled(10.0, capacity=100.0)).reading

    assert reading.soc == 70.0


def test_of_four_packs_one_is_missing_and_it_is_said() -> None:
    outcome = told(NESTED, b=None)

    assert outcome.facts.words == "3 of 4 packs seen, 75 % of capacity"
    assert outcome.facts.seen == ("a", "c", "d")
    assert outcome.facts.capacity_share == 75.0
    assert outcome.reading.notes == (
        "3 of 4 packs seen, 75 % of capacity",
        "capacities are those of the packs seen, at least: b may add to them",
    )


def test_parts_in_series_that_are_whole_tell_the_current_for_one_that_is_not() -> None:
    outcome = told(NESTED, b=None)

    assert outcome.reading.current == -20.0
    assert outcome.counts


def test_parallel_packs_of_which_one_is_missing_tell_the_current_of_those_seen_and_it_is_not_counted() -> None:
    outcome = told("parallel(a, b, c)", b=None)

    assert outcome.reading.current == -20.0
    assert not outcome.counts
    assert outcome.reading.notes[1] == (
        "current, power and capacities are those of the packs seen, at least: b may add to them"
    )


def test_the_voltage_of_a_string_with_a_missing_pack_is_not_known() -> None:
    outcome = told("series(a, b)", b=None)

    assert outcome.reading.pack_voltage is None
    assert outcome.reading.power is None
    assert outcome.reading.soc is None
    assert outcome.reading.remaining_capacity is None
    assert not outcome.is_covered
    assert outcome.reading.notes[1] == "without b nobody knows the voltage and the charge of packs in series"


def test_a_string_beside_a_broken_one_tells_the_voltage_of_both() -> None:
    outcome = told("parallel(series(a, b), series(c, d))", b=None)

    assert outcome.reading.pack_voltage == 26.4
    assert outcome.reading.soc == 50.0
    assert outcome.is_covered


def test_a_missing_pack_does_not_make_its_group_look_smaller_in_the_soc() -> None:
    whole = told(NESTED, a=filled(60.0), b=filled(60.0)).reading
    part = told(NESTED, a=filled(60.0), b=None).reading

    assert part.soc == whole.soc
    assert part.remaining_capacity == 120.0  # at least


def test_cells_follow_each_other_in_the_order_of_the_arrangement() -> None:
    reading = told("series(b, a)", a=said(cell_voltages=(3.1, 3.2)), b=said(cell_voltages=(3.3, 0.0))).reading

    assert reading.cell_voltages == (3.3, 0.0, 3.1, 3.2)


def test_without_one_pack_no_cell_gets_the_number_of_another() -> None:
    assert told("series(a, b)", a=None).reading.cell_voltages == ()
    assert told("parallel(a, b)", a=None).reading.temperatures == ()


def test_alarms_are_named_by_their_pack() -> None:
    reading = told("parallel(a, b)", a=said(alarms=("dead_cell",)), b=said(alarms=("cell_overvoltage",))).reading

    assert reading.alarms == ("a: dead_cell", "b: cell_overvoltage")
    assert reading.protections == ("b: cell_overvoltage",)


@pytest.mark.parametrize(("text", "discharges"), [("series(a, b)", False), ("parallel(a, b)", True)])
def test_one_pack_that_switched_off_stops_a_string_but_not_its_parallel_mate(text: str, discharges: bool) -> None:
    assert told(text, b=said(discharge_switch=False)).reading.discharge_switch is discharges


def test_a_pack_that_switched_itself_off_does_not_show_the_voltage_of_the_others() -> None:
    off = said(pack_voltage=10.4, charge_switch=False, discharge_switch=False)
    reading = told("parallel(a, b)", b=off).reading

    assert reading.pack_voltage == 13.2
    assert reading.notes == ("b has switched itself off",)


def test_packs_in_series_with_different_currents_are_not_wired_as_it_says() -> None:
    notes = told("series(a, b)", a=said(current=-40.0), b=said(current=-10.0)).reading.notes

    assert notes == ("packs in series tell different currents: is the arrangement right?",)


def test_without_any_capacity_the_packs_count_alike_and_no_ah_are_told() -> None:
    bare = said(remaining_capacity=None, full_charge_capacity=None, design_capacity=None, soc=40.0)
    arrangement = arranged("parallel(a, b)")
    packs = [Pack(slug="a", reading=bare), Pack(slug="b", reading=replace(bare, soc=60.0))]
    outcome = Bank(arrangement, battery="bank:house").evaluate(packs, taken_at=TAKEN_AT)

    assert outcome.reading.soc == 50.0
    assert outcome.reading.remaining_capacity is None
    assert outcome.reading.full_charge_capacity is None


def test_without_any_capacity_the_share_is_that_of_the_packs() -> None:
    packs = [Pack(slug="a", reading=said(full_charge_capacity=None, design_capacity=None)), Pack(slug="b")]
    facts = Bank(arranged("parallel(a, b)"), battery="bank:house").evaluate(packs, taken_at=TAKEN_AT).facts

    assert facts.capacity_share == 50.0
    assert facts.words == "1 of 2 packs seen"


def test_every_value_of_a_bank_is_derived() -> None:
    reading = told(NESTED).reading

    assert reading.protocol == "bank"
    assert set(reading.derived) >= {"pack_voltage", "current", "soc", "remaining_capacity", "cell_voltages"}
    assert "cycle_count" not in reading.derived


def test_while_it_charges_the_pack_that_is_full_first_is_the_limit() -> None:
    low, high = filled(20.0, current=10.0), filled(80.0, current=10.0)
    facts = told("series(a, b)", a=low, b=high).facts

    assert (facts.limits_discharge, facts.limits_charge, facts.limiting) == ("a", "b", "b")


# ---- properties


def _longest(arrangement: Arrangement) -> float:
    """Return how many times the voltage of one pack a bank has whose packs are identical."""
    times = [1.0] * len(arrangement.packs)
    for joint in arrangement.joints:
        parts = [times[part] for part in joint.parts]
        times.append(sum(parts) if joint.series else sum(parts) / len(parts))
    return times[-1]


@given(arrangement=arrangements(), soc=st.integers(1, 99), current=st.integers(-100, 100))
def test_a_bank_of_identical_packs_is_one_pack_on_another_scale(
    arrangement: Arrangement, soc: int, current: int
) -> None:
    one = filled(float(soc), current=float(current))
    outcome = told(str(arrangement), **dict.fromkeys(arrangement.packs, one))
    reading, facts = outcome.reading, outcome.facts

    assert reading.soc is not None
    assert reading.pack_voltage == pytest.approx(13.2 * _longest(arrangement), abs=0.0006)  # told in whole mV
    assert (facts.imbalance, facts.words, facts.capacity_share) == (0.0, "", 100.0)
    assert len(reading.cell_voltages) == 4 * len(arrangement.packs)
    assert outcome.counts


@given(rows=st.integers(1, 4), columns=st.integers(1, 4), soc=st.integers(1, 99))
def test_s_times_p_identical_packs_have_s_times_the_voltage_and_p_times_the_rest(
    rows: int, columns: int, soc: int
) -> None:
    letters = iter("abcdefghijklmnop")
    groups = [[next(letters) for _ in range(columns)] for _ in range(rows)]
    parts = [f"parallel({', '.join(group)})" if columns > 1 else group[0] for group in groups]
    if rows == columns == 1:
        return
    text = f"series({', '.join(parts)})" if rows > 1 else parts[0]
    one = filled(float(soc))
    reading = told(text, **{letter: one for group in groups for letter in group}).reading

    assert reading.pack_voltage == pytest.approx(13.2 * rows)
    assert reading.current == pytest.approx(-10.0 * columns)
    assert reading.soc == pytest.approx(soc)
    assert reading.remaining_capacity == pytest.approx(2.0 * soc * columns)
    assert reading.full_charge_capacity == pytest.approx(200.0 * columns)
    assert reading.design_capacity == pytest.approx(200.0 * columns)


@given(arrangement=arrangements(), data=st.data())
def test_a_bank_lies_between_its_packs(arrangement: Arrangement, data: st.DataObject) -> None:
    packs = packs_of(arrangement, data)
    reading = Bank(arrangement, battery="x").evaluate(packs, taken_at=TAKEN_AT).reading
    readings = [pack.reading for pack in packs if pack.reading is not None]
    volts = [one.pack_voltage or 0.0 for one in readings]
    left = [one.remaining_capacity or 0.0 for one in readings]

    assert min(volts) - 0.001 <= (reading.pack_voltage or 0.0) <= sum(volts) + 0.001
    assert min(left) - 0.001 <= (reading.remaining_capacity or 0.0) <= sum(left) + 0.001
    assert reading.soc is None or 0.0 <= reading.soc <= 100.0
    assert (reading.remaining_capacity or 0.0) <= (reading.full_charge_capacity or 0.0)


@given(data=st.data(), count=st.integers(2, 6))
def test_the_voltage_of_parallel_packs_lies_between_the_lowest_and_the_highest(data: st.DataObject, count: int) -> None:
    arrangement = arranged(f"parallel({', '.join('abcdef'[:count])})")
    packs = packs_of(arrangement, data)
    reading = Bank(arrangement, battery="x").evaluate(packs, taken_at=TAKEN_AT).reading
    volts = [pack.reading.pack_voltage or 0.0 for pack in packs if pack.reading is not None]
    socs = [pack.reading.soc or 0.0 for pack in packs if pack.reading is not None]

    assert min(volts) - 0.001 <= (reading.pack_voltage or 0.0) <= max(volts) + 0.001
    assert min(socs) - 0.01 <= (reading.soc or 0.0) <= max(socs) + 0.01


@given(arrangement=arrangements(), data=st.data())
def test_with_packs_missing_what_is_told_is_never_more_than_all_of_them_have(
    arrangement: Arrangement, data: st.DataObject
) -> None:
    packs = packs_of(arrangement, data)
    away = data.draw(st.sets(st.sampled_from(arrangement.packs), max_size=len(packs) - 1))
    left = [replace(pack, reading=None) if pack.slug in away else pack for pack in packs]
    bank = Bank(arrangement, battery="x")
    whole, part = (bank.evaluate(one, taken_at=TAKEN_AT).reading for one in (packs, left))

    for name in ("remaining_capacity", "full_charge_capacity", "design_capacity"):
        known = getattr(part, name)
        assert known is None or known <= getattr(whole, name) + 0.002


@given(arrangement=arrangements(), data=st.data())
def test_a_voltage_is_known_exactly_when_each_part_in_series_is_seen(
    arrangement: Arrangement, data: st.DataObject
) -> None:
    packs = packs_of(arrangement, data, missing=True)
    outcome = Bank(arrangement, battery="x").evaluate(packs, taken_at=TAKEN_AT)
    seen = [pack.reading is not None for pack in packs]
    for joint in arrangement.joints:
        parts = [seen[part] for part in joint.parts]
        seen.append(all(parts) if joint.series else any(parts))

    assert outcome.is_covered is seen[-1]
    assert (outcome.reading.pack_voltage is not None) is seen[-1]


@given(arrangement=arrangements(), data=st.data())
def test_a_pack_that_is_empty_first_is_named_whatever_the_order_of_writing(
    arrangement: Arrangement, data: st.DataObject
) -> None:
    packs = packs_of(arrangement, data)
    facts = Bank(arrangement, battery="x").evaluate(packs, taken_at=TAKEN_AT).facts

    assert (facts.limits_discharge is None) is (facts.limits_charge is None)
    assert facts.limits_discharge in (None, *arrangement.packs)
