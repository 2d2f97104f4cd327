"""Frames of unknown batteries are found in their notifications."""

from random import Random

import pytest

from bmsreader.captures.traffic import Capture
from bmsreader.lab.framing import frames
from bmsreader.lab.framing.bursts import bursts_of, main_handle, packets_of
from bmsreader.lab.framing.frames import Framed, frames_in, usual_sizes
from tests.lab.talk import answer, capture, split

DICE = Random(3)
BODIES = [bytes([DICE.randrange(256) for _ in range(DICE.choice((10, 26, 41)))]) for _ in range(40)]


def frames_of(talk: Capture) -> Framed:
    packets = packets_of(talk, None)
    handle = main_handle(packets)
    return frames_in(bursts_of(packets, handle), handle)


def hexed(body: bytes) -> bytes:
    return b":" + body.hex().upper().encode() + b"~"


def plain(body: bytes) -> bytes:
    return b"\x55\xaa\xeb\x90" + (body * 9)[:90]


@pytest.mark.slow
@pytest.mark.parametrize("frame", [answer, hexed, plain], ids=["length and end", "hex text", "fixed size"])
def test_each_way_of_framing_is_found(frame: object) -> None:
    assert callable(frame)
    sent = [frame(body) for body in BODIES]

    found = frames_of(capture([(b"?", split(one)) for one in sent]))

    assert ([one.data for one in found.frames], found.framing.sure) == (sent, True)


def test_the_rule_is_told_in_words() -> None:
    found = frames_of(capture([(b"?", split(answer(body))) for body in BODIES]))

    rule = found.framing.value
    assert rule.length
    assert (rule.start, rule.end, rule.length.at, rule.length.constant) == (
        b"\xdd\x03"[: rule.length.at],
        b"\x77",
        2,
        5,
    )
    assert found.framing.why == (
        "40 frames begin with DD 03, end with 77, say their length at byte 2; 100.0% of all bytes are in whole frames"
    )


def test_a_battery_that_is_never_asked_is_understood_too() -> None:
    sent = [answer(body) for body in BODIES]

    found = frames_of(capture([(None, split(one)) for one in sent]))

    assert [(one.data, one.request) for one in found.frames] == [(one, None) for one in sent]


def test_two_answers_in_one_burst_are_parted() -> None:
    sent = [answer(body) for body in BODIES]
    pairs = [(b"?", [*split(one), *split(other)]) for one, other in zip(sent[::2], sent[1::2], strict=True)]

    assert [one.data for one in frames_of(capture(pairs)).frames] == sent


@pytest.mark.slow
def test_small_notifications_in_a_row_are_frames_of_their_own() -> None:
    """CAN frames as a gateway hands them on: an identifier and eight bytes."""
    sent = [bytes([3, 0x55 + at % 4, 8]) + DICE.randbytes(8) for at in range(80)]

    found = frames_of(capture([(None, sent[at : at + 4]) for at in range(0, 80, 4)]))

    assert [one.data for one in found.frames] == sent


@pytest.mark.slow
def test_lines_of_text_are_frames_wherever_notifications_end() -> None:
    lines = [f"&,1,{volts},006391,0136\r\n".encode() for volts in range(300, 360)]
    stream = split(b"".join(lines), 20)

    found = frames_of(capture([(None, [chunk]) for chunk in stream], every=0.1))

    assert [one.data for one in found.frames] == lines


def test_lost_notifications_and_noise_cost_little() -> None:
    sent = [answer(body) for body in BODIES]
    chunks = [split(one) for one in sent]
    chunks[5] = chunks[5][1:]
    chunks[9] = [b"AT\r\n", *chunks[9]]

    found = frames_of(capture([(b"?", one) for one in chunks]))

    assert [one.data for one in found.frames] == [*sent[:5], *sent[6:]]


def test_a_silent_battery_has_no_frames() -> None:
    silent: Framed = frames_of(capture([(b"?", [])]))

    assert (silent.frames, silent.framing.sure, silent.framing.why) == ((), False, "the battery sent nothing")


def test_a_size_that_a_lost_notification_left_is_not_usual() -> None:
    frames = [b"\x01" + bytes(29)] * 20 + [b"\x01" + bytes(9)] + [b"\x02" + bytes(19)] * 20

    assert usual_sizes(frames, 1) == (30, 20)


def test_a_size_that_lacks_a_full_notification_is_a_piece_even_if_it_is_frequent() -> None:
    frames = [b"\x01" + bytes(91)] * 9 + [b"\x01" + bytes(71)] * 5 + [b"\x01" + bytes(50)] * 5

    assert (usual_sizes(frames, 1, chunk=20), usual_sizes(frames, 1)) == ((92, 51), (92, 72, 51))


@pytest.mark.slow
def test_lines_of_digits_end_where_the_line_ends() -> None:
    lines = [b"$31" + body.hex().upper().encode() + b"\r\n" for body in BODIES]

    found = frames_of(capture([(b"?", split(line)) for line in lines]))

    assert ([one.data for one in found.frames], found.framing.value.start) == (lines, b"$")


def test_a_value_that_stood_still_for_long_is_no_start_mark() -> None:
    sent = [
        bytes([0x34 if number < 50 else 0x33, number, *(7 * number % 251 for _ in range(9)), 5]) for number in range(60)
    ]

    found = frames_of(capture([(None, [one]) for one in sent]))

    assert ([one.data for one in found.frames], found.framing.value.start) == (sent, b"")


@pytest.mark.slow
def test_a_stream_that_never_pauses_is_judged_by_its_beginning_and_cut_whole() -> None:
    frames = [b"\xaa\x55" + bytes([number % 251, 7, number % 13]) for number in range(3000)]
    framed = frames_of(capture([(b"?", frames)]))
    assert [frame.data for frame in framed.frames] == frames


def test_what_is_no_batterys_is_no_frame_and_takes_no_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_BYTES", 20_000)
    found = frames_of(capture([(None, [b"\xaa" * 8192])] * 20))

    assert (found.frames, found.framing.bits) == ((), 0)
    assert sum(len(piece.data) for piece in found.broken) == 20 * 8192
