from bmsreader.simulator import Faults
from bmsreader.simulator.fleet import fleet
from tests.clock import Clock


def test_no_two_batteries_of_a_fleet_are_the_same() -> None:
    batteries = fleet(300, clock=Clock())

    assert len({battery.address for battery in batteries}) == 300
    assert len({battery.name for battery in batteries}) == 300


def test_the_first_two_are_those_of_the_demo() -> None:
    assert [battery.name for battery in fleet(3, clock=Clock())][:2] == ["LT-12V-1544", "V-12V100Ah-0215"]
    assert [battery.name for battery in fleet(1, clock=Clock())] == ["LT-12V-1544"]


def test_all_have_the_faults_that_were_asked_for() -> None:
    faults = Faults.parse("drop:3@0.1")

    assert [battery.faults for battery in fleet(3, clock=Clock(), faults=faults)] == [faults] * 3
