"""Single numbers are held against what was typed."""

from struct import pack

import pytest

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.scalars import Place, Table, matches, zeroed
from bmsreader.lab.meaning.series import Series, Word


def test_floats_are_sent_in_one_way() -> None:
    payloads = tuple(pack(">ff", 13.25 + n, 50.0 + n) for n in range(3))
    table = Table(Series(times=(0.0, 1.0, 2.0), payloads=payloads, size=8), ())
    table.settle("f32")

    assert [word.at for word in table.words("f32")] == [0, 4]
    assert table.words("f32-ws") == []


def table(*labels: str, values: dict[int, bytes]) -> Table:
    """Payloads of 8 bytes at some seconds, and what was typed."""
    series = Series(times=tuple(map(float, values)), payloads=tuple(values.values()), size=8)
    return Table(series, [parse_label(label) for label in labels])


def frame(current: int, voltage: int, percent: int) -> bytes:
    return bytes((0xAB,)) + (30000 + current).to_bytes(2) + voltage.to_bytes(2) + bytes((percent, 0xCD, 0xEE))


THREE = {0: frame(0, 1312, 77), 60: frame(-123, 1287, 76), 120: frame(201, 1344, 79)}
TYPED = ("0: 13.12V 0.0A 77%", "60: 12.87V -12.3A 76%", "120: 13.44V 20.1A 79%")


@pytest.mark.parametrize(
    ("name", "at", "kind", "scale", "offset"),
    [
        ("pack_voltage", 3, "u16", 0.01, 0),
        ("current", 1, "u16", 0.1, -3000),
        ("soc", 5, "u8", 1, 0),
    ],
)
def test_three_moments_find_a_value(name: str, at: int, kind: str, scale: float, offset: float) -> None:
    best = matches(table(*TYPED, values=THREE), name, frozenset(), little=None)[0].place

    assert (best.word, best.scale) == (Word(at=at, type=kind), scale)
    assert best.offset == pytest.approx(offset)


def test_one_moment_alone_is_not_sure() -> None:
    found = matches(table(TYPED[1], values=THREE), "soc", frozenset(), little=None)

    assert found[0].bits < 20


def test_taken_bytes_are_left_alone() -> None:
    found = matches(table(*TYPED, values=THREE), "pack_voltage", frozenset((3,)), little=None)

    assert all(3 not in match.place.offsets for match in found)


def test_nothing_is_found_where_nothing_was_typed() -> None:
    assert matches(table(values=THREE), "soc", frozenset(), little=None) == []


def test_a_place_reads_its_value() -> None:
    place = Place(name="current", word=Word(at=1, type="u16"), scale=0.1, offset=-3000)

    assert place.values(table(values=THREE).series) == pytest.approx((0, -12.3, 20.1))


ODD = (
    ("current", (300000 - 2140).to_bytes(4), (300000 + 1520).to_bytes(4), "u32", 0.01, -3000.0),
    ("current", (250000 + 2140).to_bytes(3, "little"), (250000 - 1520).to_bytes(3, "little"), "u24-le", -0.01, 2500.0),
    ("soc", pack(">f", 0.214), pack(">f", 0.152), "f32", 100.0, 0.0),
    ("soc", b"\x37", b"\x27", "u8", 100 / 255, 0.0),
)


@pytest.mark.parametrize(("name", "one", "other", "kind", "scale", "offset"), ODD)
def test_forms_that_are_seldom_met_are_found(
    name: str, one: bytes, other: bytes, kind: str, scale: float, offset: float
) -> None:
    payloads = {60: b"\x07" + one.ljust(7, b"\xee"), 120: b"\x07" + other.ljust(7, b"\xee")}
    known = table("60: -21.4A 21.4%", "120: 15.2A 15.2%", values=payloads)

    found = matches(known, name, frozenset(), little=None)
    if name == "current":
        found += matches(known, name, frozenset(), little=None, places=zeroed(known))

    best = max(found, key=lambda match: match.bits).place
    assert (best.word, best.scale) == (Word(at=1, type=kind), scale)
    assert best.offset == pytest.approx(offset)


def test_one_typed_current_does_not_tell_of_thousandths_which_round_number_is_their_zero() -> None:
    """Some thousand is always so near; a second current that fits with the same one is no chance."""
    values = {0: (65010).to_bytes(2) + bytes(6), 60: (62010).to_bytes(2) + bytes(6)}

    one = Place(name="current", word=Word(at=0, type="u16"), scale=0.001, offset=-65.0)
    assert one not in list(zeroed(table("0: 0.0A", values=values)))
    assert one in list(zeroed(table("0: 0.0A", "60: -3.0A", values=values)))


def test_charge_and_discharge_may_stand_far_apart_in_text() -> None:
    payloads = tuple(a.to_bytes(2) + bytes(46) + b.to_bytes(2) for a, b in ((0, 0), (45, 0), (0, 79)))
    series = Series(
        times=(0.0, 60.0, 120.0), payloads=payloads, size=50, legal=frozenset({(0, "u16"), (24, "u16"), (48, "u16")})
    )
    told = Table(series, [parse_label("0: 0A"), parse_label("60: 45A"), parse_label("120: -79A")])

    best = matches(told, "current", frozenset(), little=None)[0].place

    assert best.minus is not None
    assert (best.word.at, best.minus.at) == (0, 48)
