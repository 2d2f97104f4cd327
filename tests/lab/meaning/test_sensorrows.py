"""Sensors side by side: what is as warm as its neighbour, and moves like it."""

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.degrees import typed_in
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.sensorrows import widened
from bmsreader.lab.meaning.series import Series, Word


def table(payload: bytes, *labels: str) -> Table:
    series = Series(times=(0.0, 60.0), payloads=(payload, payload), size=len(payload))
    return Table(series, [parse_label(label) for label in labels])


def test_neighbours_that_are_as_warm_are_sensors_too() -> None:
    place = Place(name="temperatures", word=Word(at=2, type="u8"), offset=-40.0)  # the first of two

    wide = widened(table(bytes((200, 61, 62, 63, 0, 9))), place, frozenset())

    assert (wide.word.at, wide.count) == (1, 3)


def test_sensors_between_other_numbers_are_found_by_their_step() -> None:
    row = b"".join((3300 + n).to_bytes(2) + (2941 + 3 * n).to_bytes(2) for n in range(4))
    place = Place(name="temperatures", word=Word(at=2, type="u16"), scale=0.1, offset=-273.15)

    wide = widened(table(row + b"\0\0"), place, frozenset())

    assert (wide.word.at, wide.count, wide.step) == (2, 4, 4)


def test_their_number_in_front_says_how_many_there_are() -> None:
    place = Place(name="temperatures", word=Word(at=2, type="u8"), offset=-40.0)

    assert widened(table(bytes((200, 2, 61, 62, 63, 64))), place, frozenset()).count == 2


def rows(*columns: tuple[int, ...]) -> Table:
    """Bytes over time."""
    payloads = tuple(bytes((200, *row, 0)) for row in zip(*columns, strict=True))
    series = Series(times=tuple(60.0 * n for n in range(len(payloads))), payloads=payloads, size=len(payloads[0]))
    return Table(series, [])


def test_what_stands_still_at_the_end_of_a_row_of_moving_sensors_is_none() -> None:
    one = rows((20, 21, 22), (21, 22, 23), (20, 20, 20))

    assert widened(one, Place(name="temperatures", word=Word(at=1, type="i8")), frozenset()).count == 2


def test_a_sensor_that_stands_still_between_others_that_move_keeps_its_place() -> None:
    one = rows((20, 21, 22), (20, 20, 20), (21, 22, 23))

    assert widened(one, Place(name="temperatures", word=Word(at=1, type="i8")), frozenset()).count == 3


TYPED = "0: 16C 17C 14C", "60: 16C 17C 14C"
SIX = (16, 17, 14, 15, 18, 19)


def behind(number: int, warm: tuple[int, ...] = SIX) -> Table:
    """Words with a number in front of them: 50 stands for 0 degrees, and the last two have a flag above."""
    flags = (0, 0, 0, 0, 0x20, 0x40)
    row = b"".join(bytes((flag, 50 + degrees)) for flag, degrees in zip(flags, warm, strict=True))
    return table(bytes((200, number)) + row + b"\xff\xff", *TYPED)


def found(one: Table) -> tuple[int, int, int]:
    place = Place(name="temperatures", word=Word(at=3, type="u8"), offset=-50.0)
    wide = widened(one, place, frozenset(), typed=typed_in(one))
    return wide.word.at, wide.count, wide.step


def test_a_number_in_front_tells_of_sensors_that_the_app_does_not_show() -> None:
    assert found(behind(6)) == (3, 6, 2)


def test_what_is_not_as_warm_is_no_sensor_whatever_a_number_in_front_says() -> None:
    assert found(behind(6, (16, 17, 14, 15, 18, 120))) == (3, 3, 2)
    assert found(behind(200)) == (3, 3, 2)
