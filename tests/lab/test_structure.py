"""Frames, encoding, check value and kinds of one battery, found in turn."""

from random import Random

import pytest

from bmsreader.lab.structure import structure_of
from bmsreader.protocol.crc import CATALOGUE
from tests.lab.talk import answer, capture, split

DICE = Random(11)


def cells() -> bytes:
    return b"\x82" + b"".join(DICE.randrange(3280, 3320).to_bytes(2, "big") for _ in range(8)) + bytes(8)


def totals() -> bytes:
    return b"\x90" + DICE.randrange(1000, 9000).to_bytes(2, "big") + b"\x00\x64"


SENT = [(request, answer(body())) for _ in range(20) for request, body in ((b"cells?", cells), (b"totals?", totals))]
TALK = capture([(request, split(frame)) for request, frame in SENT])


@pytest.mark.slow
def test_everything_is_found_and_sure() -> None:
    found = structure_of(TALK)

    assert found.checksum
    assert (found.framing.sure, found.encoding.sure, found.checksum.sure) == (True, True, True)
    assert (found.encoding.value.kind, found.checksum.value.algorithm, found.checksum.value.tail) == ("raw", "sum8", 1)


@pytest.mark.slow
def test_kinds_are_told_apart_and_know_their_request() -> None:
    found = structure_of(TALK)

    assert [(kind.request, len(kind.payloads)) for kind in found.kinds] == [(b"cells?", 20), (b"totals?", 20)]


@pytest.mark.slow
def test_a_damaged_frame_is_set_aside() -> None:
    damaged = [*SENT]
    damaged[4] = (damaged[4][0], damaged[4][1][:7] + b"?" + damaged[4][1][8:])

    found = structure_of(capture([(request, split(frame)) for request, frame in damaged]))

    assert [frame.data for frame in found.broken] == [damaged[4][1]]


def test_modbus_is_called_by_its_name() -> None:
    frames = []
    for at in range(24):
        data = b"\x01\x03" + bytes([20 + at % 3 * 2]) + DICE.randbytes(20 + at % 3 * 2)
        frames.append(data + CATALOGUE["crc16-modbus"].compute(data).to_bytes(2, "little"))

    assert structure_of(capture([(b"?", split(frame)) for frame in frames])).encoding.value.modbus


@pytest.mark.slow
def test_no_check_value_is_an_answer() -> None:
    frames = [b"\x7b\x03" + bytes([size]) + DICE.randbytes(size) + b"\x7d" for size in (9, 13, 22) * 8]

    found = structure_of(capture([(b"?", split(frame)) for frame in frames]))

    assert (found.checksum, len(found.kinds)) == (None, 3)


@pytest.mark.slow
def test_a_key_behind_which_a_check_value_is_right_is_found() -> None:
    frames = []
    for _ in range(24):
        plain = b"\x82\x05" + DICE.randbytes(20) + bytes(3)  # unused bytes give a key away
        plain += CATALOGUE["crc16-modbus"].compute(plain).to_bytes(2, "little")
        frames.append(b":" + bytes(byte ^ 0x82 for byte in plain).hex().upper().encode() + b"~")
    found = structure_of(capture([(b"?", split(frame)) for frame in frames]))

    assert found.checksum is not None
    assert (found.encoding.value.xor_constant, found.checksum.value.domain) == (0x82, "payload")
