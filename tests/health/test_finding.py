"""A figure comes with its confidence, or with the reason why there is none."""

import json

from bmsreader.health.finding import Finding, Span, missing, rounded

MARCH = 1_772_323_200_000


def test_a_figure_goes_out_with_its_interval_grade_and_period() -> None:
    finding = Finding(
        name="resistance",
        unit="Ω",
        value=0.00123456789,
        low=0.0011,
        high=0.0014,
        grade="good",
        events=41,
        span=Span(start=MARCH, end=MARCH + 86_400_000),
        text="At 18 °C.",
        details={"temperature": 18.0},
    )

    assert json.loads(json.dumps(finding.as_dict())) == {
        "name": "resistance",
        "value": 0.00123457,
        "unit": "Ω",
        "low": 0.0011,
        "high": 0.0014,
        "grade": "good",
        "events": 41,
        "since": "2026-03-01T00:00:00Z",
        "until": "2026-03-02T00:00:00Z",
        "reason": "",
        "code": "",
        "text": "At 18 °C.",
        "details": {"temperature": 18.0},
    }


def test_what_cannot_be_had_has_a_reason_and_no_number() -> None:
    sent = missing("resistance", "Ω", "no_steps", "The current never changed.", events=2).as_dict()

    assert sent["value"] is None
    assert sent["grade"] is None
    assert sent["reason"] == "The current never changed."
    assert sent["code"] == "no_steps"
    assert sent["since"] is None


def test_a_period_is_counted_in_days() -> None:
    assert Span(start=0, end=129_600_000).days == 1.5


def test_no_digits_are_shown_that_nobody_measured() -> None:
    assert rounded(123.456789) == 123.457
    assert rounded(None) is None
