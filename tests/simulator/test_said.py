"""What a battery says at one time."""

from bmsreader.simulator.said import Said


def test_a_battery_that_says_nothing_is_silent_and_keeps_the_link() -> None:
    assert (len(Said()), list(Said()), Said().drop_after) == (0, [], None)


def test_notifications_come_in_the_order_in_which_they_are_sent() -> None:
    said = Said(chunks=((0.06, b":00"), (0.03, b"82~")), drop_after=1)

    assert list(said) == [(0.06, b":00"), (0.03, b"82~")]
