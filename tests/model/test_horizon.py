"""How long a battery lasts."""

from bmsreader.model.horizon import Horizon


def test_a_battery_of_which_nothing_is_known_has_no_horizon() -> None:
    assert (Horizon().time_to_empty, Horizon().time_to_full) == (None, None)
