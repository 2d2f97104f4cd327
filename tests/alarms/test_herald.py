"""What a receiver is told of alarms, and when."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.alarms.herald import MOST_LINES, Herald, Message, Wishes
from bmsreader.alarms.quiet import Quiet
from bmsreader.model import Alarm, BatteryInfo, Category, Edge, EdgeKind, Severity, Source

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUSE = BatteryInfo(id="a", name="House", slug="house")
CARAVAN = BatteryInfo(id="b", name="Caravan", slug="caravan")
INFOS = {"a": HOUSE, "b": CARAVAN}
NIGHT = Quiet.parse("22:00-07:00")
RAISED, CLEARED, SEEN = EdgeKind.RAISED, EdgeKind.CLEARED, EdgeKind.ACKNOWLEDGED


@dataclass(eq=False)
class Receiver:
    """Somebody who hears from a herald, with what was said so far."""

    wishes: Wishes = field(default_factory=Wishes)
    now: datetime = NOON
    position: int = 0
    said: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.herald = Herald(self.wishes, info=INFOS.__getitem__, position=self.position)
        self._ids, self._edges = count(1), count(self.position + 1)

    def raised(self, **values: Any) -> Alarm:
        alarm = Alarm(
            id=next(self._ids),
            battery="a",
            name="low_charge",
            category=Category.CHARGE,
            severity=Severity.WARNING,
            source=Source.RULE,
            raised_at=self.now,
            text="State of charge: 14 %, below 15 %.",
        )
        return self.happens(RAISED, replace(alarm, **values))

    def cleared(self, alarm: Alarm) -> Alarm:
        return self.happens(CLEARED, replace(alarm, cleared_at=self.now))

    def seen(self, alarm: Alarm) -> Alarm:
        return self.happens(SEEN, replace(alarm, acknowledged_at=self.now))

    def happens(self, kind: EdgeKind, alarm: Alarm) -> Alarm:
        self.herald.take(Edge(number=next(self._edges), kind=kind, at=self.now, alarm=alarm))
        return alarm

    def hears(self, *, after: float = 0.0) -> list[str]:
        """What is said now, or so many hours later: the titles."""
        self.now += timedelta(hours=after)
        titles = []
        while (message := self.herald.due(self.now)) is not None:
            self.said.append(message)
            titles.append(message.title)
            self.herald.said(message, self.now)
        return titles


def test_an_alarm_is_told_once_and_so_is_its_end() -> None:
    receiver = Receiver()
    alarm = receiver.raised()

    assert receiver.hears() == ["House: low charge"]
    assert receiver.hears(after=100) == []
    receiver.cleared(alarm)
    assert receiver.hears() == ["House: low charge is over"]
    assert [one.over for one in receiver.said] == [False, True]


def test_what_happens_together_is_told_in_one_message() -> None:
    receiver = Receiver()
    receiver.raised()
    receiver.raised(battery="b", severity=Severity.CRITICAL, text="A cell reports 0 V.")

    assert receiver.hears() == ["2 alarms"]
    assert receiver.said[0].body == "House: State of charge: 14 %, below 15 %.\nCaravan: A cell reports 0 V."
    assert receiver.said[0].severity is Severity.CRITICAL


def test_a_flood_fits_into_one_message() -> None:
    receiver = Receiver()
    for _ in range(100):
        receiver.raised()

    assert receiver.hears() == ["100 alarms"]
    assert receiver.said[0].body.splitlines()[MOST_LINES:] == ["... and 88 more"]


def test_what_ended_before_it_could_be_told_is_told_once_with_both_times() -> None:
    receiver = Receiver()
    alarm = receiver.raised()
    receiver.now += timedelta(minutes=20)
    receiver.cleared(alarm)

    assert receiver.hears(after=3) == ["House: low charge is over"]
    assert receiver.said[0].body.endswith("It is over (12:00 to 12:20).")


def test_an_old_alarm_says_since_when_in_the_receivers_time() -> None:
    receiver = Receiver(now=NOON.astimezone(timezone(timedelta(hours=2))))
    receiver.raised()
    receiver.hears(after=24)

    assert receiver.said[0].body.endswith("(since 2026-03-01 14:00)")


def test_mild_alarms_and_other_batteries_are_not_told() -> None:
    receiver = Receiver(Wishes(least=Severity.CRITICAL, batteries=("caravan",)))
    receiver.raised(battery="b")
    receiver.raised(severity=Severity.CRITICAL)

    assert receiver.hears() == []
    assert receiver.herald.position == 2


def test_in_quiet_hours_only_what_is_urgent_is_told_and_the_rest_in_the_morning() -> None:
    receiver = Receiver(Wishes(quiet=NIGHT), now=NOON.replace(hour=23))
    receiver.raised()
    receiver.raised(severity=Severity.CRITICAL, name="dead_cell")

    assert receiver.hears() == ["House: dead cell"]
    assert receiver.herald.position == 0
    assert receiver.hears(after=7) == []
    assert receiver.hears(after=1) == ["House: low charge"]
    assert receiver.herald.position == 2


def test_an_alarm_is_told_again_until_somebody_has_seen_it() -> None:
    receiver = Receiver(Wishes(repeat=3600.0))
    alarm = receiver.raised()

    assert [len(receiver.hears(after=hours)) for hours in (0, 0.9, 0.2, 1.1)] == [1, 0, 1, 1]
    receiver.seen(alarm)
    assert receiver.hears(after=48) == []


def test_an_alarm_that_is_over_is_not_told_again() -> None:
    receiver = Receiver(Wishes(repeat=3600.0))
    receiver.cleared(receiver.raised())

    assert len(receiver.hears()) == 1
    assert receiver.hears(after=48) == []


def test_who_does_not_care_for_ends_hears_of_none() -> None:
    receiver = Receiver(Wishes(cleared=False))
    alarm = receiver.raised()
    receiver.hears()
    receiver.cleared(alarm)

    assert (receiver.hears(), receiver.herald.position) == ([], 2)


def test_an_alarm_that_was_seen_before_it_could_be_told_is_not_told() -> None:
    receiver = Receiver(Wishes(quiet=NIGHT), now=NOON.replace(hour=23))
    receiver.seen(receiver.raised())

    assert receiver.hears(after=12) == []


def test_an_end_during_the_sending_is_told_next() -> None:
    receiver = Receiver()
    alarm = receiver.raised()
    message = receiver.herald.due(NOON)
    assert message is not None
    receiver.cleared(alarm)
    receiver.herald.said(message, NOON)

    assert receiver.hears() == ["House: low charge is over"]


def test_who_saw_it_during_the_sending_hears_no_more() -> None:
    receiver = Receiver(Wishes(repeat=3600.0))
    alarm = receiver.raised()
    message = receiver.herald.due(NOON)
    assert message is not None
    receiver.seen(alarm)
    receiver.herald.said(message, NOON)

    assert receiver.hears(after=48) == []


def test_after_a_restart_an_alarm_is_repeated_and_its_end_is_told() -> None:
    alarm = Receiver().raised()
    receiver = Receiver(Wishes(repeat=3600.0), position=1)
    receiver.herald.resume([alarm], NOON)

    assert receiver.hears() == []
    assert receiver.hears(after=2) == ["House: low charge"]
    receiver.cleared(alarm)
    assert receiver.hears() == ["House: low charge is over"]


@given(steps=st.lists(st.sampled_from(["raise", "clear", "see", "tell", "hour"]), max_size=60), quiet=st.booleans())
def test_whatever_happens_nobody_hears_twice_of_the_same_thing(steps: list[str], quiet: bool) -> None:
    receiver = Receiver(Wishes(quiet=NIGHT if quiet else None))
    alarms: list[Alarm] = []
    for step in steps:
        if step == "raise":
            alarms.append(receiver.raised())
        elif step == "tell":
            receiver.hears()
        elif step == "hour":
            receiver.now += timedelta(hours=1)
        elif step == "clear" and alarms and alarms[-1].is_active:
            alarms[-1] = receiver.cleared(alarms[-1])
        elif step == "see" and alarms:
            alarms[-1] = receiver.seen(alarms[-1])
    receiver.now = NOON + timedelta(days=9)
    receiver.hears()

    told = [(alarm.id, alarm.is_active) for message in receiver.said for alarm in message.alarms]
    assert len(told) == len(set(told))
    assert receiver.herald.waiting == 0
