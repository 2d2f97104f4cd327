"""A message in pieces."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.captures.segments import Segments

MESSAGE = b"\x0a\0\x04\0" + b"0123456789"


@given(cuts=st.lists(st.integers(0, len(MESSAGE)), max_size=5))
def test_it_may_be_cut_anywhere(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(MESSAGE)]
    first, *others = [MESSAGE[a:b] for a, b in pairwise(places)]
    segments = Segments(first)
    for other in others:
        segments.add(other)

    assert (segments.complete, segments.channel, segments.message) == (True, 4, b"0123456789")


def test_it_is_complete_when_its_last_byte_came() -> None:
    assert not Segments(MESSAGE[:-1]).complete
    assert not Segments(MESSAGE[:3]).complete


def test_after_a_gap_only_the_beginning_is_kept() -> None:
    segments = Segments(MESSAGE[:6], missing=4)
    segments.add(MESSAGE[10:])

    assert (segments.complete, segments.truncated, segments.message) == (True, True, b"01")
