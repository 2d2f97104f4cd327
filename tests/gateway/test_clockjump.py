"""A clock that is set is noticed, by how much and in which direction."""

from datetime import timedelta

import pytest

from bmsreader.gateway.clockjump import ClockJump, in_words
from tests.clock import START, Clock


class Clocks:
    """A wall clock that somebody sets, and one that nobody can."""

    def __init__(self) -> None:
        self.monotonic = Clock(5000.0)
        self.set_by = 0.0
        self.jumps = ClockJump(self.wall, self.monotonic)

    def wall(self):  # type: ignore[no-untyped-def]
        return START + timedelta(seconds=self.monotonic.now + self.set_by)


def test_a_clock_that_runs_is_no_jump() -> None:
    clocks = Clocks()
    clocks.monotonic.advance(86_400)

    assert clocks.jumps.look() == 0.0


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0])
def test_a_jump_is_told_once(seconds: float) -> None:
    clocks = Clocks()
    clocks.monotonic.advance(10)
    clocks.set_by = seconds

    assert clocks.jumps.look() == pytest.approx(seconds)
    assert clocks.jumps.look() == 0.0


def test_a_clock_that_is_corrected_slowly_does_not_jump() -> None:
    clocks = Clocks()
    for _ in range(1000):
        clocks.monotonic.advance(10)
        clocks.set_by += 0.005

    assert clocks.jumps.look() == pytest.approx(5.0)  # nobody looked for hours
    clocks.monotonic.advance(10)
    clocks.set_by += 0.005
    assert clocks.jumps.look() == 0.0


def test_the_words_say_which_way() -> None:
    assert "set back by 3600 s" in in_words(-3600.0)
    assert "forward by 60 s" in in_words(60.0)
