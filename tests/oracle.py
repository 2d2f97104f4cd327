"""What no battery can be, written a second time: from the measured rules, not from the engine's."""

from collections.abc import Iterator

from bmsreader.model import Reading

FIRST, SECOND = "ej", "ej2"


def violations(reading: Reading) -> list[str]:
    """Return every plausibility rule that a reading breaks."""
    return [*_cells(reading), *_numbers(reading), *_capacities(reading), *_frames(reading)]


def _cells(reading: Reading) -> Iterator[str]:
    if reading.variant == "capacity":
        return
    living = sorted(volts for volts in reading.cell_voltages if volts > 0)
    dead = len(reading.cell_voltages) - len(living)
    if not living:
        yield "no living cell"
        return
    if living[0] < 1.5 or living[-1] > 4.5:
        yield "cell outside 1.5 to 4.5 V"
    if round(1000 * (living[-1] - living[0])) >= 1500:
        yield "cells 1.5 V apart"
    if dead > 1:
        yield "more than one dead cell"
    if (dead == 1) != ("dead_cell" in reading.alarms):
        yield "dead cell without alarm, or alarm without dead cell"


def _numbers(reading: Reading) -> Iterator[str]:
    if reading.current is not None and abs(reading.current) > 500:
        yield "more than 500 A"
    if any(not -40 <= celsius <= 125 for celsius in reading.temperatures):
        yield "temperature byte over 165"
    for name in ("soc", "health", "max_error"):
        value = getattr(reading, name)
        if value is not None and not 0 <= value <= 100:
            yield f"{name} outside 0 to 100 %"
    if reading.time_to_empty is not None and not (reading.current or 0) < 0:
        yield "time to empty without discharge"
    if reading.time_to_full is not None and not (reading.current or 0) > 0:
        yield "time to full without charge"


def _capacities(reading: Reading) -> Iterator[str]:
    soc, left = reading.soc, reading.remaining_capacity
    full, design = reading.full_charge_capacity, reading.design_capacity
    if full is None or design is None or left is None:
        return
    if full > 2 * design:
        yield "full over twice the design"
    if left > 1.3 * max(full, design) + 1e-9:
        yield "more left than fits"
    if soc is not None and full and reading.protocol == FIRST and abs(soc - 100 * left / full) > 15:
        yield "SOC disagrees with remaining / full"


def _frames(reading: Reading) -> Iterator[str]:
    for frame in reading.frames:
        payload = bytes.fromhex(frame[1:-1].decode("ascii"))
        if reading.protocol == FIRST and not (payload[0] == 0 and payload[1] in (0x82, 0x90)):
            yield "not an answer"
        if reading.protocol == FIRST and payload[1] == 0x82 and any(payload[44:46]) and any(payload[46:48]):
            yield "charge and discharge at once"
        if reading.protocol == SECOND and payload[3] == 0 and payload[66] != len(reading.cell_voltages):
            yield "announced number of cells differs"
