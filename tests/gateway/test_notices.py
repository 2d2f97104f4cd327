"""Receivers of alarms are told apart by what the owner wants."""

from bmsreader.alarms.herald import Wishes
from bmsreader.gateway.notices import Notify
from tests.gateway.alarms import Receiver


def test_receivers_are_the_same_whatever_makes_their_sender() -> None:
    one = Receiver()
    first, second = (Notify(name="a", key="a", wishes=Wishes(), make=lambda: one) for _ in range(2))

    assert first == second
    assert first != Notify(name="a", key="a", wishes=Wishes(repeat=1.0), make=Receiver)
