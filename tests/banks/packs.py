"""Packs and banks for tests."""

from typing import Any

from hypothesis import strategies as st

from bmsreader.banks import Bank, Outcome, Pack
from bmsreader.model import Reading
from bmsreader.model.arrangement import Arrangement, Joint, parse_arrangement
from tests.contributed import TAKEN_AT

LETTERS = "abcdefghijklmnop"
NESTED = "series(parallel(a, b), parallel(c, d))"


def said(**values: Any) -> Reading:
    """Return what a pack of 200 Ah says that is half full and gives 10 A."""
    usual: dict[str, Any] = {
        "battery": "02:00:07:00:15:44",
        "taken_at": TAKEN_AT,
        "protocol": "ej",
        "variant": "status",
        "pack_voltage": 13.2,
        "current": -10.0,
        "soc": 50.0,
        "remaining_capacity": 100.0,
        "full_charge_capacity": 200.0,
        "design_capacity": 200.0,
        "cell_voltages": (3.3, 3.3, 3.3, 3.3),
        "temperatures": (21.0,),
        "cycle_count": 12,
        "time_to_empty": None,
        "time_to_full": None,
        "health": None,
        "max_error": None,
        "alarms": (),
        "charge_switch": True,
        "discharge_switch": True,
        "charge_enabled": None,
        "discharge_enabled": None,
        "heater": None,
        "derived": (),
        "notes": (),
        "frames": (),
    }
    return Reading(**(usual | values))


def filled(soc: float, *, capacity: float = 200.0, **values: Any) -> Reading:
    """Return what a pack says that is as full as this, %."""
    remaining = capacity * soc / 100
    return said(
        soc=soc,
        remaining_capacity=remaining,
        full_charge_capacity=capacity,
        design_capacity=capacity,
        **values,
    )


def arranged(text: str) -> Arrangement:
    """Return an arrangement of batteries with names of one letter."""
    return parse_arrangement(text, {letter: letter for letter in LETTERS})


def told(text: str, /, **readings: Reading | None) -> Outcome:
    """Return what a bank says; a pack that is not named is half full, and one that is None is not seen."""
    arrangement = arranged(text)
    packs = [Pack(slug=slug, reading=readings.get(slug, said()), capacity=200.0, cells=4) for slug in arrangement.packs]
    return Bank(arrangement, battery="bank:house").evaluate(packs, taken_at=TAKEN_AT)


@st.composite
def arrangements(draw: st.DrawFn, *, most: int = 8) -> Arrangement:
    """Give arrangements of two packs up to so many, as they come from a text that was parsed."""
    count = draw(st.integers(2, most))
    groups = list(LETTERS[:count])
    while len(groups) > 1:
        size = draw(st.integers(2, len(groups)))
        start = draw(st.integers(0, len(groups) - size))
        word = draw(st.sampled_from(["series", "parallel"]))
        groups[start : start + size] = [f"{word}({', '.join(groups[start : start + size])})"]
    return arranged(groups[0])


def is_well_formed(arrangement: Arrangement) -> bool:
    """Return whether each pack and each joint but the last has one place, and parts stand before their joint."""
    used = [part for joint in arrangement.joints for part in joint.parts]
    whole = len(arrangement.packs) + len(arrangement.joints)
    in_order = all(
        part < len(arrangement.packs) + number
        for number, joint in enumerate(arrangement.joints)
        for part in joint.parts
    )
    return sorted(used) == list(range(whole - 1)) and in_order


__all__ = ["LETTERS", "NESTED", "Joint", "arranged", "arrangements", "filled", "is_well_formed", "said", "told"]
