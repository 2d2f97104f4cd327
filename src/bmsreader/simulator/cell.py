"""One LiFePO4 cell: how much charge is in it, and the voltage that follows from that."""

from bisect import bisect_right

OPEN_CIRCUIT = (
    (-0.05, 1.60), (-0.01, 2.10), (0.0, 2.50), (0.005, 2.80), (0.01, 2.90), (0.02, 3.00), (0.05, 3.12),
    (0.10, 3.20), (0.15, 3.225), (0.20, 3.245), (0.30, 3.270), (0.40, 3.288), (0.50, 3.293), (0.60, 3.302),
    (0.70, 3.325), (0.80, 3.332), (0.90, 3.335), (0.95, 3.342), (0.98, 3.365), (0.99, 3.42), (0.995, 3.48),
    (1.0, 3.60), (1.01, 3.75), (1.05, 4.20),
)  # fmt: skip
"""(state of charge, V at rest): long and flat, steep at both ends. Typical of LiFePO4 at 25 degrees Celsius."""

RESISTANCE = 0.12
"""Ohm x Ah: a 100 Ah cell has 1.2 milliohm with its polarisation, and sags by 120 mV at 100 A."""

COLD = 0.02
"""How much the resistance grows for each degree below 25 degrees Celsius."""

_GRID = 2000
"""Points per full charge; every corner of the curve above lies on one."""
_FIRST = round(OPEN_CIRCUIT[0][0] * _GRID)
_LAST = round(OPEN_CIRCUIT[-1][0] * _GRID)


def _interpolated(soc: float) -> float:
    right = min(max(bisect_right(OPEN_CIRCUIT, (soc, 9.0)), 1), len(OPEN_CIRCUIT) - 1)
    (low, v_low), (high, v_high) = OPEN_CIRCUIT[right - 1 : right + 1]
    return v_low + (v_high - v_low) * (soc - low) / (high - low)


_CURVE = tuple(_interpolated(point / _GRID) for point in range(_FIRST, _LAST + 1))
_END = len(_CURVE) - 1.001


def open_circuit_voltage(soc: float) -> float:
    """Return the voltage at rest (V) for a state of charge from 0 to 1; a little beyond both ends it goes on."""
    position = soc * _GRID - _FIRST
    if not 0.0 <= position <= _END:
        position = 0.0 if position < 0.0 else _END
    point = int(position)
    here = _CURVE[point]
    return here + (_CURVE[point + 1] - here) * (position - point)


class Cell:
    """A cell with its own capacity and resistance: no two are alike."""

    __slots__ = ("capacity", "charge", "curve", "resistance")

    def __init__(self, *, capacity: float, charge: float, resistance: float, curve: float = 1.0) -> None:
        self.capacity = capacity
        """Ah."""
        self.charge = charge
        """Ah in it now."""
        self.resistance = resistance
        """Ohm at 25 degrees Celsius."""
        self.curve = curve
        """How its voltage differs from the typical one: below 1 it is higher when nearly empty, above 1 lower."""

    @property
    def at_rest(self) -> float:
        """V without current."""
        soc = self.charge / self.capacity
        return open_circuit_voltage(soc if self.curve == 1 or soc <= 0 else soc**self.curve)
