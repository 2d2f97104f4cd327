import pytest

from bmsreader.gateway.escalation import RESET_PAUSE, Step, next_step
from bmsreader.model import BatteryBusy, LinkLost, NoAnswer, NotHeard, Unreachable

BROKEN = Unreachable("no connection")


def steps(error: Exception, count: int, *, others_read: bool = False, since_reset: float | None = None) -> list[Step]:
    return [next_step(n, error, others_read=others_read, since_reset=since_reset) for n in range(1, count + 1)]  # type: ignore[arg-type]


def test_the_mildest_way_out_comes_first() -> None:
    assert steps(BROKEN, 5) == [
        Step.RECONNECT,
        Step.FRESH_DISCOVERY,
        Step.FREE_LINK,
        Step.RECONNECT,
        Step.RESET_ADAPTER,
    ]


def test_no_adapter_is_reset_while_another_battery_is_read_over_it() -> None:
    assert Step.RESET_ADAPTER not in steps(BROKEN, 50, others_read=True)


def test_an_adapter_is_not_reset_twice_within_half_an_hour() -> None:
    assert Step.RESET_ADAPTER not in steps(BROKEN, 50, since_reset=RESET_PAUSE - 1)
    assert Step.RESET_ADAPTER in steps(BROKEN, 50, since_reset=RESET_PAUSE)


@pytest.mark.parametrize(
    "error",
    [
        NotHeard("away"),
    ],
)
def test_a_battery_that_is_away_is_only_waited_for(error: Exception) -> None:
    assert set(steps(error, 50)) == {Step.RECONNECT}


def test_of_a_busy_battery_only_our_own_stale_link_is_dropped() -> None:
    assert set(steps(BatteryBusy("held"), 50)) == {Step.RECONNECT, Step.FREE_LINK}


@pytest.mark.parametrize("error", [NoAnswer("silent"), LinkLost("gone")])
def test_a_battery_that_connects_but_stays_silent_gets_every_way_out(error: Exception) -> None:
    assert set(steps(error, 10)) == set(Step)
