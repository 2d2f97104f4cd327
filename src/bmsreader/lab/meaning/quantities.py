"""How batteries send each value: in which types, scales and offsets, the usual ways first."""

from collections.abc import Iterator
from dataclasses import dataclass

from bmsreader.protocol.numbers import FLOATS

RARE = 3.0
"""Bits that it costs to take a way of sending that is seldom met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How a value may be sent, the usual way first."""

    types: tuple[str, ...]
    scales: tuple[float, ...]
    low: float
    high: float
    offsets: tuple[tuple[str, float, float], ...] = ()
    """More ways: (type, scale, offset)."""
    rare: tuple[tuple[str, float, float], ...] = ()
    """Ways that are seldom met, likewise."""
    whole: tuple[tuple[str, float, float], ...] = ()
    """Ways that are looked for only where whole numbers were typed, likewise: a display has no more digits."""

    def ways(self, *, whole: bool = False) -> Iterator[tuple[str, float, float]]:
        """Yield (type, scale, offset) of every way, the usual ones first; ``whole``: those of whole numbers, too."""
        yield from ((kind, scale, 0.0) for scale in self.scales for kind in self.types)
        yield from self.offsets
        yield from self.rare
        yield from self.whole if whole else ()

    def price(self, kind: str, scale: float, offset: float) -> float:
        """Return the bits that it costs to take this way."""
        return RARE if (kind, scale, offset) in (*self.rare, *self.whole) else 0.0


WORDS = ("u16", "u16-le", "u32", "u32-le")
ODD = ("u24", "u24-le", "u32-ws")
_SIGNED = ("i16", "i16-le", "i32", "i32-le", "sm16", "sm16-le", "sm32", "sm32-le", "i24", "i24-le", "i32-ws")
_FLOATS = tuple((kind, 1.0, 0.0) for kind in FLOATS)
_MILLI = (*_FLOATS, *((kind, 0.001, 0.0) for kind in FLOATS))
_MICRO = ("u32", "u32-le")
"""Words that may count millionths."""
PERCENT = Quantity(
    types=("u8",),
    scales=(1.0,),
    low=0,
    high=100,
    offsets=(
        *((kind, scale, 0.0) for scale in (1.0, 0.1, 0.01) for kind in WORDS),
        *_FLOATS,
        *((kind, scale, 0.0) for scale in (0.001, 1e-6) for kind in _MICRO),
    ),
    rare=(
        *((kind, 100.0, 0.0) for kind in FLOATS),  # a fraction of 1
        ("u8", 100 / 255, 0.0),  # of a byte
        *(("u8", scale, 0.0) for scale in (0.5, 0.4)),  # of 200, of 250
        *((kind, 100 / whole, 0.0) for whole in (0xFFFF, 255) for kind in WORDS[:2]),
    ),
)
_CAPACITY = Quantity(types=(*WORDS, *ODD), scales=(0.1, 0.01, 0.001, 1.0), low=0.5, high=2000, offsets=_MILLI)
_COLD = (-40.0, -50.0, -100.0)
_COLDER = (-10.0, -20.0, -30.0, -55.0)
QUANTITIES = {
    "pack_voltage": Quantity(
        types=(*WORDS, *ODD),
        scales=(0.01, 0.1, 0.001),
        low=2,
        high=200,
        offsets=(*_MILLI, *((kind, 1e-6, 0.0) for kind in _MICRO)),
        whole=(("u8", 1.0, 0.0),),
    ),
    "current": Quantity(
        types=_SIGNED,
        scales=(0.01, 0.1, 0.001, 1.0, -0.01, -0.1, -0.001, -1.0),
        low=-1000,
        high=1000,
        offsets=(
            *(
                (kind, sign * scale, -sign * scale * zero)
                for zero in (30000, 32768, 10000)
                for scale in (0.1, 0.01)
                for sign in (1, -1)
                for kind in ("u16", "u16-le")
            ),
            *((kind, sign * scale, 0.0) for kind, scale, _ in _MILLI for sign in (1, -1)),
            *((kind, sign * 1e-6, 0.0) for kind in ("i32", "i32-le") for sign in (1, -1)),
        ),
        whole=(("i8", 1.0, 0.0), ("i8", -1.0, 0.0)),
    ),
    "soc": PERCENT,
    "health": PERCENT,
    "remaining_capacity": _CAPACITY,
    "full_charge_capacity": _CAPACITY,
    "design_capacity": _CAPACITY,
    "cycle_count": Quantity(
        types=("u16", "u16-le", "u32", "u32-le", "u8"), scales=(1.0,), low=0, high=20000, offsets=_FLOATS
    ),
    "temperatures": Quantity(
        types=("i8",),
        scales=(1.0,),
        low=-40,
        high=120,
        offsets=(
            ("u8", 1.0, -40.0),
            ("u16", 0.1, -273.15),
            ("u16-le", 0.1, -273.15),
            ("i16", 0.1, 0.0),
            ("i16-le", 0.1, 0.0),
            ("i16", 1.0, 0.0),
            ("i16-le", 1.0, 0.0),
            *(("u8", 1.0, offset) for offset in _COLD[1:]),
            *((kind, 1.0, -40.0) for kind in ("u16", "u16-le")),
            *((kind, 0.1, offset) for offset in (-40.0, -50.0, -100.0) for kind in ("u16", "u16-le")),
            *((kind, 0.01, 0.0) for kind in ("i16", "i16-le")),
            *((kind, 1.0, -273.0) for kind in ("u16", "u16-le")),
            *(("u8", 1.0, offset) for offset in (-20.0, -30.0)),
            ("u8", 0.5, -40.0),
            *_FLOATS,
            *((kind, 5 / 9, -160 / 9) for kind in ("u8", "i16", "i16-le", "f32")),  # degrees Fahrenheit
        ),
        rare=(
            ("sm8", 1.0, 0.0),
            *((kind, scale, 0.0) for scale in (0.1, 1.0) for kind in ("sm16", "sm16-le")),
            *(("u8", 1.0, offset) for offset in (-10.0, -55.0)),
            *((kind, 0.1, offset) for offset in _COLDER for kind in WORDS[:2]),
            *((kind, 1.0, offset) for offset in (*_COLDER, *_COLD[1:]) for kind in WORDS[:2]),
            *((kind, 0.01, -273.15) for kind in WORDS[:2]),
            *((kind, 5 / 90, -160 / 9) for kind in ("i16", "i16-le")),
            *(("u8", 5 / 9, offset * 5 / 9 - 160 / 9) for offset in _COLD),
        ),
    ),
}
"""How batteries send each value."""
