"""The structure of the frames in the terms of the description language."""

from bmsreader.lab.engine import in_language
from bmsreader.lab.evidence import Checksum, Encoding, Finding, Frame, Framing, Kind, Structure


def structure(framing: Framing, encoding: Encoding, checksum: Checksum | None, *frames: bytes) -> Structure:
    kind = Kind(
        request=b"?", size=0, frames=tuple(Frame(at=0, request=b"?", data=f) for f in frames), payloads=tuple(frames)
    )
    return Structure(
        framing=Finding(value=framing, bits=1, why=""),
        encoding=Finding(value=encoding, bits=1, why=""),
        checksum=Finding(value=checksum, bits=1, why="") if checksum else None,
        kinds=(kind,),
    )


HEX = Encoding(kind="hex")
SUM = Checksum(algorithm="sum8", domain="frame", width=1, notation="hex", start=1, tail=1)


def test_hex_text_between_two_marks_can_be_said() -> None:
    frames = in_language(structure(Framing(start=b":", end=b"~"), HEX, SUM, b":0102~"))

    assert (frames.start, frames.end, frames.encoding, frames.over, frames.lacks) == (
        ":",
        "~",
        "ascii-hex",
        "characters",
        (),
    )
    assert frames.payload(b":0102~") == b"\x01\x02"


def test_a_sum_over_decoded_bytes_can_be_said() -> None:
    check = Checksum(algorithm="crc16-modbus", domain="decoded", width=2, notation="little")
    frames = in_language(structure(Framing(start=b":", end=b"~"), HEX, check, b":0102~"))

    assert (frames.algorithm, frames.over, frames.order, frames.check, frames.lacks) == (
        "crc16-modbus",
        "bytes",
        "little",
        2,
        (),
    )


def test_xor_with_a_constant_is_xor_by_a_byte_that_holds_it() -> None:
    check = Checksum(algorithm="sum8", domain="payload", width=1, notation="big")
    masked = Encoding(kind="hex", xor_constant=0x20)
    frames = in_language(structure(Framing(start=b":", end=b"~"), masked, check, b":2021A3~", b":202144~"))

    assert (frames.xor_key_at, frames.lacks) == (0, ())
    assert frames.payload(b":2021A3~") == b"\x00\x01\x83"


def test_what_cannot_be_said_is_named() -> None:
    check = Checksum(algorithm="crc8-maxim-dow", domain="frame", width=1, notation="big")
    frames = in_language(structure(Framing(start=b"\xaa\x55"), Encoding(kind="raw"), check, b"\xaa\x55\x01"))

    assert frames.lacks == (
        "frames without an end byte",
        "a check value over the start byte",
    )
