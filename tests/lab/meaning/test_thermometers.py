"""Temperatures, and the sensors beside the first."""

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Series, Word
from bmsreader.lab.meaning.thermometers import by_labels, by_sight


def table(payload: bytes, *labels: str) -> Table:
    series = Series(times=(0.0, 60.0), payloads=(payload, payload), size=len(payload))
    return Table(series, [parse_label(label) for label in labels])


def test_tenths_of_a_kelvin_are_recognised_at_sight() -> None:
    payload = b"\x00\x11" + (2941).to_bytes(2) + (2953).to_bytes(2) + (2987).to_bytes(2) + b"\xff\xee"

    found = by_sight(table(payload), frozenset())

    assert found is not None
    assert (found.value.word, found.value.count) == (Word(at=2, type="u16"), 3)


def test_the_sensors_that_show_all_typed_temperatures_are_best() -> None:
    one = table(bytes((61, 9, 9, 61, 64, 0)), "0: 21C 24C")  # 21 degrees at byte 0, too
    found = by_labels(one, frozenset(), little=None)

    assert (found[0].finding.value.word.at, found[0].finding.value.count) == (3, 2)
    assert {value for _, value in found[0].shown} == {21.0, 24.0}


def test_a_byte_that_is_half_of_a_word_is_no_sensor() -> None:
    series = Series(
        times=(0.0, 60.0), payloads=(b"\x77" + (-3).to_bytes(2, "little", signed=True), b"\x77\x05\x00"), size=3
    )
    found = by_labels(Table(series, [parse_label("0: -3C"), parse_label("60: 5C")]), frozenset(), little=None)

    assert found[0].finding.value.word == Word(at=1, type="i16-le")


def moments(payloads: tuple[bytes, ...], *labels: str) -> Table:
    series = Series(times=tuple(60.0 * n for n in range(len(payloads))), payloads=payloads, size=len(payloads[0]))
    return Table(series, [parse_label(label) for label in labels])


def test_a_byte_beside_the_sensors_that_was_never_typed_is_no_sensor() -> None:
    one = moments((bytes((35, 13, 14, 99)), bytes((35, 14, 16, 99))), "0: 13C 14C", "60: 14C 16C")
    found = by_labels(one, frozenset(), little=None)

    assert (found[0].finding.value.word.at, found[0].finding.value.count) == (1, 2)


def test_sensors_three_bytes_apart_are_found_by_what_was_typed() -> None:
    rows = [(20, 21, 21), (22, 22, 22)]
    payloads = tuple(b"".join(bytes((0x80 + n, 0, warm)) for n, warm in enumerate(row)) for row in rows)
    found = by_labels(moments(payloads, "0: 20C 21C", "60: 22C"), frozenset(), little=None)

    place = found[0].finding.value
    assert (place.words[0].offsets.stop, place.count, place.step) == (3, 3, 3)


def test_whole_degrees_are_shown_as_they_are() -> None:
    """Byte 0 is a degree off the typed one; 44 and 46 are 24 and 26 degrees with an offset of 20."""
    one = moments((bytes((25, 44, 46)), bytes((25, 44, 47))), "0: 24C 26C", "60: 24C 27C")
    place = by_labels(one, frozenset(), little=None)[0].finding.value

    assert (place.word.at, place.offset, place.count) == (1, -20.0, 2)


def test_a_sign_beside_a_number_is_no_sensor() -> None:
    payloads = tuple(b"\x07\x09" + value.to_bytes(2, "little", signed=True) + b"\x55" for value in (-1, -1, 0, 2))
    found = by_labels(moments(payloads, "0: -1C", "60: -1C", "120: 0C", "180: 2C"), frozenset(), little=None)

    assert found[0].finding.value.word == Word(at=2, type="i16-le")


