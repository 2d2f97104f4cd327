"""The numbers of a text become columns of bytes."""

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.framing.columns import Columns, Said, TakenApart, laid_out, leaves_of, stuck
from bmsreader.protocol.paths import LINE


def said(**values: object) -> Said:
    return TakenApart().said(values)  # type: ignore[arg-type]


def in_line(*values: str) -> Said:
    return TakenApart().said({LINE: [*values]})


def test_numbers_have_what_is_stuck_to_them() -> None:
    assert stuck("V13.2 V") == ("V", "13.2", " V")
    assert stuck("-.5") == ("", "-.5", "")
    assert stuck("12:30") is None
    assert stuck("9" * 40) is None
    assert stuck(None) is None


@given(st.text(max_size=12))
def test_what_is_taken_for_a_number_is_one(text: str) -> None:
    parts = stuck(text)

    assert parts is None or abs(float(parts[1])) >= 0


def test_every_place_of_a_text_is_found_in_its_order() -> None:
    assert list(leaves_of({"a": [["1", None]], "b": {"c": True}})) == [
        (("a", 0, 0), "1"),
        (("a", 0, 1), None),
        (("b", "c"), True),
    ]


def test_whole_numbers_take_two_bytes_and_others_four() -> None:
    columns, payloads = laid_out([in_line("3301", "-5", "13.2", "70000")], in_line=False)

    assert payloads == [bytes.fromhex("0CE5 FFFB 00000000 41533333 0000 00011170")]
    assert [column.path for column in columns] == ["[0]", "[1]", "[2]", "[3]"]
    assert Columns(columns=columns).legal == {
        (0, "u16"),
        (0, "i16"),
        (2, "i16"),
        (3, "i8"),
        (8, "f32"),
        (14, "u32"),
        (14, "i32"),
    }


def test_cells_stand_side_by_side_though_something_is_between_them() -> None:
    columns, _ = laid_out([said(c=[{"v": "3", "t": "20"}, {"v": "3", "t": "21"}])], in_line=False)

    assert [column.path for column in columns] == ["c[0].v", "c[1].v", "c[0].t", "c[1].t"]


def test_what_is_written_differently_is_no_row() -> None:
    def places(*texts: str) -> list[int]:
        return [column.at for column in laid_out([in_line(*texts)], in_line=True)[0]]

    assert places("7.4", "8.5", "13.03") == [0, 4, 10]
    assert places("21", "22V", "80") == [0, 6, 12]


def test_words_and_numbers_written_in_two_ways_are_no_column() -> None:
    columns, payloads = laid_out([said(a="on", b="1V", c="1"), said(a="off", b="1A", c="2")], in_line=False)

    assert [column.path for column in columns] == ["c"]
    assert payloads == [b"\0\1", b"\0\2"]


def test_an_answer_without_a_number_that_the_others_have_has_no_payload() -> None:
    answers = [said(a="1", b="2")] * 12 + [said(a="1")]
    columns, payloads = laid_out(answers, in_line=False)

    assert [column.path for column in columns] == ["a", "b"]
    assert payloads[-1] is None


def test_what_answers_have_in_common_is_kept_once() -> None:
    apart = TakenApart()
    one, other = (apart.said({"V": ["13.2"[:2] + end], "on": True, "no": None}) for end in (".2", ".2"))

    assert one == other
    assert one.places is other.places
    assert one.values[0] is other.values[0]


def test_hex_digits_are_read_as_the_bytes_that_they_are() -> None:
    rows = [in_line("X", f"{n:02X}", f"{5000 + n:04X}", f"{-n & 0xFFFFFFFF:08X}", "0010") for n in range(20)]
    columns, payloads = laid_out(rows, in_line=True)

    assert [column.digits for column in columns] == [2, 4, 8, 4]
    assert payloads[1] == bytes.fromhex("0001 00000000 1389 00000000 FFFFFFFF 0000 0010")
    assert (1, "i8") in Columns(columns=columns).legal
    assert (6, "i16") in Columns(columns=columns).legal


def test_digits_without_any_letter_are_decimal() -> None:
    columns, _ = laid_out([in_line(f"{1300 + n}", "AC", "80") for n in range(9)], in_line=True)

    assert [column.digits for column in columns] == [0, 0]


def test_what_is_marked_as_hex_digits_needs_no_letters() -> None:
    columns, _ = laid_out([said(v=f"0x{1300 + n}") for n in range(9)], in_line=False)

    assert [(column.prefix, column.digits) for column in columns] == [("0x", 4)]
