"""Rules for check values on which two frames agree: the sieve before all frames judge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bmsreader.lab.checks.places import GAPS, SHORTEST, STARTS, Place, Summed
from bmsreader.lab.checks.sums import CUTTABLE, FUNCTIONS, OTHERS
from bmsreader.protocol.crc import CATALOGUE, Crc

FIRST_CRCS = ("crc16-modbus",)
"""Tried with the everyday sums."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule that two frames agree on."""

    name: str
    place: Place
    start: int
    gap: int
    constant: int = 0


@dataclass(frozen=True, slots=True)
class _Stand:
    """A place with what stands there in both frames, and where the place begins."""

    place: Place
    values: tuple[int, int]
    begins: tuple[int, int]


def everyday(one: bytes, other: bytes, where: Sequence[Place]) -> Iterator[Trial]:
    """Yield the sums, XORs and Modbus CRCs that both frames obey, with a free constant where they need one."""
    stands = _stands(one, other, where)
    yield from _sums(Summed(one), Summed(other), stands)
    yield from _crcs([CATALOGUE[name] for name in FIRST_CRCS], one, other, stands)


def others(one: bytes, other: bytes, where: Sequence[Place]) -> Iterator[Trial]:
    """Yield everything else that both frames obey."""
    stands = _stands(one, other, where)
    yield from _crcs([crc for name, crc in CATALOGUE.items() if name not in FIRST_CRCS], one, other, stands)
    yield from _functions(one, other, stands)


def _stands(one: bytes, other: bytes, where: Sequence[Place]) -> list[_Stand]:
    found = []
    for place in where:
        values = place.value(one), place.value(other)
        if values[0] is not None and values[1] is not None:
            found.append(_Stand(place, (values[0], values[1]), (place.begin(one), place.begin(other))))
    return found


def _sums(one: Summed, other: Summed, stands: Sequence[_Stand]) -> Iterator[Trial]:
    sums, sums2, same = one.sums, other.sums, one.data == other.data
    for stand in stands:
        (value, value2), mask = stand.values, (1 << 8 * stand.place.width) - 1
        bits = stand.place.width * 8
        for gap in GAPS:
            end, end2 = stand.begins[0] - gap, stand.begins[1] - gap
            for start in range(min(len(STARTS), end - SHORTEST + 1, end2 - SHORTEST + 1)):
                total, total2 = sums[end] - sums[start], sums2[end2] - sums2[start]
                constant = value - total & mask
                if constant == value2 - total2 & mask and not (same and constant):
                    yield Trial(f"sum{bits}", stand.place, start, gap, constant)
                constant = value + total & mask
                if constant == value2 + total2 & mask:
                    if constant == mask:
                        yield Trial(f"not-sum{bits}", stand.place, start, gap)
                    elif not (same and constant):
                        yield Trial(f"neg-sum{bits}", stand.place, start, gap, constant)
                if bits == 8:
                    yield from _xors(one, other, stand, start, gap)


def _xors(one: Summed, other: Summed, stand: _Stand, start: int, gap: int) -> Iterator[Trial]:
    end, end2 = stand.begins[0] - gap, stand.begins[1] - gap
    constant = stand.values[0] ^ one.xors[end] ^ one.xors[start]
    if constant == stand.values[1] ^ other.xors[end2] ^ other.xors[start]:
        if constant == 0xFF:
            yield Trial("not-xor8", stand.place, start, gap)
        elif not (one.data == other.data and constant):
            yield Trial("xor8", stand.place, start, gap, constant)


_Wanted = dict[int, dict[int, list[tuple[_Stand, int, int]]]]
"""By end in the first frame, by bits and value: stand, gap, end in the second frame."""


def _wanted(stands: Sequence[_Stand]) -> _Wanted:
    wanted: _Wanted = {}
    for stand in stands:
        for gap in GAPS:
            end, end2 = stand.begins[0] - gap, stand.begins[1] - gap
            if min(end, end2) >= SHORTEST:
                key = stand.place.width * 8 << 32 | stand.values[0]
                wanted.setdefault(end, {}).setdefault(key, []).append((stand, gap, end2))
    return wanted


def _crcs(crcs: Sequence[Crc], one: bytes, other: bytes, stands: Sequence[_Stand]) -> Iterator[Trial]:
    wanted = _wanted(stands)
    if not wanted:
        return
    ends = range(min(wanted), max(wanted) + 1)
    by_end = [wanted.get(end, {}) for end in ends]
    for crc in crcs:
        cuts = [(name, shift, bits) for name, (_, shift, bits) in CUTTABLE[crc.name].items()]
        keyed = [(name, shift, (1 << bits) - 1, bits << 32) for name, shift, bits in cuts]
        for start in STARTS:
            for end, value, there in zip(ends, crc.prefixes(one, start, ends), by_end, strict=True):
                if end - start < SHORTEST:
                    continue
                for name, shift, mask, bits in keyed:
                    hits = there.get(bits | value >> shift & mask)
                    if hits:
                        yield from _confirmed(name, start, hits, other)


def _functions(one: bytes, other: bytes, stands: Sequence[_Stand]) -> Iterator[Trial]:
    for end, there in _wanted(stands).items():
        for start in range(min(len(STARTS), end - SHORTEST + 1)):
            for whole, function in OTHERS.items():
                value = function.compute(one[start:end])
                for name, (_, shift, bits) in CUTTABLE[whole].items():
                    hits = there.get(bits << 32 | value >> shift & (1 << bits) - 1)
                    if hits:
                        yield from _confirmed(name, start, hits, other)


def _confirmed(name: str, start: int, hits: Sequence[tuple[_Stand, int, int]], other: bytes) -> Iterator[Trial]:
    compute = FUNCTIONS[name].compute
    for stand, gap, end2 in hits:
        if end2 - start >= SHORTEST and compute(other[start:end2]) == stand.values[1]:
            yield Trial(name, stand.place, start, gap)
