"""How frames carry their payload: as it is, as digits, as text, behind an XOR."""

from random import Random

from bmsreader.lab.evidence import Encoding, Framing, Length
from bmsreader.lab.framing.encoding import body_of, decoded, find_encoding, payload_of, xored

DICE = Random(5)
PAYLOADS = [
    b"\x00\x82" + b"".join(DICE.randrange(3200, 3400).to_bytes(2, "big") for _ in range(4)) + bytes(20) + bytes([at])
    for at in range(30)
]
MARKS = Framing(start=b":", end=b"~")
NONE = Framing()


def digits(payload: bytes) -> bytes:
    return payload.hex().upper().encode()


def test_bytes_are_bytes() -> None:
    assert find_encoding(PAYLOADS, NONE).value == Encoding(kind="raw")


def test_hex_text_is_recognised_beyond_doubt() -> None:
    found = find_encoding([b":" + digits(payload) + b"~" for payload in PAYLOADS], MARKS)

    assert (found.value, found.sure) == (Encoding(kind="hex"), True)


def test_digits_may_begin_after_a_prefix() -> None:
    found = find_encoding([b":+RD," + digits(payload) + b"~" for payload in PAYLOADS], MARKS).value

    assert (found.kind, found.skip) == ("hex", 4)
    assert payload_of(b"+RD,0102", found) == b"+RD,\x01\x02"


def test_text_behind_an_xor_is_recognised() -> None:
    found = find_encoding([xored(digits(payload), 0x11) for payload in PAYLOADS], NONE).value

    assert (found.kind, found.xor_constant, found.xor_text) == ("hex", 0x11, True)
    assert payload_of(xored(b"0A0B", 0x11), found) == b"\x0a\x0b"


def test_a_constant_key_shows_in_empty_fields() -> None:
    found = find_encoding([xored(payload, 0x5A) for payload in PAYLOADS], NONE).value

    assert (found, payload_of(xored(b"volts", 0x5A), found)) == (Encoding(kind="raw", xor_constant=0x5A), b"volts")


def test_a_length_that_was_understood_as_it_is_stands_before_what_is_xored() -> None:
    framing = Framing(start=b"\xd7", length=Length(at=1, width=1, notation="big", constant=2))
    frames = [b"\xd7" + bytes([len(payload)]) + xored(payload, 0x5A) for payload in PAYLOADS]
    found = find_encoding(frames, framing).value

    assert found == Encoding(kind="raw", xor_constant=0x5A, xor_from=1)
    assert payload_of(body_of(frames[3], framing), found) == bytes([len(PAYLOADS[3])]) + PAYLOADS[3]


def test_a_key_that_is_a_byte_of_the_frame_is_recognised() -> None:
    frames = [b":" + digits(xored(payload, 1 + 8 * at)) + b"~" for at, payload in enumerate(PAYLOADS)]

    found = find_encoding(frames, MARKS).value

    assert (found.kind, found.xor_key_at) == ("hex", 0)
    assert payload_of(body_of(frames[7], MARKS), found) == PAYLOADS[7]


def test_a_key_that_each_frame_has_for_itself_is_recognised_by_what_stands_still_without_it() -> None:
    full = [b"\x0d\xac" + DICE.randbytes(2) + b"\x01\x90" + DICE.randbytes(9) for _ in range(30)]
    frames = [bytes((at, 40, *xored(payload, at))) for at, payload in enumerate(full, 7)]

    found = find_encoding(frames, NONE)

    assert (found.value, found.sure) == (Encoding(kind="raw", xor_key_at=0, xor_from=2), True)
    assert [payload_of(frame, found.value) for frame in frames] == [
        bytes((at, 40)) + payload for at, payload in enumerate(full, 7)
    ]


def test_a_byte_that_stands_there_several_times_is_no_key() -> None:
    frames = [bytes((at, 2, at, at, at)) + DICE.randbytes(9) + b"\x01\x90" for at in range(30)]

    assert find_encoding(frames, NONE).value == Encoding(kind="raw")


def test_json_and_values_with_commas_are_text() -> None:
    objects = [b'{"volts": %d, "cells": [3301, 3302]}' % at for at in range(20)]
    lines = [b"1399,350,350,%d,349\r\n" % at for at in range(20)]

    assert [find_encoding(frames, NONE).value.kind for frames in (objects, lines)] == ["json", "csv"]


def test_damaged_digits_decode_to_nothing() -> None:
    assert (decoded(b"0G", Encoding(kind="hex")), payload_of(b"", Encoding(kind="raw", xor_key_at=3))) == (None, None)
