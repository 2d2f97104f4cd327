"""What a central writes is joined into requests, whatever the pieces are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.simulator.collecting import RequestCollector

REQUEST = b":000250000E03~"


@pytest.mark.parametrize(
    ("written", "requests"),
    [
        ([REQUEST], [REQUEST]),
        ([REQUEST + b"\r\n", b"\r\n" + REQUEST], [REQUEST, REQUEST]),
        ([REQUEST + REQUEST], [REQUEST, REQUEST]),
        ([bytes([byte]) for byte in REQUEST], [REQUEST]),
        ([b":0002" + REQUEST], [REQUEST]),
        ([b"~", b"AT\r\n", REQUEST], [REQUEST]),
        ([b"x" * 1000, REQUEST], [REQUEST]),
        ([b""], []),
    ],
    ids=["whole", "cr-lf", "two-at-once", "byte-by-byte", "begun-again", "noise", "flood", "empty"],
)
def test_requests_are_collected_from_writes(written: list[bytes], requests: list[bytes]) -> None:
    collector = RequestCollector()

    assert [request for chunk in written for request in collector.feed(chunk)] == requests


READ, LONGER = bytes.fromhex("D2030000000857AF"), bytes.fromhex("D20300000008571100")


@given(pieces=st.lists(st.sampled_from((READ, LONGER)), max_size=5), size=st.integers(1, 30))
def test_requests_without_marks_are_known_by_their_bytes(pieces: list[bytes], size: int) -> None:
    collector, sent = RequestCollector(known=(READ, LONGER)), b"".join(pieces)
    found = [one for at in range(0, len(sent), size) for one in collector.feed(sent[at : at + size])]

    assert found == pieces


def test_a_write_that_is_no_known_request_stands_for_itself() -> None:
    collector = RequestCollector(known=(READ,))

    assert [one for data in (b"\x01\x02", READ[:3], READ[3:]) for one in collector.feed(data)] == [b"\x01\x02", READ]
