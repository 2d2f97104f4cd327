"""JSON is cut from a stream by its brackets, wherever the notifications end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import FrameRejected
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.braces import Braces
from bmsreader.protocol.description import Framing

FRAMING = Framing(encoding="json", limit=60)
NESTED = b'{"a":[[1,{"b":2}],[null]],"c":"}{\\"["}'


def received(*chunks: bytes, framing: Framing = FRAMING) -> list[Assembled]:
    braces = Braces(framing)
    return [*(item for chunk in chunks for item in braces.feed(chunk)), *braces.flush()]


def test_a_text_goes_from_a_bracket_to_the_one_that_closes_it() -> None:
    assert received(b"AT\r\n" + NESTED + b"\r\n" + NESTED) == [NESTED, NESTED]


def test_a_list_is_a_text_where_the_description_says_so() -> None:
    assert received(b"[1,[2]]", framing=Framing(encoding="json", limit=60, start=b"[")) == [b"[1,[2]]"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b'{"a":1', "cut off by the next bracket"),
        (b'{"a', "a string does not end"),
        (b'{"a":[1}', "a bracket is closed that was not opened"),
        (b'{"a":' + b"[" * 20, "more than 16 levels deep"),
        (b'{"a":' + b"1" * 70, "no end within 60 bytes"),
    ],
)
def test_the_answer_after_a_broken_one_is_not_lost(broken: bytes, reason: str) -> None:
    found = received(broken + b"\n" + NESTED)

    assert isinstance(found[0], FrameRejected)
    assert found[0].reason == reason
    assert found[-1] == NESTED


def test_what_is_not_closed_in_time_is_given_up() -> None:
    assert received(b'{"a":1') == [FrameRejected(reason="cut off: a bracket is not closed", frame=b'{"a":1')]


@given(
    st.lists(st.sampled_from([b"{", b"}", b"[", b"]", b'"', b":", b"\\", b"1", b",", b"\n", NESTED]), max_size=20),
    st.lists(st.integers(0, 200), max_size=6),
)
def test_it_does_not_matter_where_notifications_end(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(parts)
    places = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})

    assert received(*(stream[a:b] for a, b in pairwise(places))) == received(stream)
