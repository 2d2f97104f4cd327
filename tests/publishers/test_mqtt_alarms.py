"""Alarms on MQTT: a retained list, and an event for each thing that happens."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import Alarm, Category, Severity, Snapshot, Source
from bmsreader.publishers.mqtt_alarms import AlarmNews, event_text, list_text
from bmsreader.publishers.mqtt_messages import Battery, Extras
from bmsreader.publishers.topics import Topics
from tests.publishers.mqtt_batteries import a_snapshot

AT = a_snapshot().at
LOW = Alarm(
    id=1,
    battery=a_snapshot().info.id,
    name="low_charge",
    category=Category.CHARGE,
    severity=Severity.WARNING,
    source=Source.RULE,
    raised_at=AT,
    value=14.0,
    limit=15.0,
    unit="%",
    text="State of charge: 14 %, below 15 %.",
)
OVER = replace(LOW, cleared_at=AT + timedelta(minutes=5))
SEEN = replace(LOW, acknowledged_at=AT + timedelta(minutes=1))


def with_alarms(*alarms: Alarm) -> Snapshot:
    return replace(a_snapshot(), alarms=alarms)


def told(*steps: tuple[Alarm, ...], news: AlarmNews | None = None) -> list[tuple[str, int]]:
    """What is told as the open alarms of a battery change."""
    news = news or AlarmNews()
    return [(str(kind), alarm.id) for alarms in steps for kind, alarm in news.take(with_alarms(*alarms))]


def test_each_thing_that_happens_is_told_once() -> None:
    assert told((), (LOW,), (LOW,), (SEEN,), (SEEN,), ()) == [("raised", 1), ("acknowledged", 1), ("cleared", 1)]
    assert told((), (LOW,), (OVER,), ()) == [("raised", 1), ("cleared", 1), ("acknowledged", 1)]


def test_an_alarm_that_came_back_between_two_looks_is_told_in_order() -> None:
    again = replace(LOW, id=2)

    assert told((), (LOW,), (again,)) == [("raised", 1), ("cleared", 1), ("acknowledged", 1), ("raised", 2)]


def test_an_alarm_that_was_over_before_anybody_looked_is_told_whole() -> None:
    assert told((), (OVER,)) == [("raised", 1), ("cleared", 1)]


def test_what_an_earlier_run_has_told_is_no_news() -> None:
    old = replace(LOW, raised_at=AT - timedelta(hours=1))

    assert told((old,)) == []
    assert told((LOW,)) == [("raised", 1)]


def test_a_new_connection_does_not_tell_again() -> None:
    news = AlarmNews()

    assert told((), (LOW,), news=news) == [("raised", 1)]
    assert told((LOW,), news=news) == []


def test_a_battery_that_was_removed_begins_anew() -> None:
    news = AlarmNews()
    told((LOW,), news=news)
    news.forget(LOW.battery)

    assert told((LOW,), news=news) == [("raised", 1)]


LIVES = st.sampled_from([(LOW, SEEN), (LOW, OVER), (LOW, SEEN, replace(SEEN, cleared_at=OVER.cleared_at)), (OVER,)])


@given(life=LIVES, looks=st.lists(st.booleans(), min_size=3, max_size=3))
def test_however_often_one_looks_each_thing_is_told_once(life: tuple[Alarm, ...], looks: list[bool]) -> None:
    seen = [alarm for alarm, looked in zip(life, looks, strict=False) if looked]
    found = [kind for kind, _ in told((), *((one,) for one in seen), ())]

    assert sorted(found) == (["acknowledged", "cleared", "raised"] if seen else [])
    assert found[:1] == ["raised"][: len(found)]


# ---- as messages


def messages(battery: Battery, *alarms: Alarm) -> dict[str, tuple[Any, bool]]:
    """What is sent about alarms for a snapshot, by the end of the topic."""
    found = {}
    for message in battery.update(with_alarms(*alarms), 0.0):
        end = message.topic.rpartition("/")[2]
        if end in ("alarm", "alarms"):
            found[end] = json.loads(message.payload), message.retain
    return found


def a_battery() -> Battery:
    return Battery(Topics("bmsreader"), a_snapshot(), extras=Extras())


def test_the_list_is_retained_and_the_event_is_not() -> None:
    battery = a_battery()

    assert messages(battery) == {"alarms": ([], True)}
    found = messages(battery, LOW)
    assert [one["name"] for one in found["alarms"][0]] == ["low_charge"]
    assert (found["alarms"][1], found["alarm"][1]) == (True, False)
    assert found["alarm"][0]["event_type"] == "raised"
    assert messages(battery, LOW) == {}


def test_the_list_is_sent_again_when_everything_is() -> None:
    battery = a_battery()
    messages(battery, LOW)
    battery.again()

    assert list(messages(battery, LOW)) == ["alarms"]


def test_event_and_list_call_the_battery_by_its_slug() -> None:
    (event,) = AlarmNews().take(with_alarms(LOW))

    assert json.loads(event_text(event, "cellar"))["battery"] == "cellar"
    assert json.loads(list_text(with_alarms(LOW)))[0]["battery"] == "cellar"


def test_the_state_says_whether_something_is_wrong_and_what() -> None:
    battery = a_battery()
    states = [json.loads(next(battery.update(with_alarms(*alarms), 0.0)).payload) for alarms in ((), (LOW,), (OVER,))]

    assert [(one["alarm"], one["what_is_wrong"]) for one in states] == [
        ("OFF", "none"),
        ("ON", "State of charge: 14 %, below 15 %."),
        ("OFF", "none"),
    ]
