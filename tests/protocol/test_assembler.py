"""Notifications become frames, whatever the radio, the module and the noise do to them."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.descriptions import load
from bmsreader.model import FrameRejected
from bmsreader.protocol import Assembler
from bmsreader.protocol.assembler import Assembled, Cutter
from bmsreader.protocol.description import Framing
from tests.contributed import REAL_FRAMES, frame_of

CHARGING = frame_of("ej/electronicx-12v-200ah")
DISCHARGING = frame_of("ej/electronicx-12v-100ah")
LIMIT = load("ej").description.framing.limit
NOISE = (b"\0", b"\0\0\0", b"\r\n", b"AT\r\n", b"OK\r\n", b"~", b"\xff\xfe", b"0082")
STREAMS = st.lists(st.sampled_from([b":", b":00", b"~", b"A", b"00", b"0000000", b"\0", b"\r\n"]), max_size=24).map(
    b"".join
)


@dataclass(slots=True)
class Reference:
    """The machine as one would draw it on paper: one byte, one step."""

    framing: Framing
    frame: bytearray | None = None
    found: list[Assembled] = field(default_factory=list)

    def feed(self, stream: bytes) -> None:
        for byte in stream:
            if bytes([byte]) == self.framing.start:
                self.give_up("cut off by the next start byte")
                self.frame = bytearray([byte])
            elif self.frame is not None:
                self.frame.append(byte)
                if bytes([byte]) == self.framing.end:
                    self.found.append(bytes(b for b in self.frame if b not in self.framing.ignore))
                    self.frame = None
                elif len(self.frame) == self.framing.limit:
                    self.give_up(f"no end byte within {self.framing.limit} bytes")

    def give_up(self, reason: str) -> None:
        if self.frame is not None:
            self.found.append(FrameRejected(reason=reason, frame=bytes(self.frame)))
            self.frame = None


def receive(assembler: Cutter, chunks: Iterable[bytes]) -> list[Assembled]:
    return [found for chunk in chunks for found in assembler.feed(chunk)]


def cut(stream: bytes, sizes: Sequence[int]) -> list[bytes]:
    """Cut a stream into chunks of these sizes, again and again."""
    chunks, position, number = [], 0, 0
    while position < len(stream):
        chunks.append(stream[position : position + sizes[number % len(sizes)]])
        position += len(chunks[-1])
        number += 1
    return chunks


def narrow(limit: int, ignore: bytes = b"") -> Framing:
    return Framing(start=b":", end=b"~", encoding="ascii-hex", limit=limit, ignore=ignore)


def test_seven_notifications_are_one_frame() -> None:
    assert receive(load("ej").assembler(), cut(CHARGING, [20])) == [CHARGING]


def test_no_chunking_and_no_noise_outside_frames_loses_a_frame() -> None:
    real = [frame for codec, frame in REAL_FRAMES if codec.id == "ej"]
    for seed in range(200):
        dice = random.Random(seed)
        frames = [dice.choice(real) for _ in range(4)]
        stream = b"".join(dice.choice(NOISE) * dice.randint(0, 3) + frame for frame in frames) + dice.choice(NOISE)
        sizes = (
            [dice.randint(1, 512) for _ in range(8)] if seed % 2 else [dice.choice((1, 2, 16, 20, 23, 50, 182, 244))]
        )

        assert receive(load("ej").assembler(), cut(stream, sizes)) == frames, seed


@given(at=st.integers(0, len(CHARGING)), noise=st.binary(max_size=40).filter(lambda noise: b":" not in noise))
def test_notification_boundaries_do_not_matter(at: int, noise: bytes) -> None:
    assert receive(load("ej").assembler(), [noise, CHARGING[:at], CHARGING[at:]]) == [CHARGING]


def test_two_frames_in_one_notification_are_two_frames() -> None:
    assert receive(load("ej").assembler(), [CHARGING + DISCHARGING]) == [CHARGING, DISCHARGING]


def test_a_frame_cut_off_by_the_next_is_reported_and_the_next_one_read() -> None:
    lost = FrameRejected(reason="cut off by the next start byte", frame=CHARGING[:60])

    assert receive(load("ej").assembler(), [CHARGING[:60] + DISCHARGING]) == [lost, DISCHARGING]


def test_garbage_without_end_is_reported_at_the_limit_and_the_next_frame_read() -> None:
    garbage = b":" + b"0" * 1999
    given_up = FrameRejected(reason=f"no end byte within {LIMIT} bytes", frame=garbage[:LIMIT])

    assert receive(load("ej").assembler(), cut(garbage + CHARGING, [20])) == [given_up, CHARGING]


def test_the_memory_for_a_frame_in_progress_is_bounded() -> None:
    assembler = load("ej").assembler()
    most = 0
    for _ in range(500):
        assembler.feed(b":" * 7 + b"0" * 93)
        most = max(most, assembler.pending)

    assert most <= LIMIT


def test_a_frame_that_just_fits_the_limit_is_a_frame() -> None:
    frame = b":" + b"0" * 8 + b"~"

    assert receive(Assembler(narrow(10)), [frame]) == [frame]
    assert receive(Assembler(narrow(9)), [frame]) == [
        FrameRejected(reason="no end byte within 9 bytes", frame=frame[:9])
    ]


def test_a_frame_at_the_limit_is_given_up_at_once_however_it_came() -> None:
    given_up = [FrameRejected(reason="no end byte within 9 bytes", frame=b":00000000")]

    assert receive(Assembler(narrow(9)), [b":0000", b"0000"]) == given_up
    assert receive(Assembler(narrow(9)), [b":00000000"]) == given_up


def test_nul_inside_a_second_generation_frame_is_dropped() -> None:
    frame = frame_of("ej2/powerboozt-12v-300ah")

    assert receive(load("ej2").assembler(), [b"\0" + frame[:-1] + b"\0~\0\0\0"]) == [frame]


def test_the_end_of_the_answer_reports_the_frame_in_progress_once() -> None:
    assembler = load("ej").assembler()
    assembler.feed(CHARGING[:100])

    assert list(assembler.flush()) == [FrameRejected(reason="cut off: no end byte", frame=CHARGING[:100])]
    assert list(assembler.flush()) == []
    assert receive(assembler, [CHARGING]) == [CHARGING]


def test_nothing_is_pending_between_frames() -> None:
    assembler = load("ej").assembler()
    assert assembler.pending == 0
    assembler.feed(b"AT\r\n" + CHARGING[:30])
    assert assembler.pending == 30
    assembler.feed(CHARGING[30:] + b"AT")
    assert assembler.pending == 0


@given(
    stream=STREAMS | st.binary(max_size=60),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    limit=st.integers(4, 12),
    ignore=st.sampled_from([b"", b"\0", b"\r\0"]),
)
def test_it_is_the_machine_that_one_would_draw_on_paper(
    stream: bytes, sizes: list[int], limit: int, ignore: bytes
) -> None:
    framing = narrow(limit, ignore)
    reference, assembler, seen = Reference(framing), Assembler(framing), 0
    found: list[Assembled] = []
    for chunk in cut(stream, sizes):
        reference.feed(chunk)
        found += assembler.feed(chunk)
        seen += len(chunk)
        assert found == reference.found
        assert assembler.pending == len(reference.frame or b"")


@given(stream=STREAMS, size=st.integers(1, 30))
def test_every_byte_is_in_a_frame_in_a_rejection_or_is_noise_between_them(stream: bytes, size: int) -> None:
    assembler = Assembler(narrow(9))
    found = [*receive(assembler, cut(stream, [size])), *assembler.flush()]
    position = 0
    for item in found:
        part = item.frame if isinstance(item, FrameRejected) else item
        at = stream.index(part, position)
        assert b":" not in stream[position:at]
        position = at + len(part)
    assert b":" not in stream[position:]
