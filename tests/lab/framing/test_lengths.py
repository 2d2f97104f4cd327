"""Length fields: where, in which form, and what they count."""

import pytest

from bmsreader.lab.evidence import Length
from bmsreader.lab.framing.lengths import field_value, find_length, length_checked, size_of

SIZES = (12, 30, 52, 12, 30)


def lenid(count: int) -> int:
    return (-sum(count >> shift & 0xF for shift in (0, 4, 8)) & 0xF) << 12 | count


def filled(size: int, head: bytes) -> bytes:
    return head + bytes(7 * (size + at) & 0xFF for at in range(size - len(head)))


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([filled(n, b"\xdd\x03" + bytes([n - 5])) for n in SIZES], (2, 1, "big", 1, 5)),
        ([filled(n, b"\xaa\x55\x01" + bytes([n])) for n in SIZES], (3, 1, "big", 1, 0)),
        ([filled(8 * n, b"\xaa\x55\x01" + (8 * n - 6).to_bytes(2, "big")) for n in SIZES], (3, 2, "big", 1, 6)),
        ([filled(8 * n, b"\xaa\x55\x01" + (8 * n).to_bytes(2, "little")) for n in SIZES], (3, 2, "little", 1, 0)),
        ([filled(n, b"\xaa" + bytes([n // 2 - 2])) for n in SIZES], (1, 1, "big", 2, 4)),
        ([b":82" + f"{n:04X}".encode() + b"0C" * (n // 2 - 4) + b"~" for n in SIZES], (3, 4, "hex", 1, 0)),
    ],
    ids=["what follows", "everything", "two bytes", "two bytes, low one first", "words", "digits"],
)
def test_the_field_is_found(frames: list[bytes], expected: tuple[object, ...]) -> None:
    found = find_length(frames)

    assert found
    assert (
        found.value.at,
        found.value.width,
        found.value.notation,
        found.value.scale,
        found.value.constant,
    ) == expected


def test_a_length_that_checks_itself_is_recognised() -> None:
    frames = [b"~25014600" + f"{lenid(n):04X}".encode() + b"0C" * (n // 2) + b"FA12\r" for n in SIZES]

    found = find_length(frames)

    assert found
    assert (found.value.at, found.value.mask, found.value.constant) == (9, 0xFFF, 18)


def test_a_wrong_length_check_is_no_length() -> None:
    field = Length(at=0, width=4, notation="hex", mask=0xFFF, constant=18)

    assert (size_of(field, b"E002"), size_of(field, b"D002"), length_checked(0xE002)) == (20, None, True)


def test_a_field_beyond_the_end_says_nothing() -> None:
    assert field_value(Length(at=3, width=2, notation="big"), b"\x01\x02\x03\x04") is None


def test_frames_without_a_length_have_none() -> None:
    frames = [bytes((size * at * at + 97 * at) & 0xFF for at in range(1, size)) for size in (20, 31, 47, 60, 71)]

    assert find_length(frames) is None


def test_a_stray_frame_does_not_hide_the_field() -> None:
    frames = [filled(n, b"\xdd\x03" + bytes([n - 5])) for n in SIZES]

    found = find_length([*frames, b"\xdd\x03OK!"])

    assert found
    assert (found.value.at, found.value.constant) == (2, 5)
