"""Answers that only a value told apart are one kind; those that something fixed tells apart stay two."""

from bmsreader.lab.evidence import Frame, Kind
from bmsreader.lab.framing.joining import rejoined, together, told_by_values

NO_VALUES = frozenset[int]()


def kind(*payloads: bytes, first: float = 0.0, request: bytes | None = b"\x01", by_request: bool = False) -> Kind:
    frames = tuple(Frame(at=first + 2.0 * n, request=request, data=payload) for n, payload in enumerate(payloads))
    return Kind(request=request, size=3, frames=frames, payloads=payloads, by_request=by_request)


LOW = kind(b"\x10\x0c\xd7", b"\x10\x0c\xd8", b"\x10\x0c\xf4")
HIGH = kind(b"\x10\x0d\x01", b"\x10\x0d\x04", first=1.0)


def test_the_high_byte_of_a_voltage_makes_no_two_kinds_of_answers() -> None:
    joined = rejoined([LOW, HIGH], [frozenset({1, 2}), NO_VALUES])
    assert [len(one.payloads) for one in joined] == [5]


def test_a_byte_without_meaning_tells_two_kinds_of_answers() -> None:
    assert len(rejoined([LOW, HIGH], [frozenset({2}), frozenset({2})])) == 2


def test_answers_to_other_requests_stay_apart() -> None:
    other = kind(b"\x10\x0d\x01", b"\x10\x0d\x04", request=b"\x02")
    assert not told_by_values(LOW, other, {1, 2})


def test_answers_that_were_told_by_their_request_stay_apart() -> None:
    asked = kind(b"\x10\x0d\x01", b"\x10\x0d\x04", by_request=True)
    assert not told_by_values(LOW, asked, {1, 2})


def test_frames_that_come_together_are_in_the_order_of_time() -> None:
    both = together(LOW, HIGH)
    assert [frame.at for frame in both.frames] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert [frame.data for frame in both.frames] == list(both.payloads)
