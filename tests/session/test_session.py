"""Conversations with batteries that behave, and with batteries that do not."""

import asyncio
from dataclasses import replace

import pytest

from bmsreader.model import (
    BatteryBusy,
    CorruptAnswer,
    LinkLost,
    NoAnswer,
    ServicesMissing,
    Unreachable,
)
from bmsreader.session import Session, Timing
from bmsreader.simulator import Battery, Faults
from tests.clock import START, elapsed
from tests.session.transcript import ADDRESS, Conversation, converse, read_once


def test_a_healthy_battery_is_read_in_one_go() -> None:
    conversation = converse()

    assert conversation.told == ["connected", "answered: status", "identified: ej", "disconnected"]


def test_a_reading_names_its_battery_and_the_time_of_its_last_byte() -> None:
    conversation = converse()
    reading = conversation.reading

    answered = conversation.events[1]
    assert (reading.battery, reading.protocol, reading.variant) == (ADDRESS, "ej", "status")
    assert (reading.taken_at - START).total_seconds() == pytest.approx(answered.at, abs=1e-3)


@pytest.mark.parametrize(
    ("description", "variant"), [("ej", "status"), ("ej", "short_status"), ("ej2", "status"), ("ej2", "nova")]
)
def test_a_battery_is_recognised_by_what_it_answers(description: str, variant: str) -> None:
    reading = converse(description=description, variant=variant).reading

    assert reading.protocol == description
    assert reading.variant.startswith(variant)
    assert reading.full_charge_capacity is not None


def test_a_battery_of_two_frames_is_asked_for_its_capacities() -> None:
    conversation = converse(variant="short_status")

    assert conversation.told == [
        "connected",
        "answered: status",
        "identified: ej",
        "answered: capacity",
        "disconnected",
    ]
    assert conversation.reading.variant == "short_status+capacity"


def test_a_second_request_that_is_never_answered_costs_the_capacities_only() -> None:
    conversation = converse("second-silent", variant="short_status")

    assert conversation.reading.remaining_capacity is None
    assert conversation.reading.soc is not None
    assert conversation.reading.notes == ("the battery did not send its capacities this time",)
    assert conversation.told.count("no answer: capacity") == 2


def test_a_lost_notification_is_reported_and_asked_again() -> None:
    conversation = converse("lost-chunk:0.4", read_five_times, seed=3)
    rejections = [told for told in conversation.told if told.startswith("rejected")]

    assert len(conversation.readings) == 5
    assert rejections
    assert {rejection.partition(": ")[2] for rejection in rejections} <= {
        "length 120 characters, expected 140 or 128",
        "cut off: no end byte",
        "cut off by the next start byte",
    }


async def read_five_times(session: Session, battery: Battery, conversation: Conversation) -> None:
    for _ in range(5):
        conversation.readings.append(await session.read())


def test_a_wrong_checksum_is_reported_as_that_and_never_as_a_time_out() -> None:
    conversation = converse("bad-checksum")

    assert isinstance(conversation.error, CorruptAnswer)
    assert "checksum" in str(conversation.error)
    assert "no answer" not in conversation.kinds


def test_every_rejected_frame_is_told_with_its_bytes() -> None:
    rejected = [event for event in converse("bad-checksum").events if event.kind == "rejected"]

    assert len(rejected) == Timing().attempts * Timing().connect_attempts
    assert all(event.frame.startswith(b":0082") and event.frame.endswith(b"~") for event in rejected)


def test_swapped_notifications_never_become_a_reading() -> None:
    conversation = converse("swapped-chunks:0.5", read_five_times, seed=5)

    assert any("rejected" in told for told in conversation.told)
    for reading in conversation.readings:
        assert len(reading.cell_voltages) == 4
        assert reading.cell_spread is not None
        assert reading.cell_spread < 0.05
        assert reading.current == -20.0


def test_a_silent_battery_is_no_answer() -> None:
    conversation = converse("silent")

    assert isinstance(conversation.error, NoAnswer)
    assert "rejected" not in conversation.kinds


def test_silence_is_noticed_within_the_deadline() -> None:
    assert converse("silent", timing=Timing(answer=2.0, connect_attempts=1)).took < 7.0


def test_a_link_that_breaks_within_an_answer_is_a_lost_link_with_the_reason() -> None:
    conversation = converse("drop:3")

    assert isinstance(conversation.error, LinkLost)
    assert "rejected: cut off: no end byte" in conversation.told
    assert "link lost" in conversation.told


def test_a_link_that_breaks_once_is_made_again_and_nobody_notices() -> None:
    async def break_once(session: Session, battery: Battery, conversation: Conversation) -> None:
        await read_once(session, battery, conversation)
        battery.faults = Faults.parse("drop:3")
        asyncio.get_running_loop().call_later(0.5, setattr, battery, "faults", Faults())
        await read_once(session, battery, conversation)

    conversation = converse(script=break_once)

    assert conversation.error is None
    assert len(conversation.readings) == 2
    assert conversation.kinds.count("link lost") == 1
    assert conversation.kinds.count("connected") == 2


def test_a_disconnect_that_never_returns_is_given_up_after_its_deadline() -> None:
    conversation = converse("hanging-disconnect")

    assert conversation.reading.soc is not None
    assert conversation.told[-1] == "disconnect hung"
    assert conversation.took < 10.0


def test_a_battery_that_somebody_else_holds_is_busy() -> None:
    conversation = converse("busy")

    assert isinstance(conversation.error, BatteryBusy)
    assert "phone app" in conversation.error.advice


