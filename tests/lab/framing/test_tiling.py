"""Frames that follow each other within notifications are parted by what they say of their length."""

from random import Random

from bmsreader.lab.framing.tiling import packed, tiled

DICE = Random(8)


def frame(size: int) -> bytes:
    """Return a frame: DD, kind, length of the rest, the rest."""
    return b"\xdd\x03" + bytes([size]) + DICE.randbytes(size)


def test_each_frame_says_where_the_next_one_begins() -> None:
    bursts = [[frame(9), frame(14)] for _ in range(20)]

    assert tiled([b"".join(burst) for burst in bursts]) == [one for burst in bursts for one in burst]


def test_bursts_of_one_frame_each_are_left_to_others() -> None:
    assert tiled([frame(9) for _ in range(20)]) == []


def test_silence_has_no_frames() -> None:
    assert tiled([]) == []


def test_an_endless_stream_is_cut_where_the_same_pair_comes_again() -> None:
    frames = [b"\x16\x54" + DICE.randbytes(13 + at % 9) for at in range(30)]
    stream = b"".join(frames)
    bursts = [stream[7:300], stream[300:]]

    assert frames[1:-1] in list(packed(bursts))


def test_bursts_that_begin_alike_are_no_endless_stream() -> None:
    assert list(packed([frame(9) for _ in range(20)])) == []
