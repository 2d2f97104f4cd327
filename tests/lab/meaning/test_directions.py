"""A current may say its direction elsewhere: in the upper bits of its word, or in another byte."""

from collections.abc import Sequence

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.directions import directed
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Series, Word

LABELS = ("0: 0.0A", "60: -12.5A", "120: 7.3A", "180: -3.1A")


def table(payloads: Sequence[bytes], labels: Sequence[str] = LABELS) -> Table:
    times = tuple(60.0 * number for number in range(len(payloads)))
    series = Series(times=times, payloads=tuple(payloads), size=len(payloads[0]))
    return Table(series, [parse_label(label) for label in labels])


def test_the_upper_bits_of_a_word_may_say_the_direction() -> None:
    payloads = [b"\x01" + raw.to_bytes(2) + b"\x02" for raw in (0, 0x8000 | 125, 0x4000 | 73, 0x8000 | 31)]

    assert list(directed(table(payloads), frozenset())) == [
        Place(name="current", word=Word(at=1, type="u16"), scale=0.1, mask=0x3FFF, sign=(1, 0xC0, 0x80))
    ]


def test_another_byte_may_say_the_direction() -> None:
    pairs = ((0, 0), (1250, 2), (730, 1), (310, 2))
    payloads = [b"\x55" + raw.to_bytes(2, "little") + b"\x10" + bytes([state]) for raw, state in pairs]

    assert [place for place in directed(table(payloads), frozenset()) if not place.mask] == [
        Place(name="current", word=Word(at=1, type="u16-le"), scale=0.01, sign=(4, 0xFF, 2))
    ]


def test_one_direction_alone_tells_nothing_of_another_byte() -> None:
    payloads = [b"\x55" + raw.to_bytes(2) + bytes([raw & 1]) for raw in (0, 125, 73, 31)]
    labels = ("0: 0.0A", "60: -12.5A", "120: -7.3A", "180: -3.1A")

    assert list(directed(table(payloads, labels), frozenset())) == []


def test_a_current_that_only_charges_needs_no_sign() -> None:
    payloads = [b"\x55" + raw.to_bytes(2) for raw in (0, 125, 73, 31)]

    assert list(directed(table(payloads, ("60: 12.5A", "120: 7.3A")), frozenset())) == []
