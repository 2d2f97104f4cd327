from bmsreader.model import BatteryState
from bmsreader.publishers.standing import standing
from tests.publishers.mqtt_batteries import a_snapshot


def test_a_state_comes_with_its_reason_and_the_age_of_the_last_reading() -> None:
    said = standing(a_snapshot(state=BatteryState.STALE, reason="it does not answer"))

    assert (said["state"], said["reason"]) == ("stale", "it does not answer")
    assert said["at"].endswith("Z")
    assert said["last_seen"].endswith("Z")
    assert said["age"] >= 0


def test_a_battery_that_was_never_read_has_no_age() -> None:
    said = standing(a_snapshot(state=BatteryState.UNREACHABLE, reading=None))

    assert (said["last_seen"], said["age"]) == (None, None)
