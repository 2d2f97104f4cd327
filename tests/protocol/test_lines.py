"""Lines are cut from a stream, wherever the notifications end."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import FrameRejected
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.description import Framing
from bmsreader.protocol.lines import Lines

PLAIN = Framing(encoding="text", end=b"\r\n", limit=20, separators=",")
SEALED = Framing(encoding="text", end=b"\r\nSum ", behind=1, limit=20, separators=",")
MARKED = Framing(encoding="text", start=b"$", end=b"\n", limit=20, separators=",")


def received(framing: Framing, *chunks: bytes) -> list[Assembled]:
    lines = Lines(framing)
    return [*(item for chunk in chunks for item in lines.feed(chunk)), *lines.flush()]


def test_a_line_goes_to_its_end_and_empty_ones_are_none() -> None:
    assert received(PLAIN, b"1,2\r", b"\n\r\n3,4\r\n") == [b"1,2\r\n", b"3,4\r\n"]


def test_what_stands_before_a_start_mark_is_noise() -> None:
    assert received(MARKED, b"AT\n..$1,2\n") == [b"$1,2\n"]


def test_a_line_that_lost_its_end_is_told() -> None:
    assert received(MARKED, b"$1,$3,4\n") == [
        FrameRejected(reason="cut off by the next start mark", frame=b"$1,"),
        b"$3,4\n",
    ]
    assert received(PLAIN, b"1,2") == [FrameRejected(reason="cut off: no end of the line", frame=b"1,2")]


def test_the_rest_of_a_line_that_was_given_up_is_no_line() -> None:
    found = received(PLAIN, b"1" * 50 + b",2\r\n3,4\r\n")

    assert found == [FrameRejected(reason="no end within 20 bytes", frame=b"1" * 20), b"3,4\r\n"]


def test_a_check_value_behind_the_end_may_be_any_byte() -> None:
    stream = b"\r\nV 1\r\nSum \r\r\nV 2\r\nSum \0"

    assert received(SEALED, stream) == [b"\r\nV 1\r\nSum \r", b"\r\nV 2\r\nSum \0"]


@given(
    st.lists(st.sampled_from([b"$", b"1,2", b"Sum ", b"\r", b"\n", b"\r\n", b"x" * 25])),
    st.lists(st.integers(0, 200), max_size=6),
)
def test_it_does_not_matter_where_notifications_end(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(parts)
    places = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    for framing in (PLAIN, MARKED, SEALED):
        assert received(framing, *(stream[a:b] for a, b in pairwise(places))) == received(framing, stream)
