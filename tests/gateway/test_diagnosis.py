"""From the record of a day: what is wrong with an adapter or a battery, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from bmsreader.gateway.diagnosis import Finding, Surroundings, diagnose, failures_in_a_row
from bmsreader.model import Record

ADDRESS = "02:00:07:00:00:01"
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOWHERE = Surroundings(names={ADDRESS: "House"})


def day(*happened: tuple[str, str] | tuple[str, str, float], battery: str = ADDRESS, adapter: str = "") -> list[Record]:
    """Return a record of what happened to a battery, a minute apart: kind, detail, duration."""
    return [
        Record(
            at=START + timedelta(minutes=number),
            kind=one[0],
            detail=one[1],
            duration=one[2] if len(one) == 3 else None,
            battery="" if adapter else battery,
            adapter=adapter,
        )
        for number, one in enumerate(happened)
    ]


def of(records: list[Record], surroundings: Surroundings = NOWHERE) -> Finding:
    """Return the only finding."""
    (finding,) = diagnose(records, surroundings)
    return finding


def test_a_quiet_day_has_no_finding() -> None:
    records = day(
        ("connected", "", 1.2), ("identified", "ej"), *[("reads", "90 answers", 0.2)] * 20, ("rejected", "checksum")
    )

    assert diagnose(records, NOWHERE) == []


def test_one_lost_link_is_no_finding() -> None:
    assert (
        diagnose(day(("link lost", ""), ("connect failed", "x"), ("identified", "ej"), ("reads", "", 0.2)), NOWHERE)
        == []
    )


def test_a_deaf_adapter() -> None:
    finding = of(day(("adapter deaf", "no advertisement at all", 620.0), ("adapter reset", ""), adapter="hci0"))

    assert finding.about == "hci0"
    assert "deaf once" in finding.what
    assert "10 min; it was reset then" in finding.what
    assert "USB autosuspend" in finding.advice


def test_a_deaf_adapter_that_may_not_be_reset_names_the_missing_rights() -> None:
    records = [*day(("bluetooth limited", ""), battery=""), *day(("adapter deaf", "", 620.0), adapter="hci0")]
    findings = diagnose(records, NOWHERE)

    assert [one.about for one in findings] == ["permission", "hci0"]
    assert "CAP_NET_ADMIN" in findings[0].advice


@pytest.mark.parametrize(
    ("kind", "times", "words"),
    [
        ("adapter gone", 3, "vanished 3 times"),
        ("adapter off", 3, "switches it off (3 times)"),
        ("scanner failed", 5, "listening could not be begun 5 times, last: InProgress"),
    ],
)
def test_what_happens_to_an_adapter_again_and_again_is_told(kind: str, times: int, words: str) -> None:
    assert words in of(day(*[(kind, "InProgress")] * times, adapter="hci0")).what
    assert diagnose(day((kind, "InProgress"), adapter="hci0"), NOWHERE) == []


def test_a_bluetooth_service_that_dies_again_and_again() -> None:
    assert "went away 3 times" in of(day(*[("bluetooth gone", "")] * 3, battery="")).what


def test_an_adapter_does_not_vanish_when_the_service_dies() -> None:
    gone = [day(("bluetooth gone", ""), battery="")[0]] * 3 + [day(("adapter gone", ""), adapter="hci0")[0]] * 3

    assert of(gone).about == "Bluetooth service"


def test_a_proxy_that_is_gone() -> None:
    finding = of(day(("proxy connected", ""), ("proxy lost", ""), ("proxy failed", "no route"), adapter="cellar"))

    assert (finding.about, "no route" in finding.what) == ("cellar", True)


def test_a_proxy_that_came_back_is_no_finding() -> None:
    assert diagnose(day(("proxy failed", "no route"), ("proxy connected", ""), adapter="cellar"), NOWHERE) == []


def test_a_sleeping_battery_is_not_broken() -> None:
    finding = of(day(("state", "live -> asleep: not on the air, at rest"), *[("connect failed", "not heard")] * 9))

    assert finding.about == "House"
    assert "sleeps since" in finding.what
    assert "Nothing is broken" in finding.advice


def test_a_battery_held_by_the_phone_app() -> None:
    finding = of(day(("state", "live -> busy: refuses the connection"), ("connect failed", "busy")))

    assert "somebody else holds its only connection" in finding.what
    assert "phone app" in finding.advice


def test_a_battery_that_the_owner_released_is_no_finding() -> None:
    assert diagnose(day(("state", "live -> busy: released for the phone app until 18:00")), NOWHERE) == []


def test_a_battery_held_by_another_program_of_this_machine() -> None:
    detail = f"{ADDRESS} is connected to this machine already, by another program or a link left behind"

    assert "held by this machine" in of(day(("state", f"live -> busy: {detail}"), ("connect failed", detail))).what


def test_a_link_left_behind_that_was_freed_is_no_finding() -> None:
    detail = "connected to this machine already"
    records = day(("connect failed", detail), ("identified", "ej"), ("state", "busy -> live: "))

    assert diagnose(records, NOWHERE) == []


def test_a_weak_signal() -> None:
    finding = of(day(*[("rejected", "checksum")] * 3), Surroundings(signals={ADDRESS: -88.0}))

    assert finding.what == "its signal is weak (-88 dBm), and 3 answers arrived damaged"
    assert "proxy" in finding.advice


def test_many_damaged_answers_with_a_good_signal_are_not_blamed_on_it() -> None:
    assert diagnose(day(*[("rejected", "checksum")] * 30), Surroundings(signals={ADDRESS: -55.0})) == []


def test_slow_answers_with_a_good_signal_are_a_long_connection_interval() -> None:
    records = day(*[("reads", "", 2.4)] * 5)

    assert "an answer takes 2.4 s" in of(records, Surroundings(signals={ADDRESS: -60.0})).what


def test_slow_answers_with_a_weak_signal_are_only_weak() -> None:
    assert "weak" in of(day(*[("reads", "", 2.4)] * 5), Surroundings(signals={ADDRESS: -90.0})).what


def test_values_that_stand_still() -> None:
    assert "stand still" in of(day(("frozen", "same frame for 2 min"))).what
    assert diagnose(day(("frozen", ""), ("moving again", "")), NOWHERE) == []


@pytest.mark.parametrize(
    ("kind", "detail", "word"),
    [
        ("connect failed", "02:00 was not heard within 15 s", "not on the air"),
        ("connect failed", "failed to connect", "refuses the connection"),
        ("no answer", "status", "stays silent"),
        ("no services", "", "bluetoothctl remove"),
    ],
)
def test_failures_in_a_row_say_what_to_try(kind: str, detail: str, word: str) -> None:
    finding = of(day(("reads", "", 0.2), *[(kind, detail)] * 6))

    assert "6 attempts in a row failed" in finding.what
    assert word in finding.advice


def test_failures_count_from_the_last_success() -> None:
    assert failures_in_a_row(day(("no answer", ""), ("reads", ""), ("no answer", ""), ("link lost", ""))) == 2


def test_wifi_on_the_same_chip_is_blamed_only_for_troubles() -> None:
    wifi = Surroundings(wifi="wlan0 sends at 2.4 GHz on the chip of hci0")
    troubled = day(*[("no answer", "status"), ("reads", "")] * 4)

    assert of(troubled, wifi).about == "Wi-Fi"
    assert diagnose(day(("reads", "", 0.2)), wifi) == []
