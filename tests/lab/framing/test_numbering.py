"""Notifications that say which part of an answer they are: found, and joined to frames."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.framing.bursts import Burst, bursts_of, packets_of
from bmsreader.lab.framing.numbering import joined
from bmsreader.lab.structure import structure_of
from bmsreader.protocol.description import Bits, Parts
from bmsreader.protocol.numbering import notifications
from tests.lab.talk import answer, capture, split

DICE = Random(5)
STILL = DICE.randbytes(37)
BODIES = [bytes((12, 34 + n)) + DICE.randbytes(6) + STILL for n in range(24)]
BYTES = Parts(head=2, number=Bits(at=0), total=Bits(at=1))
NIBBLES = Parts(head=2, number=Bits(at=1, mask=0xF0), total=Bits(at=1, mask=0x0F), length=Bits(at=0))
COUNTED = Parts(head=1, number=Bits(at=0), first=0)
MARKED = Parts(head=2, number=Bits(at=1))


def sent(parts: Parts, bodies: Sequence[bytes] = BODIES, size: int = 20) -> list[list[bytes]]:
    return [notifications(answer(body), parts, size) for body in bodies]


def bursts(answers: Sequence[Sequence[bytes]]) -> list[Burst]:
    return bursts_of(packets_of(capture([(b"?", chunks) for chunks in answers]), None), 17)


@pytest.mark.parametrize("parts", [BYTES, NIBBLES, COUNTED, MARKED])
def test_the_parts_of_an_answer_become_one_burst(parts: Parts) -> None:
    found = next(joined(bursts(sent(parts))))

    assert found.parts == parts
    assert [burst.data for burst in found.bursts] == [answer(body) for body in BODIES]


@pytest.mark.slow
@pytest.mark.parametrize("parts", [BYTES, NIBBLES, COUNTED, MARKED])
def test_what_stands_in_front_of_each_notification_is_found_and_taken_off(parts: Parts) -> None:
    found = structure_of(capture([(b"?", chunks) for chunks in sent(parts)]))

    assert found.framing.value.parts == parts
    assert [frame.data for kind in found.kinds for frame in kind.frames] == [answer(body) for body in BODIES]


@pytest.mark.slow
def test_what_the_app_says_again_of_each_part_is_no_request() -> None:
    said: list[tuple[bytes | None, Sequence[bytes]]] = []
    for chunks in sent(NIBBLES):
        asked: bytes | None = b"?"
        for chunk in chunks:
            said.append((asked, [chunk]))
            asked = bytes([chunk[0] | 0x80]) + chunk[1:]
        said.append((asked, []))
    found = structure_of(capture(said, every=0.2))

    assert {frame.request for kind in found.kinds for frame in kind.frames} == {b"?"}
    assert "the app confirmed the parts" in found.framing.why


@pytest.mark.slow
def test_where_a_part_is_missing_the_rest_of_its_answer_is_left_out() -> None:
    lost = [chunks[:1] + chunks[2:] if number == 7 else chunks for number, chunks in enumerate(sent(NIBBLES))]
    found = structure_of(capture([(b"?", chunks) for chunks in lost]))

    assert [len(kind.frames) for kind in found.kinds] == [len(BODIES) - 1]


@pytest.mark.slow
def test_pages_with_a_check_value_of_their_own_are_no_parts() -> None:
    pages = [[answer(bytes((page, 3)) + body[:12]) for page in (1, 2, 3)] for body in BODIES]
    found = structure_of(capture([(b"?", chunks) for chunks in pages]))

    assert found.framing.value.parts is None


@given(st.lists(st.lists(st.binary(min_size=1, max_size=6), min_size=1, max_size=4), max_size=12))
def test_whatever_comes_is_looked_at(answers: list[list[bytes]]) -> None:
    assert all(one.parts.head > 0 for one in joined(bursts(answers)))


def test_numbers_that_go_on_without_a_first_one_are_no_parts() -> None:
    chunks = [bytes((1, 0xA0 + n, n)) for n in range(16)] + [bytes((n, n, n)) for n in range(5, 11)]

    assert [*joined(bursts([chunks]))] == []


@pytest.mark.parametrize(
    "answers",
    [
        [split(answer(body)) for body in BODIES],
        [[bytes([n]) + answer(body)[:18]] for n, body in enumerate(BODIES)],
        [[bytes([3 * n + part]) + answer(body)[:18] for part in range(3)] for n, body in enumerate(BODIES)],
        [],
    ],
)
def test_nothing_is_numbered_where_nothing_counts_the_parts(answers: list[list[bytes]]) -> None:
    assert [*joined(bursts(answers))] == []
