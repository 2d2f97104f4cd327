"""The library's decoding, as a program that has bytes uses it."""

from datetime import UTC, datetime

import bmsreader
from bmsreader.model import Reading
from bmsreader.session.shipped import codecs, decode, explain
from tests.answers import CHARGING, NOVA


def test_bytes_become_a_reading() -> None:
    reading = decode(CHARGING)

    assert isinstance(reading, Reading)
    assert reading.cell_voltages == (3.257, 3.258, 3.259, 3.254)


def test_the_time_defaults_to_now_and_can_be_given() -> None:
    now, then = datetime.now(UTC), datetime(2020, 1, 1, tzinfo=UTC)
    first, second = decode(CHARGING), decode(CHARGING, taken_at=then)

    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    assert (first.taken_at >= now, second.taken_at) == (True, then)


def test_every_field_of_a_reading_can_be_explained() -> None:
    reading = decode(CHARGING)
    assert isinstance(reading, Reading)
    explained = {field.name: field for field in explain(reading)}

    assert explained["temperatures"].raw == (0x3D, 0x3D, 0x3D, 0x3D)
    assert (explained["time_to_go"].raw, explained["time_to_go"].evidence) == (4982, "vendor")


def test_the_package_offers_it_at_the_top() -> None:
    assert bmsreader.decode is decode
    assert isinstance(bmsreader.decode(NOVA), bmsreader.Reading)


def test_all_shipped_descriptions_are_tried() -> None:
    assert [codec.id for codec in codecs()] == ["ej", "ej2"]
