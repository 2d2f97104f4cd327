from random import Random

from bmsreader.simulator.demand import Wavering
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.wired import Alike
from tests.clock import Clock


def test_demands_of_one_seed_take_the_same_course_whatever_the_packs_do() -> None:
    one, other = (Alike(Wavering(0.2, steps=(0.5, 1.0), minutes=1), "seed") for _ in range(2))
    mine, theirs = Random(1), Random(2)

    assert [one.current(12.0, 5.0, mine) for _ in range(50)] == [other.current(12.0, 5.0, theirs) for _ in range(50)]


def test_packs_that_are_wired_together_carry_the_same_current_and_are_nearly_equally_full() -> None:
    clock = Clock()
    batteries = fleet(5, clock=clock, wired=[{1, 2, 4}])
    group = [batteries[number].pack for number in (0, 1, 3)]
    for _ in range(5):
        clock.advance(600.0)
        measured = [pack.measure() for pack in group]
        assert len({one.current for one in measured}) == 1
        assert max(one.soc for one in measured) - min(one.soc for one in measured) <= 6
    assert {pack.measure().design_capacity for pack in group} == {200.0}


def test_a_battery_that_is_not_read_is_not_wired() -> None:
    assert len(fleet(2, clock=Clock(), wired=[{1, 9}])) == 2
