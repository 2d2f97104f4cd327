"""Frames whose marks are kept out of them by escapes: HDLC, SLIP, doubled marks."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model.errors import DescriptionError
from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol import Codec, parse
from bmsreader.protocol.description import Escape, Framing
from bmsreader.protocol.stuffing import Stuffed, Stuffing
from tests.clock import START
from tests.hostile import document

HDLC = Framing(start=b"\x7e", end=b"\x7e", encoding="binary", limit=600, escape=Escape(byte=0x7D, xor=0x20))
SLIP = replace(HDLC, start=b"", end=b"\xc0", escape=Escape(byte=0xDB, codes=((0xDC, 0xC0), (0xDD, 0xDB))))
DLE = replace(HDLC, start=b"\x10\x02", end=b"\x10\x03", escape=Escape(byte=0x10))
WAYS = st.sampled_from([HDLC, SLIP, DLE, replace(SLIP, start=b"\xc0")])
PAYLOADS = st.binary(min_size=1, max_size=40) | st.lists(
    st.sampled_from([0x7E, 0x7D, 0x5E, 0x5D, 0xC0, 0xDB, 0xDC, 0xDD, 0x10, 2, 3]), min_size=1, max_size=40
).map(bytes)


def stuffing(framing: Framing) -> Stuffing:
    assert framing.escape
    return Stuffing(framing.escape, framing.start, framing.end)


def sent(framing: Framing, payload: bytes) -> bytes:
    return framing.start + stuffing(framing).stuffed(payload) + framing.end


@pytest.mark.parametrize(
    ("framing", "wire"),
    [
        (HDLC, "7E 01 7D5E 7D5D 10 C0 DB 7E"),
        (SLIP, "01 7E 7D 10 DBDC DBDD C0"),
        (DLE, "1002 01 7E 7D 1010 C0 DB 1003"),
    ],
    ids=["HDLC", "SLIP", "DLE"],
)
def test_marks_never_stand_between_marks(framing: Framing, wire: str) -> None:
    assert sent(framing, bytes.fromhex("01 7E 7D 10 C0 DB")) == bytes.fromhex(wire)


@given(framing=WAYS, payloads=st.lists(PAYLOADS, min_size=1, max_size=4), cuts=st.lists(st.integers(0, 160)))
def test_notification_boundaries_do_not_matter(framing: Framing, payloads: list[bytes], cuts: list[int]) -> None:
    frames = [sent(framing, payload) for payload in payloads]
    stream = b"".join(frames)
    places = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    cutter = Stuffed(framing)

    found = [one for a, b in itertools.pairwise(places) for one in cutter.feed(stream[a:b])]

    assert (found, cutter.pending) == (frames, 0)


@given(framing=WAYS, payload=PAYLOADS)
def test_what_is_stuffed_is_unstuffed(framing: Framing, payload: bytes) -> None:
    assert stuffing(framing).unstuffed(stuffing(framing).stuffed(payload)) == payload


@given(framing=WAYS, noise=st.lists(st.binary(max_size=200), max_size=30))
def test_noise_is_bounded_and_costs_no_later_frame(framing: Framing, noise: list[bytes]) -> None:
    cutter = Stuffed(replace(framing, limit=64))
    for chunk in noise:
        for one in cutter.feed(chunk):
            assert len(one.frame if isinstance(one, FrameRejected) else one) <= 64 + 4
        assert cutter.pending <= 66
    cutter.flush()
    frame = sent(framing, b"\x01\x02\x03")

    assert frame in [*cutter.feed(framing.end + frame)]


def test_a_mark_may_end_one_frame_and_begin_the_next() -> None:
    assert list(Stuffed(HDLC).feed(b"\x7e\x01\x7e\x02\x7e")) == [b"\x7e\x01\x7e", b"\x7e\x02\x7e"]


def test_a_frame_that_breaks_off_is_reported() -> None:
    cutter = Stuffed(DLE)

    (cut,) = cutter.feed(b"\x10\x02\x01\x10\x02\x05")
    (late,) = cutter.flush()

    assert isinstance(cut, FrameRejected)
    assert isinstance(late, FrameRejected)
    assert (cut.reason, late.reason) == ("cut off by the next start", "cut off: no end")


def tree(**framing: Any) -> dict[str, Any]:
    """Return a battery that stuffs, with a check value over what is meant."""
    return {
        "id": "made",
        "name": "Made up",
        "framing": {
            "encoding": "binary",
            "start_hex": "7E",
            "end_hex": "7E",
            "limit": 64,
            "escape": {"byte": 0x7D, "xor": 0x20},
        }
        | framing,
        "checksums": {"crc": {"algorithm": "crc16-ibm-sdlc", "over": "bytes", "order": "little"}},
        "messages": {"status": {"size": 5, "checksum": "crc", "blocks": {"status": 0}}},
        "blocks": {"status": {"pack_voltage": {"at": 0, "type": "u16", "scale": 0.01}, "soc": {"at": 2, "type": "u8"}}},
    }


@pytest.mark.parametrize("volts", [13.25, 12.61, 322.85])
def test_a_reading_survives_the_way_over_the_air(volts: float) -> None:
    codec = Codec(parse(document(tree())))

    frame = codec.encode("status", {"pack_voltage": volts, "soc": 0x7E})
    (whole,) = codec.assembler().feed(frame)
    reading = codec.decode(whole, battery="x", taken_at=START)  # type: ignore[arg-type]

    assert b"\x7e" not in frame[1:-1]
    assert not isinstance(reading, FrameRejected)
    assert reading.pack_voltage == pytest.approx(volts)
    assert reading.soc == 0x7E


def test_an_escape_that_stands_before_no_code_is_a_rejection() -> None:
    codec = Codec(parse(document(tree(start_hex="C0", end_hex="C0", escape={"byte": 0xDB, "codes": CODES}))))

    found = codec.decode(b"\xc0\x01\x02\xdb\x05\x03\x04\x05\xc0", battery="x", taken_at=START)

    assert isinstance(found, FrameRejected)
    assert found.reason == "an escape byte is followed by no code"


def test_a_write_cannot_hide_behind_escapes() -> None:
    write = bytes.fromhex("DD5A0100")
    with pytest.raises(DescriptionError, match="is no read"):
        parse(document(tree() | {"requests": {"status": {"send_hex": f"7E{write.hex()}7D5E7E", "safety": "read"}}}))


CODES = [{"sent": 0xDC, "means": 0xC0}, {"sent": 0xDD, "means": 0xDB}]
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"cut": "pause"}, "is for binary frames"),
    ({"end_hex": "7E0D"}, "must be one byte, or the escape byte and another one"),
    ({"escape": {"byte": 0x7D, "xor": 3}}, "must not send a mark"),
    ({"escape": {"byte": 0x7D, "codes": CODES}}, "must say once"),
    ({"escape": {"byte": 0x7D, "xor": 1, "codes": CODES}}, "needs either `xor` or `codes`"),
    ({"start_hex": "105D", "end_hex": "107D", "escape": {"byte": 0x10, "xor": 0x4D}}, "sends what a mark is"),
]


@pytest.mark.parametrize(("framing", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_stuffing_that_cannot_be_undone_is_refused(framing: dict[str, Any], words: str) -> None:
    with pytest.raises(DescriptionError, match=words):
        parse(document(tree(**framing)))