def test_a_battery_whose_radio_sleeps_is_unreachable_and_says_what_wakes_it() -> None:
    conversation = converse("asleep-at-rest", current=0.0)

    assert isinstance(conversation.error, Unreachable)
    assert "load or a charger" in conversation.error.advice


def test_service_discovery_that_finds_nothing_is_repeated_without_the_hosts_memory() -> None:
    conversation = converse("stale-services")

    assert conversation.reading.soc is not None
    assert conversation.kinds[:3] == ["connected", "no services", "disconnected"]


def test_service_discovery_that_never_finds_anything_is_an_error_with_advice() -> None:
    conversation = converse("no-services")

    assert isinstance(conversation.error, ServicesMissing)
    assert "bluetoothctl remove" in conversation.error.advice


def test_an_answer_that_drips_slowly_is_waited_for() -> None:
    conversation = converse("slow:10")

    assert conversation.reading.soc is not None
    assert conversation.took > 2.0


def test_noise_between_answers_does_not_matter() -> None:
    conversation = converse("at-noise,nul-noise", read_five_times)

    assert len(conversation.readings) == 5
    assert "rejected" not in conversation.kinds


def test_a_doubled_notification_is_rejected_and_asked_again() -> None:
    conversation = converse("doubled-chunk:0.3", read_five_times, seed=6)

    assert len(conversation.readings) == 5
    assert any(told.startswith("rejected: length 160") for told in conversation.told)


def test_a_single_glitch_of_the_switches_is_not_shown() -> None:
    async def glitch_once(session: Session, battery: Battery, conversation: Conversation) -> None:
        await read_once(session, battery, conversation)
        battery.faults = Faults.parse("glitch:0.3")
        for _ in range(20):
            conversation.readings.append(await session.read())

    conversation = converse(script=glitch_once, seed=11)
    raw_glitches = len([event for event in conversation.events if event.kind == "answered"]) - 21

    assert raw_glitches > 0  # each glitch cost one more question
    assert sum(reading.charge_switch is False for reading in conversation.readings) <= raw_glitches // 2


def test_an_alarm_that_stays_is_confirmed_and_shown_in_the_same_reading() -> None:
    conversation = converse("alarm:cell_over_voltage")

    assert conversation.reading.alarms == ("cell_over_voltage",)
    assert conversation.told.count("answered: status") == 2


def test_an_alarm_that_goes_is_cleared_after_two_answers() -> None:
    async def clear(session: Session, battery: Battery, conversation: Conversation) -> None:
        await read_once(session, battery, conversation)
        battery.faults = Faults()
        await read_once(session, battery, conversation)

    conversation = converse("alarm:short_circuit", clear)

    assert [reading.alarms for reading in conversation.readings] == [("short_circuit",), ()]


def test_a_cell_that_dies_keeps_its_place_even_at_the_end() -> None:
    async def die(session: Session, battery: Battery, conversation: Conversation) -> None:
        await read_once(session, battery, conversation)
        await read_once(session, battery, conversation)
        battery.faults = Faults.parse("dead-cell:4")
        await read_once(session, battery, conversation)

    reading = converse(script=die).reading

    assert len(reading.cell_voltages) == 4
    assert reading.cell_voltages[3] == 0.0
    assert "dead_cell" in reading.alarms


def test_a_dead_last_cell_is_seen_from_the_first_reading() -> None:
    reading = converse("dead-cell:4").reading

    assert (reading.alarms, reading.cell_voltages[3]) == (("dead_cell",), 0.0)


def test_an_idle_link_that_the_battery_dropped_is_made_again() -> None:
    async def read_idle_read(session: Session, battery: Battery, conversation: Conversation) -> None:
        await read_once(session, battery, conversation)
        await asyncio.sleep(60)
        await read_once(session, battery, conversation)

    conversation = converse("idle-disconnect:10", read_idle_read)

    assert len(conversation.readings) == 2
    assert conversation.kinds.count("connected") == 2


@pytest.mark.slow
def test_readings_come_on_their_beat_for_a_day() -> None:
    async def a_day(session: Session, battery: Battery, conversation: Conversation) -> None:
        async for reading in session.readings(every=600):
            conversation.readings.append(reading)
            if elapsed() > 80_000:
                return

    conversation = converse("lost-chunk:0.05,idle-disconnect:20", a_day, current=-0.5)
    gaps = {
        round((after.taken_at - before.taken_at).total_seconds() / 600)
        for before, after in zip(conversation.readings, conversation.readings[1:], strict=False)
    }

    assert gaps == {1}
    assert len(conversation.readings) >= 133


def test_readings_go_on_when_a_battery_that_was_away_comes_back() -> None:
    async def away(session: Session, battery: Battery, conversation: Conversation) -> None:
        healthy, count = battery.faults, 0
        async for reading in session.readings(every=10):
            conversation.readings.append(reading)
            count += 1
            if count == 3:
                battery.faults = replace(healthy, silent=1.0)
                asyncio.get_running_loop().call_later(3600, setattr, battery, "faults", healthy)
            if count == 5:
                return

    conversation = converse(script=away)
    times = [(reading.taken_at - START).total_seconds() for reading in conversation.readings]

    assert len(times) == 5
    assert 3600 < times[3] - times[2] < 3600 + 400  # the longest pause is 300 s
    assert times[4] - times[3] <= 10.5


def test_readings_with_patience_end_with_the_reason() -> None:
    async def impatient(session: Session, battery: Battery, conversation: Conversation) -> None:
        async for reading in session.readings(every=10, patience=120):
            conversation.readings.append(reading)

    conversation = converse("silent", impatient)

    assert isinstance(conversation.error, NoAnswer)
    assert 120 <= conversation.took < 600
