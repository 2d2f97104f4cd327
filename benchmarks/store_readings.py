"""Realistic readings for the measurements of the store: the simulated pack at 1 Hz, with the noise of its sensors."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from bmsreader.model import Reading
from bmsreader.simulator.pack import Pack

START = datetime(2026, 3, 1, tzinfo=UTC)
CELL_NOISE = 0.7
"""mV, standard deviation: what a 1 mV converter shows of a cell that rests."""
BEAT = 8.0
"""ms, standard deviation of the moment at which an answer arrives."""


def day(cells: int, count: int, *, battery: str = "b1", seed: int = 1, step: int = 1) -> Iterator[tuple[Reading, int]]:
    """Yield readings a second, or ``step`` s, apart, each with the signal it was heard with.

    The pack changes every 5 s and measures without noise in between, so the noise is added here: independent for each
    cell and reading, one step of the current up or down now and then, the signal by 2 dB.
    """
    now = [0.0]
    dice = Random(seed)
    pack = Pack(clock=lambda: now[0], dice=Random(seed), cells=cells, sensors=2)
    for number in range(count):
        now[0] = float(number * step)
        measured = pack.measure()
        volts = tuple(round(level + dice.gauss(0, CELL_NOISE) / 1000, 3) for level in measured.cell_voltages)
        values = {**pack.values(), "cell_voltages": volts, "pack_voltage": round(sum(volts), 3)}
        if measured.current:
            values["current"] = round(measured.current + 0.1 * round(dice.gauss(0, 0.5)), 1)
        moment = START + timedelta(seconds=number * step, milliseconds=round(abs(dice.gauss(0, BEAT))))
        reading = Reading(
            battery=battery,
            taken_at=moment,
            protocol="ej",
            variant="status",
            derived=("pack_voltage",),
            notes=(),
            frames=(),
            **values,  # type: ignore[arg-type]
        )
        yield reading, -60 + round(dice.gauss(0, 2))


def bank(readings: list[tuple[Reading, int]], batteries: int) -> Iterator[list[tuple[Reading, int]]]:
    """Yield what a bank of packs says each second: the same life for all, begun at different hours."""
    shift = len(readings) // batteries
    for number in range(len(readings)):
        moment = readings[number][0].taken_at
        said = []
        for pack in range(batteries):
            reading, signal = readings[(number + pack * shift) % len(readings)]
            said.append((replace(reading, battery=f"b{pack}", taken_at=moment), signal))
        yield said
