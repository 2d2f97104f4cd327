"""What a radio promises: the real one and the simulated one offer the same."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from bmsreader.links.bluetooth import BluetoothRadio
from bmsreader.links.radio import Heard, Radio
from bmsreader.simulator.radio import SimulatedRadio

MADE: dict[str, Callable[[], Radio]] = {"bluetooth": BluetoothRadio, "simulated": lambda: SimulatedRadio([])}
"""The type checker holds both against the protocol."""
PROMISED = [name for name in vars(Radio) if inspect.isfunction(getattr(Radio, name)) and name != "__init__"]


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("promise", [name for name in PROMISED if not name.startswith("_")])
def test_a_radio_can_do_what_is_promised(kind: str, promise: str) -> None:
    offered: Any = getattr(MADE[kind](), promise)
    wanted: Any = getattr(Radio, promise)

    assert list(inspect.signature(offered).parameters) == list(inspect.signature(wanted).parameters)[1:]
    assert inspect.iscoroutinefunction(offered) == inspect.iscoroutinefunction(wanted)


def test_who_is_heard_need_not_have_a_name() -> None:
    heard = Heard(address="02:00:07:00:00:01", name=None, signal=-70, age=0.0, adapter="hci0")

    assert (heard.name, heard.manufacturer_ids) == (None, ())
