"""Marks are no longer than what proves them."""

import pytest

from bmsreader.lab.evidence import Checksum, Finding, Frame, Framing, Kind, Length
from bmsreader.lab.framing.proving import proven


def kind(head: bytes, request: bytes | None = None, tail: bytes = b"") -> Kind:
    """Return answers that begin and end with these bytes, with a byte between that moves."""
    frames = tuple(Frame(at=at, request=request, data=head + bytes([at]) + bytes(9) + tail) for at in range(8))
    return Kind(request=request, size=len(frames[0].data), frames=frames, payloads=tuple(f.data for f in frames))


def test_the_upper_byte_of_a_voltage_that_stood_still_is_no_mark() -> None:
    framing = proven(Framing(start=b"\xfe\xef\x33"), [kind(b"\xfe\xef\x33")], None)

    assert framing.start == b"\xfe\xef"


def test_a_frame_of_nothing_but_values_has_no_mark() -> None:
    assert proven(Framing(start=b"\x05"), [kind(b"\x05", b"\x01")], None).start == b""


SUM = Checksum(algorithm="sum8", domain="frame", width=1, notation="big", start=3)


@pytest.mark.parametrize(
    ("framing", "kinds", "check"),
    [
        (Framing(start=b"\x01\x03\x10"), [kind(b"\x01\x03\x10", b"\x01\x03\x10\x00")], None),
        (Framing(start=b"\x55\xaa\xeb"), [kind(b"\x55\xaa\xeb", b"\xaa\x55\xeb\x00")], None),
        (Framing(start=b"\xaa\x01\x02"), [kind(b"\xaa\x01\x02")] * 3, None),
        (
            Framing(start=b"\x31\x02", length=Length(at=2, width=1, notation="big", constant=3)),
            [kind(b"\x31\x02")],
            None,
        ),
        (Framing(start=b"\x55\x01\x02"), [kind(b"\x55\x01\x02")], Finding(value=SUM, bits=99.0, why="")),
    ],
    ids=["as the request", "as the request, swapped", "several kinds", "before the length", "not checked"],
)
def test_what_something_else_proves_is_a_mark(
    framing: Framing, kinds: list[Kind], check: Finding[Checksum] | None
) -> None:
    assert proven(framing, kinds, check) == framing


def test_the_upper_byte_of_the_last_cell_ends_no_frame() -> None:
    assert proven(Framing(end=b"\x0c"), [kind(b"\xaa", tail=b"\x0c")], None).end == b""


def test_a_carriage_return_ends_frames() -> None:
    assert proven(Framing(end=b"\r\n"), [kind(b"\xaa", tail=b"\r\n")], None).end == b"\r\n"
