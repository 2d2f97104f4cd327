"""Alarms at work in the gateway."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.alarms.engine import DOWN, GONE
from bmsreader.gateway.alarming import EXPECTED
from bmsreader.gateway.states import RELEASED
from bmsreader.model import BatteryState, EdgeKind, Snapshot
from bmsreader.store import Reader
from tests.clock import now, run
from tests.gateway.alarms import HOUSE, LOW, Place, history


def test_a_snapshot_leaves_with_the_alarms_of_its_battery() -> None:
    async def main() -> None:
        place = Place()
        assert place.says(soc=60).alarms == ()
        assert [one.name for one in place.says(soc=10).alarms] == ["Generator"]

    run(main())


def test_an_alarm_stays_on_the_snapshot_until_it_is_over_and_seen() -> None:
    async def main() -> None:
        place = Place()
        place.says(soc=10)
        await place.over()
        (over,) = place.says(soc=60).alarms
        assert not over.is_active
        assert place.alarming.acknowledge(over.id)
        assert place.told == [HOUSE.id]
        assert place.says(soc=60).alarms == ()

    run(main())


def test_acknowledging_what_was_acknowledged_is_no_mistake_but_what_never_was_is() -> None:
    async def main() -> None:
        place = Place()
        (alarm,) = place.says(soc=10).alarms
        answers = [place.alarming.acknowledge(one) for one in (alarm.id, alarm.id, alarm.id + 1, 0)]
        assert answers == [True, True, False, False]

    run(main())


def test_everything_open_is_acknowledged_at_once() -> None:
    async def main() -> None:
        place = Place(rules=[LOW, replace(LOW, name="Reserve", below=15.0)])
        place.says(soc=10)
        assert place.alarming.acknowledge_all() == 2
        assert place.alarming.acknowledge_all() == 0
        assert len(place.alarming.alarms(state="active")) == 2

    run(main())


def test_alarms_can_be_asked_for() -> None:
    async def main() -> None:
        place = Place()
        (first,) = place.says(soc=10).alarms
        await place.over()
        place.alarming.acknowledge(first.id)
        place.says(soc=10)
        await place.over()
        await asyncio.sleep(100)
        found = [len(place.alarming.alarms(state=state)) for state in ("active", "open", "all")]
        assert found == [0, 1, 2]
        assert place.alarming.alarms(battery="other", state="all") == []
        assert place.alarming.alarms(since=now() - timedelta(seconds=1)) == []
        assert place.alarming.alarms(state="all", limit=1)[0].id == 2

    run(main())


def test_what_the_tick_finds_is_told_to_who_hands_on() -> None:
    async def main() -> None:
        place = Place(rules=[replace(LOW, duration=60.0)])
        place.says(soc=10)
        await asyncio.sleep(61)
        place.alarming.tick()
        assert place.told == [HOUSE.id]

    run(main())


def test_a_released_battery_is_not_missed() -> None:
    async def main() -> None:
        place = Place(rules=[replace(LOW, name="silence", field="age", below=None, above=600.0)])
        place.says(soc=60)
        released = Snapshot(
            info=HOUSE, at=now(), state=BatteryState.BUSY, since=now(), reason=f"{RELEASED} until 14:00"
        )
        place.alarming.take(released)
        await asyncio.sleep(3600)
        place.alarming.tick()
        assert place.alarming.active() == []

    run(main())


def test_what_happens_is_in_the_event_record() -> None:
    async def main() -> None:
        place = Place()
        place.says(soc=10)
        await place.over()
        kinds = [(one.kind, one.battery) for one in place.logbook.records()]
        assert kinds == [("alarm raised", HOUSE.id), ("alarm cleared", HOUSE.id)]

    run(main())


def test_rules_change_while_the_gateway_runs() -> None:
    async def main() -> None:
        place = Place()
        place.says(soc=10)
        lower = replace(LOW, below=5.0)
        assert place.alarming.reload([lower]) == ["alarm rule Generator changed"]
        assert place.alarming.reload([lower]) == []
        assert place.alarming.reload([replace(LOW, name="Other")]) == [
            "alarm rule Generator removed",
            "alarm rule Other added",
        ]
        assert place.told == [HOUSE.id]
        assert place.alarming.active() == []

    run(main())


def test_who_listens_is_woken_by_what_happens_until_it_leaves() -> None:
    async def main() -> None:
        place = Place()
        wake = place.alarming.listen()
        place.says(soc=60)
        assert not wake.is_set()
        place.says(soc=10)
        assert wake.is_set()
        place.alarming.leave(wake)
        wake.clear()
        await place.over()
        assert not wake.is_set()

    run(main())


def test_alarms_go_on_over_a_restart(tmp_path: Path) -> None:
    async def main() -> None:
        with history(tmp_path) as store:
            (alarm,) = Place(store=store).says(soc=10).alarms
        with history(tmp_path) as store:
            place = Place(store=store)
            assert place.alarming.active() == [alarm]
            assert place.says(soc=10).alarms == (alarm,)
            assert [edge.kind for edge in place.alarming.edges(0)] == [EdgeKind.RAISED]

    run(main())


def test_what_ended_during_the_restart_is_cleared_with_a_note(tmp_path: Path) -> None:
    async def main() -> None:
        with history(tmp_path) as store:
            Place(store=store).says(soc=10)
        with history(tmp_path) as store:
            await Place(store=store).over()
        with Reader(tmp_path / "history") as reader:
            (alarm,) = reader.alarms()
            assert (alarm.is_active, alarm.note) == (False, DOWN)

    run(main())


@pytest.mark.parametrize("known", [True, False])
def test_a_battery_that_never_comes_back_takes_its_alarms_along(tmp_path: Path, known: bool) -> None:
    async def main() -> None:
        with history(tmp_path) as store:
            Place(store=store).says(soc=10)
        with history(tmp_path) as store:
            place = Place(store=store)
            if known:
                place.says(soc=10)
            await asyncio.sleep(EXPECTED + 1)
            place.alarming.tick()
            assert [one.note for one in place.alarming.alarms(state="open")] == ["" if known else GONE]

    run(main())


def test_a_battery_that_is_removed_takes_its_alarms_along() -> None:
    async def main() -> None:
        place = Place()
        place.says(soc=10)
        place.alarming.gone(HOUSE.id)
        assert [one.note for one in place.alarming.alarms()] == [GONE]

    run(main())
