"""Alarms and switches change only when two successive readings agree."""

from dataclasses import replace

from bmsreader.model.reading import Reading

SWITCHES = ("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "heater")


class Debounce:
    """Hold back what a single frame says of alarms, switches and the number of cells, until the next one agrees.

    Status glitches with a right checksum are real: 1 of 540 genuine frames said that every switch is off while 6.8 A
    flowed. The number of cells is settled in the same way, so that a cell that dies keeps its place.
    """

    def __init__(self, *, cells: int = 0) -> None:
        self.cells = cells
        """Cells that the pack is known to have."""
        self._before: dict[str, bool | None] | None = None
        self._settled: dict[str, bool | None] = {}
        self._cells_before = 0

    def take(self, reading: Reading) -> bool:
        """Learn from the next reading; return whether anything in it still waits for confirmation."""
        now = _states(reading)
        before = self._before
        self._before = now
        count = len(reading.cell_voltages)
        if count == self._cells_before:
            self.cells = max(self.cells, count)
        self._cells_before = count
        if before is None and not _is_ordinary(reading):
            self._settled = dict.fromkeys(SWITCHES)
            return True
        for name in {*now, *(before or {}), *self._settled}:
            state = now.get(name, False)
            if before is None or state == before.get(name, False):
                self._settled[name] = state
        return any(self._settled.get(name, False) != now.get(name, False) for name in {*now, *self._settled})

    def settled(self, reading: Reading) -> Reading:
        """Return the reading with alarms and switches as two successive readings agreed on."""
        settled = self._settled
        if settled == _states(reading):
            return reading
        return replace(
            reading,
            alarms=tuple(sorted(name for name, state in settled.items() if name not in SWITCHES and state)),
            charge_switch=settled.get("charge_switch"),
            discharge_switch=settled.get("discharge_switch"),
            charge_enabled=settled.get("charge_enabled"),
            discharge_enabled=settled.get("discharge_enabled"),
            heater=settled.get("heater"),
        )


def _states(reading: Reading) -> dict[str, bool | None]:
    states: dict[str, bool | None] = {name: getattr(reading, name) for name in SWITCHES}
    return states | dict.fromkeys(reading.alarms, True)


def _is_ordinary(reading: Reading) -> bool:
    """Return whether a first reading raises nothing: no alarm, and no switch that is off."""
    switches = (getattr(reading, name) for name in SWITCHES if name != "heater")
    return not reading.alarms and all(state is not False for state in switches)
