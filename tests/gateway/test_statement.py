"""What the gateway says of itself is plain JSON, and no value goes without its age and state."""

import json
from dataclasses import replace

from bmsreader.gateway import statement
from tests.gateway.asked import ALARMS, ASLEEP, HEALTH, LIVE
from tests.publishers.banks import FACTS, a_bank


def test_a_battery_comes_with_state_age_values_counters_and_link() -> None:
    said = json.loads(json.dumps(statement.of_battery(LIVE)))

    assert (said["battery"], said["id"], said["state"], said["age"]) == ("house", "02:00:07:00:15:44", "live", 4.0)
    assert said["since"] == "2026-03-01T12:00:00Z"
    assert said["reading"]["current"] == 12.4
    assert said["totals"]["energy_in"] == 1234.5
    assert said["counts"]["last_poll"] == 0.34


def test_a_battery_that_was_never_read_has_no_values() -> None:
    said = statement.of_battery(ASLEEP)

    assert (said["reading"], said["totals"], said["age"]) == (None, None, None)
    assert "it sleeps" in said["reason"]


def test_the_gateway_says_what_is_not_well() -> None:
    said = json.loads(json.dumps(statement.of_gateway(HEALTH)))

    assert said["ok"] is False
    assert (said["started_at"], said["version"]) == ("2026-03-01T10:00:00Z", "1.2.3")
    assert said["store"]["pending"] == 3
    assert said["adapters"][0]["slots"] == 5


def test_a_battery_tells_its_open_alarms() -> None:
    said = json.loads(json.dumps(statement.of_battery(replace(LIVE, alarms=ALARMS[:1]))))

    assert [(one["id"], one["battery"], one["text"]) for one in said["alarms"]] == [
        (16, "house", "State of charge: 18 %, below 20 %.")
    ]


def test_an_alarm_of_a_battery_that_nobody_knows_any_more_is_called_by_its_id() -> None:
    said = statement.of_alarm(ALARMS[0], ())

    assert (said["battery"], said["battery_name"]) == ("02:00:07:00:15:44", "02:00:07:00:15:44")


def test_a_bank_tells_how_its_packs_stand_to_each_other() -> None:
    said = json.loads(json.dumps(statement.of_battery(a_bank())))

    assert said["kind"] == "bank"
    assert said["bank"] == FACTS.as_dict()
    assert statement.of_battery(LIVE)["bank"] is None
