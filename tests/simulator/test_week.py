"""Whatever a pack goes through in a week, its battery reports it so that every reading is right."""

from dataclasses import fields
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.descriptions import load
from bmsreader.model import Reading
from bmsreader.simulator import SCENARIOS, Battery, Measured, Pack, scenario
from tests.clock import Clock
from tests.simulator.batteries import decoded

VARIANTS = (
    ("ej", ("status",)),
    ("ej", ("short_status", "capacity")),
    ("ej2", ("status",)),
    ("ej2", ("nova",)),
)
WEEK = 7 * 86_400.0
SWITCHES = ("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "alarms")


def expected(measured: Measured, battery: Battery, messages: tuple[str, ...]) -> dict[str, object]:
    """Return what a reading must say: what was measured, as far as these messages carry it."""
    carried = {field.name for message in messages for field in battery.codec.description.messages[message].fields}
    carried |= {"time_to_full", "time_to_empty"} if "time_to_go" in carried else set()
    carried |= {"pack_voltage", *SWITCHES}
    values = {field.name: getattr(measured, field.name) for field in fields(Measured)}
    if len(values["temperatures"]) == 4 and len(set(values["temperatures"])) == 1:
        values["temperatures"] = values["temperatures"][:1]  # four equal sensors read as one
    return {name: value if name in carried else None for name, value in values.items()}


def read(battery: Battery, messages: tuple[str, ...]) -> dict[str, object]:
    reading = decoded(battery, *(battery.frame(message) for message in messages))
    assert isinstance(reading, Reading), reading
    values = {field.name: getattr(reading, field.name) for field in fields(Measured)}
    values["pack_voltage"] = round(values["pack_voltage"], 3)
    return values


def live(seed: int, properties: dict[str, Any], *, seconds: float) -> None:
    """Let a pack live, and look at it at random moments in every variant."""
    clock, moments = Clock(), Random(seed)
    pack = Pack(clock=clock, dice=Random(seed), **properties)
    batteries = [(Battery(pack, codec=load(p), dice=Random(1), variant=m[0]), m) for p, m in VARIANTS]
    while clock.now < seconds:
        measured = pack.measure()
        for battery, messages in batteries:
            assert read(battery, messages) == expected(measured, battery, messages)
        clock.advance(moments.expovariate(1 / 1800))


@st.composite
def packs(draw: st.DrawFn) -> dict[str, Any]:
    sensors = draw(st.integers(1, 4))
    # With several sensors, 0 degrees Celsius cannot be told from an absent one: that ambiguity is the protocol's.
    coldest = -25 if sensors == 1 else 9
    return {
        "cells": draw(st.integers(4, 16)),
        "design_capacity": draw(st.integers(1, 40)) * 10,
        "soc": draw(st.floats(0, 100)),
        "soh": draw(st.floats(70, 115)),
        "demand": scenario(draw(st.sampled_from(sorted(SCENARIOS)))),
        "ambient": draw(st.floats(coldest, 45)),
        "hour": draw(st.floats(0, 23.9)),
        "sensors": sensors,
        "charger_voltage": draw(st.floats(3.4, 3.9)),
        "health": draw(st.none() | st.integers(1, 100)),
        "cycle_count": draw(st.integers(0, 6000)),
    }


@pytest.mark.slow
@given(seed=st.integers(0, 10_000), properties=packs())
@settings(max_examples=2)
def test_every_reading_of_some_hours_is_what_the_pack_measured(seed: int, properties: dict[str, Any]) -> None:
    live(seed, properties, seconds=3 * 3600)


@pytest.mark.slow
@given(seed=st.integers(0, 10_000), properties=packs())
@settings(max_examples=30)
def test_every_reading_of_some_hours_of_many_packs_is_what_they_measured(seed: int, properties: dict[str, Any]) -> None:
    live(seed, properties, seconds=3 * 3600)


@pytest.mark.slow
def test_every_reading_of_a_week_on_the_road_is_what_the_pack_measured() -> None:
    live(1, {"design_capacity": 200, "sensors": 4}, seconds=WEEK)


@pytest.mark.slow
@pytest.mark.timeout(300)
@given(seed=st.integers(0, 10_000), properties=packs())
@settings(max_examples=10)
def test_every_reading_of_a_week_is_what_the_pack_measured(seed: int, properties: dict[str, Any]) -> None:
    live(seed, properties, seconds=WEEK)
