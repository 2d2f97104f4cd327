from bmsreader.descriptions import shipped
from bmsreader.gateway.learning import learned, recalled
from bmsreader.model import DEAD_CELL, BatteryInfo
from tests.gateway.world import reading

NEW = BatteryInfo(id="02:00:07:00:15:44", name="house", slug="house")


def test_the_first_reading_teaches_what_the_battery_is_and_reports() -> None:
    info = learned(NEW, reading(), shipped())

    assert (info.protocol, info.cells, info.sensors) == ("ej", 4, 1)
    assert info.maker
    assert "soc" in info.fields
    assert "cycle_count" not in info.fields
    assert DEAD_CELL in info.alarms


def test_a_reading_with_nothing_new_changes_nothing() -> None:
    info = learned(NEW, reading(), shipped())

    assert learned(info, reading(soc=60.0), shipped()) is info


def test_a_value_or_cell_that_is_missing_once_is_not_forgotten() -> None:
    info = learned(NEW, reading(cycle_count=12), shipped())

    assert learned(info, reading(cell_voltages=(3.3, 3.3), cycle_count=None), shipped()) == info


def test_a_value_that_appears_later_is_learned_in_the_usual_order() -> None:
    info = learned(learned(NEW, reading(), shipped()), reading(cycle_count=12), shipped())

    assert info.fields.index("cycle_count") > info.fields.index("soc")


def test_what_earlier_runs_learned_is_known_again_under_todays_name() -> None:
    stored = learned(NEW, reading(), shipped())
    renamed = BatteryInfo(id=NEW.id, name="port", slug="port")

    assert recalled(renamed, stored).fields == stored.fields
    assert recalled(renamed, stored).slug == "port"
    assert recalled(renamed, None) is renamed
