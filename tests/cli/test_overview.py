"""The overview tells at a glance which battery is not well, and why."""

import io
from dataclasses import replace
from typing import Any

from rich.console import Console

from bmsreader.cli.overview import overview
from bmsreader.gateway import statement
from bmsreader.model.battery import BatteryState
from tests.gateway.asked import ASLEEP, HEALTH, LIVE
from tests.publishers.banks import FACTS, a_bank, a_bank_reading

BATTERIES = [statement.of_battery(LIVE), statement.of_battery(ASLEEP)]
GATEWAY = statement.of_gateway(HEALTH)


def drawn(batteries: list[dict[str, Any]] = BATTERIES, gateway: dict[str, Any] = GATEWAY, *, width: int = 120) -> str:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(overview(gateway, batteries))
    return out.getvalue()


def row(name: str, text: str) -> str:
    return next(" ".join(line.split()) for line in text.splitlines() if line.startswith(name))


def test_a_battery_is_one_line() -> None:
    expected = "House live 4 s 62 % 13.20 V charging 12.4 A 1.23 kWh 0.10 kWh 9 of 10, 1 rejected -58 dBm"

    assert row("House", drawn()) == expected


def test_a_battery_that_was_never_read_has_dashes() -> None:
    assert row("Caravan", drawn()) == "Caravan asleep — — — — — — 0 of 0 —"


def test_why_a_battery_is_not_live_stands_below() -> None:
    assert "Caravan: asleep: not on the air, and it was at rest when last read (+0.0 A): it sleeps" in drawn()


def test_alarms_stand_out() -> None:
    assert LIVE.reading is not None
    alarming = replace(LIVE, reading=replace(LIVE.reading, alarms=("over_discharge", "dead_cell")))

    assert "House: ALARM: over discharge, dead cell" in drawn([statement.of_battery(alarming)])


def test_old_alarms_are_not_shown_as_the_present() -> None:
    assert LIVE.reading is not None
    old = replace(
        LIVE, state=BatteryState.STALE, reason="old", reading=replace(LIVE.reading, alarms=("over_discharge",))
    )

    assert "ALARM" not in drawn([statement.of_battery(old)])


def test_what_is_behind_the_batteries_says_its_problem() -> None:
    text = drawn()

    assert "bmsreader 1.2.3, running for 2 h" in text
    assert row("mqtt", text) == "mqtt PROBLEM 0 delivered, 17 waiting"
    assert "the broker refuses the password" in text
    assert row("history", text) == "history ok 4 kB, 3 readings not on disk yet"
    assert row("hci0", text) == "hci0 ok 4 of 5 connections free"


def test_a_gateway_without_history_and_batteries_says_so() -> None:
    text = drawn([], statement.of_gateway(replace(HEALTH, store=None)))

    assert "no battery yet" in text
    assert "history" not in text


def test_a_bank_says_how_many_of_its_packs_are_seen_and_what_that_means() -> None:
    bank = replace(a_bank(), reading=replace(a_bank_reading(), notes=(FACTS.words, "a has switched itself off")))
    text = drawn([statement.of_battery(bank)])

    assert "3 of 4 packs" in row("House", text)
    assert "House: 3 of 4 packs seen, 75 % of capacity; a has switched itself off" in text
    assert "House: ALARM: c: dead cell" in text
