"""A battery under watch: what is raised and cleared, and what is not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.alarms import DEFAULTS, Rule
from bmsreader.alarms.engine import DOWN, GONE, NO_RULE
from bmsreader.model import Alarm, BankFacts, BatteryInfo, BatteryState, Category, Severity, Snapshot, Source
from tests.alarms.batteries import HOUSE, Watched, moment
from tests.gateway.made import reading

LOW = Rule(name="Generator", field="soc", below=20.0, hysteresis=5.0, duration=60.0)


def left_open(**values: Any) -> Alarm:
    """An alarm that an earlier run raised."""
    alarm = Alarm(
        id=41,
        battery=HOUSE.id,
        name="low_charge",
        category=Category.CHARGE,
        severity=Severity.WARNING,
        source=Source.RULE,
        raised_at=moment(-3600),
        text="State of charge: 12 %, below 15 %.",
    )
    return replace(alarm, **values)


# ---- rules


def test_an_alarm_is_raised_once_and_cleared_once() -> None:
    watched = Watched([LOW]).for_(600, soc=18).wait(10).for_(600, soc=60)

    assert watched.story == [(60, "raised", "Generator"), (670, "cleared", "Generator")]


def test_an_alarm_says_what_was_found() -> None:
    (alarm,) = Watched([LOW]).for_(100, soc=18).raised()

    assert (alarm.value, alarm.limit, alarm.unit, alarm.source) == (18, 20.0, "%", Source.RULE)
    assert alarm.text == "State of charge: 18 %, below 20 %."


def test_a_duration_that_ends_between_two_readings_is_kept_to_the_tick() -> None:
    watched = Watched([LOW]).for_(50, every=50, soc=18).wait(200)

    assert watched.story == [(60, "raised", "Generator")]


def test_a_battery_that_rocks_at_the_limit_raises_one_alarm() -> None:
    watched = Watched([LOW]).for_(120, soc=19)
    for _ in range(50):
        watched.wait(10).for_(100, soc=21).wait(10).for_(100, soc=19)

    assert watched.story == [(60, "raised", "Generator")]


def test_clouds_do_not_make_an_alarm_about_charging_come_and_go() -> None:
    watched = Watched().for_(120, temperatures=(-5.0,), current=10.0)
    for _ in range(20):
        watched.wait(10).for_(300, temperatures=(-5.0,), current=-2.0)
        watched.wait(10).for_(300, temperatures=(-5.0,), current=10.0)

    assert watched.story == [(30, "raised", "cold_charging")]


def test_cells_that_differ_at_rest_stay_an_alarm_while_current_flows() -> None:
    apart: dict[str, Any] = {"cell_voltages": (3.3, 3.36)}
    watched = Watched().for_(1800, **apart).wait(10).for_(7200, cell_voltages=(3.3, 3.31), current=-50.0)

    assert watched.story == [(1800, "raised", "cell_spread")]


def test_a_load_in_between_begins_the_time_at_rest_anew() -> None:
    apart: dict[str, Any] = {"cell_voltages": (3.3, 3.36)}
    watched = Watched().for_(1780, **apart).wait(10).says(current=-50.0, **apart).wait(10).for_(1780, **apart)

    assert watched.story == []


# ---- values that are not of the present


def test_an_old_reading_raises_nothing() -> None:
    watched = Watched([LOW]).is_(BatteryState.UNREACHABLE)
    watched.engine.take(replace(_snapshot(watched), state=BatteryState.STALE), now=watched.now, at=moment(watched.now))

    assert watched.wait(1000).story == []


def _snapshot(watched: Watched) -> Snapshot:
    at = moment(watched.now)
    return Snapshot(info=HOUSE, at=at, state=BatteryState.LIVE, since=at, reading=reading(0.0, soc=3))


def test_a_battery_that_falls_silent_keeps_its_alarm() -> None:
    watched = Watched([LOW]).for_(100, soc=10).wait(30).is_(BatteryState.STALE).wait(100_000)

    assert watched.active == ["Generator"]


def test_the_same_reading_is_judged_once() -> None:
    watched = Watched([replace(LOW, duration=0.0)])
    snapshot = _snapshot(watched)
    for _ in range(5):
        watched.engine.take(snapshot, now=watched.now, at=moment(watched.now))

    assert watched.story == []


def test_silence_in_between_begins_the_duration_anew() -> None:
    watched = Watched([LOW]).for_(50, soc=18).is_(BatteryState.STALE).wait(300).says(soc=18).wait(10).says(soc=18)

    assert watched.story == []


# ---- silence


def test_two_readings_end_the_alarm_about_silence() -> None:
    watched = Watched().says().wait(20).is_(BatteryState.UNREACHABLE).wait(1000)

    assert watched.says().active == ["no_data"]
    assert watched.wait(10).says().active == []
    assert watched.raised()[0].source is Source.GATEWAY
    assert watched.raised()[0].text == "No fresh values for 10 min."


def test_a_battery_that_sleeps_at_rest_is_no_alarm() -> None:
    assert Watched().says().wait(20).is_(BatteryState.ASLEEP).wait(100_000).story == []


def test_a_battery_that_cannot_be_woken_is_one_ten_minutes_later() -> None:
    watched = Watched().says().is_(BatteryState.ASLEEP).wait(10_000).is_(BatteryState.UNREACHABLE).wait(1000)

    assert watched.story == [(10_605, "raised", "no_data")]


def test_a_rule_of_the_owners_counts_sleep_too() -> None:
    daily = Rule(name="Once a day", field="age", above=86_400.0)

    assert Watched([daily]).says().is_(BatteryState.ASLEEP).wait(90_000).active == ["Once a day"]


def test_a_battery_that_was_released_is_not_missed() -> None:
    watched = Watched().says().is_(BatteryState.BUSY, excused=True).wait(7200)

    assert watched.is_(BatteryState.UNREACHABLE).wait(500).story == []
    assert watched.wait(200).active == ["no_data"]


def test_a_battery_that_is_read_each_hour_is_not_silent_in_between() -> None:
    assert Watched().for_(20_000, every=3600.0).story == []


# ---- what the battery itself says


def test_an_alarm_of_the_battery_is_raised_with_its_meaning() -> None:
    (alarm,) = Watched().says(alarms=("short_circuit",)).raised()

    assert (alarm.category, alarm.severity, alarm.source) == (Category.CURRENT, Severity.CRITICAL, Source.BATTERY)
    assert alarm.text == "The battery reports a short circuit."


def test_an_alarm_of_the_battery_ends_a_minute_after_it_was_last_said() -> None:
    watched = Watched().for_(100, alarms=("over_discharge",)).wait(10).for_(200)

    assert watched.story == [(0, "raised", "over_discharge"), (170, "cleared", "over_discharge")]


def test_an_alarm_of_the_battery_that_flickers_is_raised_once() -> None:
    watched = Watched()
    for _ in range(100):
        watched.says(alarms=("over_discharge",)).wait(10).says().wait(10)

    assert watched.story == [(0, "raised", "over_discharge")]


# ---- banks

BANK = BatteryInfo(id="bank:house", name="Bank", slug="bank", kind="bank")
MISSING = Rule(name="Pack missing", field="capacity_share", below=99.0, batteries=("banks",))


def seen(share: float, imbalance: float | None = None) -> BankFacts:
    return BankFacts(arrangement="series(a, b)", packs=("a", "b"), seen=(), capacity_share=share, imbalance=imbalance)


def test_the_alarms_of_packs_are_not_raised_again_for_their_bank() -> None:
    assert Watched().says(BANK, alarms=("over_discharge",), soc=3).story == []


def test_a_missing_pack_in_series_is_an_alarm_although_the_bank_has_no_values_without_it() -> None:
    watched = Watched([MISSING]).says(BANK, facts=seen(100.0)).wait(10).is_(BatteryState.STALE, BANK, facts=seen(50.0))
    watched.wait(600)

    assert watched.story == [(20, "raised", "Pack missing")]
    watched.says(BANK, facts=seen(100.0)).wait(60).says(BANK, facts=seen(100.0))
    assert watched.story[1:] == [(670, "cleared", "Pack missing")]


def test_a_pack_that_is_missed_for_a_moment_is_no_alarm() -> None:
    watched = Watched([MISSING]).says(BANK, facts=seen(100.0))
    for _ in range(3):
        watched.is_(BatteryState.STALE, BANK, facts=seen(50.0))
    watched.wait(5).says(BANK, facts=seen(100.0)).wait(60)

    assert watched.story == []


def test_a_bank_that_was_never_read_is_missed_too() -> None:
    watched = Watched([MISSING]).is_(BatteryState.UNREACHABLE, BANK, facts=seen(0.0)).wait(10)

    assert watched.active == ["Pack missing"]


def test_the_time_for_which_a_pack_is_missing_goes_on_when_the_bank_loses_its_values() -> None:
    watched = Watched([replace(MISSING, duration=60.0)]).says(BANK, facts=seen(75.0)).wait(30)
    watched.is_(BatteryState.STALE, BANK, facts=seen(50.0)).wait(60)

    assert watched.story == [(60, "raised", "Pack missing")]


def test_a_rule_about_the_packs_of_a_bank_that_looks_while_charging_does_not_go_by_an_old_current() -> None:
    apart = Rule(name="Apart", field="imbalance", above=10.0, only="charging", batteries=("banks",))
    watched = Watched([apart]).says(BANK, facts=seen(100.0), current=10.0).wait(5)
    watched.is_(BatteryState.STALE, BANK, facts=seen(50.0, imbalance=30.0)).wait(600)

    assert watched.story == []


# ---- restarts and reloads


def test_an_alarm_that_is_still_the_case_after_a_restart_goes_on() -> None:
    watched = Watched(opened=[left_open()]).for_(600, soc=12)

    assert (watched.story, watched.active) == ([], ["low_charge"])


def test_an_alarm_that_ended_while_we_were_down_is_cleared_with_a_note() -> None:
    watched = Watched(opened=[left_open()]).for_(600, soc=60)

    assert watched.story == [(60, "cleared", "low_charge")]
    assert watched.cleared()[0].note == DOWN


def test_an_alarm_that_goes_on_and_ends_later_has_no_note() -> None:
    watched = Watched(opened=[left_open()]).for_(600, soc=12).wait(10).for_(600, soc=60)

    assert [one.note for one in watched.cleared()] == [""]


def test_an_alarm_of_the_battery_that_ended_while_we_were_down_is_cleared_with_a_note() -> None:
    opened = left_open(name="short_circuit", source=Source.BATTERY)

    assert [one.note for one in Watched(opened=[opened]).for_(300).cleared()] == [DOWN]


def test_silence_goes_on_over_a_restart_without_a_second_alarm() -> None:
    opened = left_open(name="no_data", source=Source.GATEWAY)
    watched = Watched(opened=[opened]).is_(BatteryState.UNREACHABLE).wait(5000)

    assert watched.story == []
    assert [one.note for one in watched.says().wait(10).says().cleared()] == [""]


def test_silence_that_ended_while_we_were_down_is_cleared_with_a_note() -> None:
    opened = left_open(name="no_data", source=Source.GATEWAY)
    watched = Watched(opened=[opened]).is_(BatteryState.UNREACHABLE).wait(10).says().wait(10).says()

    assert [one.note for one in watched.cleared()] == [DOWN]


def test_the_time_before_the_start_does_not_count_as_silence() -> None:
    assert Watched().is_(BatteryState.UNREACHABLE).wait(500).story == []


def test_a_rule_that_is_taken_away_takes_its_alarm_along() -> None:
    watched = Watched([LOW, *DEFAULTS]).for_(100, soc=10)
    watched.engine.change(DEFAULTS, moment(watched.now))

    assert watched.active == ["low_charge"]
    assert [(one.name, one.note) for one in watched.cleared()] == [("Generator", NO_RULE)]


def test_a_rule_that_was_taken_away_while_we_were_down_takes_its_alarm_along() -> None:
    watched = Watched([], opened=[left_open()]).says(soc=3)

    assert [one.note for one in watched.cleared()] == [NO_RULE]


def test_an_alarm_stays_when_the_limit_of_its_rule_is_moved() -> None:
    watched = Watched([LOW]).for_(100, soc=18)
    watched.engine.change([replace(LOW, below=30.0)], moment(watched.now))
    watched.wait(10).for_(600, soc=18)

    assert watched.story == [(60, "raised", "Generator")]


def test_a_battery_that_gets_another_name_keeps_its_alarms() -> None:
    watched = Watched().for_(100, soc=10)
    renamed = replace(HOUSE, name="Cellar", slug="cellar")

    assert watched.wait(10).says(renamed, soc=10).active == ["low_charge"]


def test_a_rule_for_a_battery_by_name_follows_the_name() -> None:
    mine = replace(LOW, batteries=("House",))
    watched = Watched([mine]).for_(100, soc=10)
    watched.wait(10).says(replace(HOUSE, name="Cellar", slug="cellar"), soc=10)

    assert [one.note for one in watched.cleared()] == [NO_RULE]


def test_the_alarms_of_a_battery_that_is_removed_end() -> None:
    watched = Watched().for_(100, soc=10, alarms=("over_discharge",))
    watched.engine.gone(HOUSE.id, moment(watched.now))

    assert [(one.name, one.note) for one in watched.cleared()] == [("over_discharge", GONE), ("low_charge", GONE)]


def test_batteries_with_alarms_that_nobody_met_yet_are_known() -> None:
    watched = Watched(opened=[left_open()])

    assert watched.engine.strangers() == {HOUSE.id}
    assert watched.says().engine.strangers() == set()


# ---- whatever a battery says

SAYINGS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {
                "soc": st.sampled_from([None, 3, 14, 15, 19, 21, 60]),
                "current": st.sampled_from([None, -30.0, 0.0, 30.0]),
                "temperatures": st.sampled_from([(), (-2.0,), (0.5,), (25.0,), (70.0,)]),
                "cell_voltages": st.sampled_from([(), (0.0, 3.3), (2.5, 3.3), (3.3, 3.36), (3.4, 3.7)]),
                "alarms": st.sampled_from([(), ("dead_cell",), ("short_circuit", "x17")]),
            }
        ),
        st.sampled_from([BatteryState.STALE, BatteryState.ASLEEP, BatteryState.UNREACHABLE]),
    ),
    max_size=40,
)


@pytest.mark.slow
@settings(max_examples=30)
@given(sayings=SAYINGS, step=st.sampled_from([5.0, 30.0, 400.0]))
def test_every_alarm_is_raised_once_and_then_cleared_at_most_once_in_order(sayings: list[Any], step: float) -> None:
    watched = Watched([LOW, *DEFAULTS])
    for said in sayings:
        _ = watched.is_(said) if isinstance(said, BatteryState) else watched.says(**said)
        watched.wait(step)

    happened: dict[int, list[str]] = {}
    for change in watched.changes:
        happened.setdefault(change.alarm.id, []).append(str(change.kind))
    assert all(
        kinds in (["raised"], ["raised", "cleared"], ["raised", "cleared", "acknowledged"])
        for kinds in happened.values()
    )
    assert [one.at for one in watched.changes] == sorted(one.at for one in watched.changes)
    assert list(happened) == sorted(happened)
    keys = [(one.source, one.name) for one in watched.engine.board.active()]
    assert len(keys) == len(set(keys))
