"""Simulated batteries for tests: instant, at a time that stands still, and the same on every run."""

from random import Random
from typing import Any

from bmsreader.descriptions import load
from bmsreader.simulator import Battery, Faults, Pack, Steady
from tests.clock import START, Clock

STATUS = b":000250000E03~"
CAPACITY = b":001031000E05~"


def a_pack(**properties: Any) -> Pack:
    """Return a pack of 100 Ah that discharges 10 A, unless the properties say otherwise."""
    fixed = {"clock": Clock(), "dice": Random(7), "demand": Steady(rate=-0.1)}
    return Pack(**{**fixed, **properties})


def a_battery(protocol: str = "ej", *, pack: Pack | None = None, faults: str = "", **properties: Any) -> Battery:
    """Return an instant battery; ``faults`` as the owner would write them."""
    fixed = {"codec": load(protocol), "dice": Random(11), "instant": True, "faults": Faults.parse(faults)}
    return Battery(pack or a_pack(), **{**fixed, **properties})


def answer(battery: Battery, request: bytes = STATUS) -> bytes:
    """Return all bytes of an answer."""
    return b"".join(chunk for _, chunk in battery.answer(request))


def decoded(battery: Battery, *frames: bytes) -> Any:
    """Return the reading, or the rejection, that frames of this battery decode to."""
    return battery.codec.decode(frames, battery="test", taken_at=START)
