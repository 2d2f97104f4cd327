"""The gateway on the real Linux Bluetooth stack for ten minutes in which everything goes wrong once.

What happens inside the machine is in ``months.py``; it is judged here. The gateway runs as a user without any rights.
"""

import json
import sys
from itertools import pairwise
from typing import Any

import pytest

from tests.beside import Beside, Turn
from tests.bluez.machine import in_machine
from tests.bluez.months import INTERVAL, TROUBLES
from tests.bluez.scenarios import NAMED, RENAMED

pytestmark = [pytest.mark.bluez, pytest.mark.slow]

SECONDS = 1750
"""Limit of the whole machine."""
BESIDE = Beside(lambda folder: in_machine(folder, "tests.bluez.months", seconds=SECONDS), turn=Turn.FIRST)
CONSOLE_SHOWN = 3000

BOUNDS = {
    "drops": 20.0,
    "silence": 20.0,
    "busy link": 20.0,
    "bluetoothd restarted": 30.0,
    "bluetoothd crashed": 40.0,
    "controller removed and put back": 30.0,
    "adapter switched off": 40.0,
    "gateway killed": 60.0,
    "bluetoothd crashed, with rights": 40.0,
    "controller removed, with rights": 30.0,
}
"""s from the end of each trouble to the next reading of both batteries: as docs/radio.md promises, on an emulated
processor that is many times slower than a Raspberry Pi. The last one includes the start of the program."""
OF_ONE_BATTERY = ("drops", "silence", "busy link")
ROUGH_START = 3.0
"""s after a trouble's end in which what was under way may still fail."""
FAILURES = {"no answer", "link lost", "rejected", "connect failed", "not identified"}

Story = dict[str, Any]


@pytest.fixture(scope="module")
def story() -> Story:
    """What happened in one life of the machine."""
    came = BESIDE.outcome()
    told = came.folder / "months.json"
    assert told.exists(), f"the machine ended early; its console:\n{came.told[-CONSOLE_SHOWN:]}"
    found: Story = json.loads(told.read_text())
    sys.stdout.write(table(found))
    return found


def table(story: Story) -> str:
    """Return the measured recovery times, as docs/radio.md shows them."""
    lines = ["trouble                            lasted   first battery  second battery"]
    for trouble in story["troubles"]:
        times = [f"{trouble['recovered'][one] - trouble['end']:13.1f} s" for one in (NAMED, RENAMED)]
        lines.append(f"{trouble['name']:34} {trouble['end'] - trouble['begin']:4.0f} s {' '.join(times)}")
    lines += [f"reset: {one['how']}, {one['reset']} s; heard again after {one['heard']} s" for one in story["resets"]]
    return "\n".join(lines) + "\n"


def trouble_of(story: Story, name: str) -> Story:
    """Return what happened in one trouble."""
    return next(one for one in story["troubles"] if one["name"] == name)


def within(story: Story, name: str, address: str) -> list[float]:
    """Return when a battery was read during a trouble and until the other one had recovered."""
    trouble = trouble_of(story, name)
    until = max(trouble["recovered"].values())
    return [when for when in story["readings"][address] if trouble["begin"] <= when <= until]


def calm(story: Story, address: str) -> list[float]:
    """Return the pauses between the readings of a battery while nothing is wrong."""
    pauses = []
    quiet_since = max(story["first"].values())
    for trouble in story["troubles"]:
        taken = [when for when in story["readings"][address] if quiet_since <= when < trouble["begin"]]
        pauses += [after - before for before, after in pairwise(taken)]
        quiet_since = max(trouble["recovered"].values())
    return pauses


def test_every_trouble_happened(story: Story) -> None:
    assert [one["name"] for one in story["troubles"]] == [name for name, _ in TROUBLES]


def test_it_lasts_ten_minutes(story: Story) -> None:
    taken = story["readings"][RENAMED]

    assert max(taken) - story["started"] >= 600 - INTERVAL * 2


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("address", [NAMED, RENAMED])
def test_both_batteries_are_read_again_within_the_bound(story: Story, name: str, address: str) -> None:
    trouble = trouble_of(story, name)
    again = trouble["recovered"][address]

    assert again is not None, f"never again after {name}: {story['log']}"
    assert again - trouble["end"] <= BOUNDS[name], table(story)


def test_the_gateway_is_never_restarted_and_ends_in_order(story: Story) -> None:
    assert (story["restarted"], story["status"]) == (False, 0), story["log"]


def test_it_says_nothing_but_states(story: Story) -> None:
    assert "Traceback" not in story["log"], story["log"]


@pytest.mark.parametrize("name", OF_ONE_BATTERY)
def test_the_healthy_battery_has_no_time_out_while_the_other_is_ill(story: Story, name: str) -> None:
    trouble = trouble_of(story, name)
    failures = [
        event
        for event in story["events"]
        if event["battery"] == RENAMED
        and event["kind"] in FAILURES
        and trouble["begin"] <= moment(event["at"]) <= max(trouble["recovered"].values())
    ]

    assert failures == []


@pytest.mark.parametrize("name", OF_ONE_BATTERY)
def test_the_healthy_battery_keeps_its_rhythm_while_the_other_is_ill(story: Story, name: str) -> None:
    taken = within(story, name, RENAMED)
    trouble = trouble_of(story, name)
    wanted = (max(trouble["recovered"].values()) - trouble["begin"]) / INTERVAL

    assert len(taken) >= 0.85 * wanted - 1, (len(taken), wanted)
    assert max(after - before for before, after in pairwise(taken)) <= 3 * INTERVAL


def test_while_nothing_is_wrong_each_battery_is_read_on_the_beat(story: Story) -> None:
    for address in (NAMED, RENAMED):
        pauses = sorted(calm(story, address))

        assert abs(pauses[len(pauses) // 2] - INTERVAL) < 0.2, pauses


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("bluetoothd restarted", {"bluetooth gone", "bluetooth back", "scanner started"}),
        ("bluetoothd crashed", {"bluetooth gone", "bluetooth back", "scanner started"}),
        ("controller removed and put back", {"adapter gone", "adapter back", "scanner started"}),
        ("adapter switched off", {"adapter off", "adapter on", "scanner started"}),
        ("gateway killed", {"stale link dropped", "adapter found", "scanner started"}),
    ],
)
def test_what_the_radio_did_is_in_the_record(story: Story, name: str, kinds: set[str]) -> None:
    trouble = trouble_of(story, name)
    told = {
        event["kind"]
        for event in story["events"]
        if trouble["begin"] - 1 <= moment(event["at"]) <= max(trouble["recovered"].values()) + ROUGH_START
    }

    assert kinds <= told


def test_afterwards_the_doctor_says_what_happened_too_often_and_nothing_else(story: Story) -> None:
    told = [line.split(": ", 1)[1] for line in story["doctor"].splitlines() if "last 24 hours" in line]

    assert [what.partition(",")[0] for what in told] == ["it went away 3 times"], story["doctor"]


def test_an_adapter_is_reset_without_rights_and_more_thoroughly_with_them(story: Story) -> None:
    ordinary, trusted = story["resets"]

    assert (ordinary["works"], trusted["works"]) == (True, True), story["resets"]
    assert (ordinary["limited"], trusted["limited"]) == (True, False), story["resets"]
    assert ("switched off and on" in ordinary["how"], "by the kernel" in trusted["how"]) == (True, True), story[
        "resets"
    ]
    assert max(ordinary["heard"], trusted["heard"]) < 60, story["resets"]


def moment(when: str) -> float:
    """Return a time of the record in s since 1970."""
    from datetime import datetime

    return datetime.fromisoformat(when).timestamp()
