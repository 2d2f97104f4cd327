"""A rule cuts bursts into frames and goes on after whatever does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.evidence import Framing, Length
from bmsreader.lab.framing.bursts import Burst, bursts_of
from bmsreader.lab.framing.cutting import cut
from tests.lab.talk import answer, capture, split

FIRST, SECOND = answer(bytes(range(30))), answer(b"second")
BY_LENGTH = Framing(
    start=b"\xdd\x03",
    end=b"\x77",
    length=Length(at=2, width=1, notation="big", constant=5),
    sizes=(len(FIRST), len(SECOND)),
)
RULES = {
    "length": BY_LENGTH,
    "end": Framing(start=b"\xdd\x03", end=b"\x77", sizes=BY_LENGTH.sizes),
    "size": Framing(start=b"\xdd\x03", sizes=BY_LENGTH.sizes),
}


def bursts(*chunks: bytes) -> list[Burst]:
    return bursts_of(capture([(b"?", chunks)]).packets, 17)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_frames_are_joined_and_parted(rule: Framing) -> None:
    result = cut(bursts(*split(FIRST), *split(SECOND)), rule)

    assert ([frame.data for frame in result.frames], result.broken) == ([FIRST, SECOND], ())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_lost_notification_costs_one_frame(rule: Framing) -> None:
    result = cut(bursts(split(FIRST)[0], *split(SECOND), *split(FIRST)), rule)

    assert [frame.data for frame in result.frames] == [SECOND, FIRST]
    assert [frame.data for frame in result.broken] == [split(FIRST)[0]]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_noise_is_set_aside(rule: Framing) -> None:
    result = cut(bursts(b"AT\r\n", *split(FIRST), b"OK"), rule)

    assert [frame.data for frame in result.frames] == [FIRST]
    assert [frame.data for frame in result.broken] == [b"AT\r\n", b"OK"]


def test_a_request_in_the_middle_of_an_answer_does_not_cut_it() -> None:
    head, tail = split(FIRST)
    talk = capture([(b"?", [head]), (b"!", [tail])], every=0.1)

    result = cut(bursts_of(talk.packets, 17), BY_LENGTH)

    assert [(frame.data, frame.request) for frame in result.frames] == [(FIRST, b"?")]


def test_answers_are_given_to_requests_in_turn() -> None:
    packets = capture([(b"1", []), (b"2", [*split(FIRST), SECOND])], every=0.01).packets

    result = cut(bursts_of(packets, 17), BY_LENGTH)

    assert [frame.request for frame in result.frames] == [b"1", b"2"]


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=12), st.sampled_from(list(RULES.values())))
def test_no_byte_is_lost_or_invented(chunks: list[bytes], rule: Framing) -> None:
    heard = bursts(*chunks)  # without what is said again and again behind a frame
    result = cut(heard, rule)

    expected = sum(len(chunk) for burst in heard for chunk in burst.chunks)
    assert sum(len(frame.data) for frame in (*result.frames, *result.broken)) == expected


def test_the_share_in_whole_frames_is_told() -> None:
    assert cut(bursts(FIRST[:20], FIRST[20:], b"x" * len(FIRST)), BY_LENGTH).covered == 0.5
