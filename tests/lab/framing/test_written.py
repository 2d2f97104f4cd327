"""Batteries that write are told from those that send bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.framing.bursts import Burst
from bmsreader.lab.framing.wordy import wordy
from bmsreader.lab.framing.written import writing_in
from bmsreader.protocol.checksum import ALGORITHMS
from tests.answers import CHARGING


def bursts(*answers: bytes) -> list[Burst]:
    return [
        Burst(at=float(n), requests=(b"?",), chunks=(answer[:9], answer[9:]), times=(n + 0.1, n + 0.2))
        for n, answer in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("answer", "separators", "pair", "end"),
    [
        (b"%d,330,331,332,-5,80\r\n", ",", "", b"\r\n"),
        (b"V:%d.2V,A:-1.3A,S:80%%\n", ",", ":", b"\n"),
        (b"%d.2  -1.5 80\r", " ", "", b"\r"),
        (b"V=13.%d&I=-1&C=3.3,3.4;\n", ",&", "=", b";\n"),
        (b"%d\t330\t331\t332\n", "\t", "", b"\n"),
    ],
)
def test_the_signs_between_values_are_found(answer: bytes, separators: str, pair: str, end: bytes) -> None:
    found = writing_in(bursts(*(answer % (1320 + n) for n in range(8))))

    assert found is not None
    assert set(separators) <= set(found.framing.separators)
    assert found.framing.pair == pair
    assert end.endswith(found.framing.end)
    assert len(found.frames) == 8


def test_json_is_found_with_its_requests() -> None:
    found = writing_in(bursts(*(b'{"a":[[%d]],"b":{"c":1}}' % n for n in range(5))))

    assert found is not None
    assert found.framing.encoding == "json"
    assert {frame.request for frame in found.frames} == {b"?"}
    assert found.frames[2].at == 2.1


def test_answers_without_an_end_are_told_by_how_they_begin() -> None:
    found = writing_in(bursts(*(b"VOLT=13.%d\nCURR=-2\nSOC=80\n" % n for n in range(5))))

    assert found is not None
    assert (found.framing.start, found.framing.pair, len(found.frames)) == (b"VOLT=", "=", 5)


@pytest.mark.parametrize(
    "answer", [CHARGING, b"\xdd\x03\0\x1b" * 5, b"OK\r\n", b"hello, dear owner, how are you\r\n", b"A5 01 9F C3 DD\r\n"]
)
def test_bytes_hex_digits_and_words_are_no_numbers(answer: bytes) -> None:
    assert writing_in(bursts(*[answer] * 6)) is None


@given(st.lists(st.text('0123456789.-+eE,;:=V{}[]"\r\n $*AB°', max_size=24), min_size=1, max_size=6))
def test_whatever_is_written_is_worked_out_or_left_to_others(answers: list[str]) -> None:
    found = writing_in(bursts(*(answer.encode() for answer in answers * 4)))

    assert found is None or all(kind.payloads for kind in wordy(found).kinds)


def test_a_list_at_the_top_is_json_too() -> None:
    found = writing_in(bursts(*(b'[{"volts":%d},{"amps":[1,2]}]' % n for n in range(5))))

    assert found is not None
    assert (found.framing.start, len(found.frames)) == (b"[", 5)


def test_nothing_is_nothing() -> None:
    assert writing_in([]) is None


def test_blocks_with_a_check_value_in_a_byte_are_text() -> None:
    texts = [b"\r\nV\t132%02d\r\nI\t-3%02d\r\nSOC\t8%d\r\nSum\t" % (n, 3 * n, n % 10) for n in range(60)]
    found = writing_in(bursts(*(text + bytes([-sum(text) & 0xFF]) for text in texts)))

    assert found is not None
    assert (found.framing.end, found.framing.behind, found.framing.pair) == (b"Sum\t", 1, "\t")
    assert len(found.frames) == 60


def test_lines_with_a_check_value_in_bytes_before_their_end_are_text() -> None:
    texts = [b"(230.%d 49.9 0021 26.%02d 000 06%d" % (n % 9, n, n % 7) for n in range(60)]
    writing = writing_in(
        bursts(*(text + ALGORITHMS["crc16-xmodem"].compute(text).to_bytes(2) + b"\r" for text in texts))
    )

    assert writing is not None
    assert (writing.framing.end, writing.framing.ahead, writing.framing.separators) == (b"\r", 2, " ")
    found = wordy(writing).checksum
    assert found is not None
    assert found.value.algorithm == "crc16-xmodem"


def test_digits_before_carriage_return_and_line_feed_are_text() -> None:
    found = writing_in(bursts(*(b"$BAT,13.2%d,-2.1,80*%02X\r\n" % (n % 7, 7 * n) for n in range(36))))

    assert found is not None
    assert (found.framing.end, found.framing.ahead) == (b"\r\n", 0)


def test_a_last_digit_is_no_check_value() -> None:
    found = writing_in(bursts(*(b"VOLT=13.2%d,CURR=-2,TEMP=%d\n" % (n % 7, n % 9) for n in range(40))))

    assert found is not None
    assert found.framing.behind == 0


def test_text_between_control_characters_is_text() -> None:
    found = writing_in(bursts(*(b"\x0213.2%d,-3.1,80,%d\x03" % (n % 7, n % 9) for n in range(40))))

    assert found is not None
    assert (found.framing.start, found.framing.end, found.framing.separators) == (b"\x02", b"\x03", ",")


def test_a_comma_in_numbers_is_their_point() -> None:
    lines = [b"13,2%d;-3,1%d;80;21,5\r\n" % (n % 7, n % 9) for n in range(40)]
    found = writing_in(bursts(*lines))

    assert found is not None
    assert (found.framing.point, found.framing.separators) == (",", ";")
    assert found.said[1].values == ("13.21", "-3.11", "80", "21.5")


def test_a_comma_between_whole_numbers_is_none() -> None:
    for line in (b"V=1320;C=3301,33%02d;T=21,22;S=80\r\n", b"1320,3301,33%02d;21,22;80\r\n"):
        found = writing_in(bursts(*(line % n for n in range(40))))

        assert found is not None
        assert found.framing.point == ""


def test_lines_that_lost_a_part_hide_neither_comma_nor_mark() -> None:
    lines = [b"\x0213,2%d;-3,1%d;80;21,%d\x03" % (n % 7, n % 9, n % 10) for n in range(40)]
    lines[20] = b"13,22,13;80;21,5\x03"
    found = writing_in(bursts(*lines))

    assert found is not None
    assert (found.framing.point, found.framing.start) == (",", b"\x02")
    assert len(found.frames) == 39
