"""Where a number stands in text is said in the description language."""

from bmsreader.lab.evidence import Finding
from bmsreader.lab.framing.columns import Columns, TakenApart, laid_out
from bmsreader.lab.meaning.scalars import Place
from bmsreader.lab.meaning.series import Word
from bmsreader.lab.output.dictation import byte_keys, mark_keys, message_keys, place_keys, sayable, where
from bmsreader.protocol.paths import LINE

COLUMNS = Columns(
    columns=laid_out(
        [TakenApart().said({LINE: ["A"], "V": ["13.2V"], "C": ["3301", "3302"], "I": ["5"], "O": ["0"]})],
        in_line=True,
    )[0],
    told=(("[0]", "A"),),
    count=1,
)
VOLTS = Place(name="pack_voltage", word=Word(at=0, type="f32"))
CELLS = Place(name="cell_voltages", word=Word(at=6, type="u16"), count=2, scale=0.001)
CURRENT = Place(name="current", word=Word(at=10, type="u16"), minus=Word(at=12, type="u16"))


def keys(place: Place) -> list[str]:
    return list(place_keys(Finding(value=place, bits=1.0, why=""), COLUMNS))


def test_a_field_says_path_and_what_is_stuck_to_the_number() -> None:
    assert keys(VOLTS) == ['path = "V"', 'type = "decimal"', 'suffix = "V"', "decimals = 1"]
    assert keys(CELLS)[0] == 'path = "C[{0..1}]"'
    assert keys(CURRENT)[:2] == ['plus = "I"', 'minus = "O"']


def test_people_see_the_path_or_the_byte() -> None:
    assert where(CURRENT, COLUMNS) == "I minus O"
    assert where(CURRENT, None) == "byte 10 minus byte 12 u16"


def test_a_message_says_what_tells_it_from_others() -> None:
    assert list(message_keys(COLUMNS, "status")) == [
        "columns = 1",
        'when = [{ path = "[0]", equals = "A" }]',
        'blocks = ["status"]',
    ]


def test_a_sign_that_stands_elsewhere_cannot_be_said_of_text() -> None:
    elsewhere = Place(name="current", word=Word(at=10, type="u16"), sign=(12, 0xFF, 1))

    assert not sayable(elsewhere, COLUMNS)
    assert sayable(elsewhere, None)


def test_bytes_have_offsets_and_marks_are_readable_where_they_can_be() -> None:
    assert list(byte_keys(CELLS)) == ["at = 6", 'type = "u16"', "count = 2"]
    assert list(mark_keys("end", b"\r\n")) == ['end = "\\r\\n"']
    assert list(mark_keys("start", b"\xdd")) == ['start_hex = "DD"']
