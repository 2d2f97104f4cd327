"""Answers are sorted by kind; what stays for long, or only counts, tells none."""

from collections.abc import Sequence
from random import Random

from bmsreader.lab.evidence import Frame, Kind
from bmsreader.lab.framing.kinds import kinds_of


def sorted_by(
    payloads: Sequence[bytes], requests: Sequence[bytes | None] = (None,), pause: Sequence[float] = (1.0,)
) -> tuple[Kind, ...]:
    """Return the kinds of payloads whose requests and pauses come round again and again."""
    at, frames = 0.0, []
    for number, payload in enumerate(payloads):
        at += pause[number % len(pause)]
        frames.append((Frame(at=at, request=requests[number % len(requests)], data=payload), payload))
    return kinds_of(frames)


def noise(seed: int, count: int = 60) -> list[int]:
    """Return what low bytes say: numbers that move a little with each frame."""
    dice = Random(seed)
    return [0x40 + dice.randrange(7) for _ in range(count)]


def test_kinds_of_one_size_are_told_by_the_byte_that_orders_them() -> None:
    """Page 1 has cells, page 2 has temperatures; nothing else tells them apart."""
    pages = [b"\x55\x01\x0c\xe4\x0c" + bytes([at]) for at in range(20)] + [b"\x55\x02\xe6\x00\x10\x02"] * 20

    assert [{payload[1] for payload in kind.payloads} for kind in sorted_by(pages)] == [{1}, {2}]


def test_pages_that_come_together_are_kinds_of_their_own() -> None:
    pages = [b"\xf4" + bytes([1 + at % 3, 0x0D, low]) for at, low in enumerate(noise(1))]
    kinds = sorted_by(pages, [b"?"], [4.0, 0.03, 0.03])

    assert sorted({payload[1] for payload in kind.payloads} for kind in kinds) == [{1}, {2}, {3}]


def test_pages_that_come_evenly_are_told_by_what_they_hold() -> None:
    pages = [bytes([at % 2, 0x0C + at % 2, low, low + 40 * (at % 2)]) for at, low in enumerate(noise(2))]

    assert len(sorted_by(pages)) == 2


def test_a_number_that_counts_frames_tells_no_kinds() -> None:
    frames = [bytes([at % 8, 0x0C, low, other]) for at, (low, other) in enumerate(zip(noise(3), noise(4), strict=True))]

    assert len(sorted_by(frames)) == 1


def test_a_state_of_charge_that_falls_tells_no_kinds() -> None:
    frames = [bytes([90 - at // 12, 2 - at // 24, 0x0C, low, 19 + at // 20]) for at, low in enumerate(noise(5))]

    assert len(sorted_by(frames)) == 1


def test_requests_with_a_number_of_their_own_ask_for_few_kinds() -> None:
    """The second byte counts the requests, the third says which registers; the answers name neither."""
    registers = [(b"\x0c", b"\x00\x00\x09"), (b"\x02", b"\x11\x27\x33")]
    requests = [bytes([1, at % 8, at % 2]) for at in range(8)]
    lows = noise(6, 80)
    frames = [registers[at % 2][0] + bytes([low]) + registers[at % 2][1] for at, low in enumerate(lows)]

    assert sorted(len(kind.frames) for kind in sorted_by(frames, requests)) == [40, 40]


def test_short_answers_that_no_byte_tells_apart_are_told_by_their_requests() -> None:
    frames = [bytes([0x0C if at % 2 else 0x34, low]) for at, low in enumerate(noise(7))]
    other = [bytes([one[0], one[1] + 90 * (at % 2)]) for at, one in enumerate(frames)]

    assert [kind.by_request for kind in sorted_by(other, [b"volts?", b"cell?"])] == [True, True]


def test_many_kinds_of_short_frames_are_told_by_their_number_in_whatever_order_they_come() -> None:
    """As on a CAN bus: some messages come more often than others."""
    dice = Random(9)
    numbers = [dice.choice((2, 2, 2, *range(3, 15))) for _ in range(300)]
    frames = [bytes([0x85, one, one * 7 & 0xFF, 0x40 + dice.randrange(3), one * 13 & 0xFF, 3]) for one in numbers]

    assert len(sorted_by(frames)) == 13


def test_what_tells_packs_apart_in_some_answers_does_so_in_all() -> None:
    """Two packs take turns to send cells and temperatures; current comes once from one and thrice from the other."""
    order = [(0, 0x56), (1, 0x56), (0, 0x0C), (1, 0x0C), (0, 2), (1, 2), (1, 2), (1, 2)]
    frames = [
        bytes([pack, kind, 0x0C, kind ^ 0x2A, low + 40 * pack, 3 * kind & 0xFF, 0xFF])
        for number, low in enumerate(noise(6, 20 * len(order)))
        for pack, kind in (order[number % len(order)],)
    ]

    assert sorted([*{payload[:2] for payload in kind.payloads}] for kind in sorted_by(frames)) == sorted(
        [bytes(pair)] for pair in set(order)
    )