def test_a_sensor_that_has_a_name_shows_what_was_typed_of_it_at_every_moment() -> None:
    """Byte 0 shows T1 first and then the MOSFET: it is neither."""
    one = moments((bytes((30, 9, 30, 35)), bytes((44, 9, 31, 44))), "0: T1=30C mosfet=35C", "60: T1=31C mosfet=44C")
    found = by_labels(one, frozenset(), little=None)

    assert [(group.finding.value.word.at, group.finding.value.count) for group in found] == [(2, 2)]


def test_sensors_of_which_all_but_one_were_typed_only_once_are_found_by_their_row() -> None:
    """A byte that shows one typed temperature is chance; four side by side that show four are not."""
    rest, warm = bytes((200, 27, 28, 30, 40, 0, 31)), bytes((200, 29, 31, 34, 43, 0, 31))
    found = by_labels(moments((rest, warm), "0: 27C", "60: 29C 31C 34C 43C"), frozenset(), little=None)

    assert [(group.finding.value.word.at, group.finding.value.count) for group in found] == [(1, 4)]
    assert not found[0].finding.sure


def test_a_second_row_must_show_what_the_first_does_not() -> None:
    """Tenths of a kelvin in two places; the typed temperatures of the second were typed at one moment only."""
    rows = [(2881, 2886, 0, 0, 2924, 3005), (2903, 2908, 0, 0, 2948, 3029)]
    rest, warm = (b"".join(word.to_bytes(2) for word in row) for row in rows)
    found = by_labels(moments((rest, warm), "0: 15C", "60: 17C 18C 22C 30C"), frozenset(), little=None)

    assert [(group.finding.value.word.at, group.finding.value.count) for group in found] == [(0, 2), (8, 2)]


def test_a_number_that_never_moves_is_no_sensor_beside_those_that_do() -> None:
    """280 Ah, in front of two sensors, reads as 28.0 degrees."""
    rows = [(280, 230 + n, 250 + n) for n in (0, 10, 20, 32)]
    payloads = [b"V" + b"".join(word.to_bytes(2) for word in row) for row in rows]
    series = Series(times=(0.0, 60.0, 120.0, 180.0), payloads=tuple(payloads), size=8)
    labels = [parse_label(text) for text in ("0: 23C", "180: 26C 28C")]
    found = by_labels(Table(series, labels), frozenset(), little=None)

    assert [(group.finding.value.word.at, group.finding.value.count) for group in found] == [(4, 2)]


def test_where_each_cell_has_a_record_each_has_a_sensor_even_if_two_were_typed() -> None:
    def records(*warm: int) -> bytes:
        return b"".join((3300 + n).to_bytes(2) + bytes((degrees, 90 + n)) for n, degrees in enumerate(warm))

    cells = Place(name="cell_voltages", word=Word(at=0, type="u16"), scale=0.001, count=4, step=4)
    one = moments((records(20, 22, 26, 24), records(22, 25, 29, 26)), "0: 20C 22C", "60: 22C 25C")
    found = by_labels(one, cells.offsets, little=None, cells=cells)

    place = found[0].finding.value
    assert (place.word.at, place.count, place.step) == (2, 4, 4)


def test_tenths_of_a_degree_that_never_move_are_hardly_a_temperature() -> None:
    still = by_labels(moments((b"\x0c\x01",) * 40, "0: 27C"), frozenset(), little=None)
    moving = by_labels(moments((b"\x0c\x01", b"\x0d\x01") * 20, "0: 27C"), frozenset(), little=None)

    assert still[0].finding.bits < 3 < moving[0].finding.bits


def test_text_holds_no_temperatures() -> None:
    serial = b"\x01SN:9263171110\x01"

    assert by_labels(moments((serial, serial), "0: 17C 14C", "60: 17C 15C"), frozenset(), little=None) == []


def test_what_was_heard_once_shows_nothing_of_several_moments() -> None:
    one = moments((b"\x15\x16\x17",), "0: 21C 22C", "60: 22C 23C")

    assert by_labels(one, frozenset(), little=None) == []
