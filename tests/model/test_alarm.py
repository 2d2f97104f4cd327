"""An alarm as everybody sees it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bmsreader.model import Alarm, Category, EdgeKind, Severity, Source
from bmsreader.model.alarm import as_of

RAISED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
COLD = Alarm(
    id=7,
    battery="C8:47:80:12:34:56",
    name="cold_charging",
    category=Category.TEMPERATURE,
    severity=Severity.CRITICAL,
    source=Source.RULE,
    raised_at=RAISED,
    value=-3.0,
    limit=0.0,
    unit="°C",
    text="It is charged at -3.0 °C.",
)


def test_severities_are_in_order() -> None:
    assert sorted(Severity, key=lambda one: one.rank) == [Severity.INFO, Severity.WARNING, Severity.CRITICAL]


def test_an_alarm_is_active_until_it_is_cleared() -> None:
    assert COLD.is_active
    assert not replace(COLD, cleared_at=RAISED + timedelta(hours=1)).is_active


def test_an_alarm_that_is_over_stays_open_until_the_owner_has_seen_it() -> None:
    over = replace(COLD, cleared_at=RAISED + timedelta(hours=1))

    assert over.is_open
    assert not replace(over, acknowledged_at=RAISED + timedelta(hours=2)).is_open


def test_an_acknowledged_alarm_stays_open_while_it_is_active() -> None:
    assert replace(COLD, acknowledged_at=RAISED).is_open


def test_an_alarm_as_json_has_plain_words_and_iso_times() -> None:
    assert COLD.as_dict() == {
        "id": 7,
        "battery": "C8:47:80:12:34:56",
        "name": "cold_charging",
        "category": "temperature",
        "severity": "critical",
        "source": "rule",
        "raised_at": "2026-01-02T03:04:05Z",
        "cleared_at": None,
        "acknowledged_at": None,
        "value": -3.0,
        "limit": 0.0,
        "unit": "°C",
        "text": "It is charged at -3.0 °C.",
        "note": "",
    }


def test_what_an_alarm_was_like_follows_from_what_became_of_it() -> None:
    seen, over = RAISED + timedelta(hours=1), RAISED + timedelta(hours=2)
    ended = replace(COLD, acknowledged_at=seen, cleared_at=over, note="it ended")

    assert as_of(ended, EdgeKind.RAISED, RAISED) == COLD
    assert as_of(ended, EdgeKind.ACKNOWLEDGED, seen) == replace(COLD, acknowledged_at=seen)
    assert as_of(ended, EdgeKind.CLEARED, over) == ended


def test_an_alarm_that_was_acknowledged_after_its_end_was_not_when_it_ended() -> None:
    over, seen = RAISED + timedelta(hours=1), RAISED + timedelta(hours=2)
    ended = replace(COLD, acknowledged_at=seen, cleared_at=over)

    assert as_of(ended, EdgeKind.CLEARED, over) == replace(COLD, cleared_at=over)
    assert as_of(ended, EdgeKind.ACKNOWLEDGED, seen) == ended
