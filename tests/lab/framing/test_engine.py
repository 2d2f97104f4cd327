"""The structure of the frames in the terms of the description language."""

from bmsreader.lab.evidence import Checksum, Encoding, Finding, Frame, Framing, Kind, Length, Structure
from bmsreader.lab.framing.engine import Frames, in_language
from bmsreader.protocol.description import ChecksumRule, LengthRule


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


def said(framing: Framing, encoding: Encoding, checksum: Checksum | None, *frames: bytes) -> Frames:
    return in_language(structure(framing, encoding, checksum, *frames))


def test_hex_text_between_two_marks_can_be_said() -> None:
    frames = said(Framing(start=b":", end=b"~"), HEX, SUM, b":0102~")

    assert (frames.framing.start, frames.framing.end, frames.framing.cut) == (b":", b"~", "marks")
    assert frames.checksum == ChecksumRule(name="check", algorithm="sum8", over="characters")
    assert frames.lacks == ()
    assert frames.payload(b":0102~") == b"\x01\x02"


def test_a_sum_over_decoded_bytes_can_be_said() -> None:
    check = Checksum(algorithm="crc16-modbus", domain="decoded", width=2, notation="little")
    frames = said(Framing(start=b":", end=b"~"), HEX, check, b":0102~")

    assert frames.checksum == ChecksumRule(name="check", algorithm="crc16-modbus", over="bytes", order="little")
    assert (frames.check, frames.lacks) == ((2, 0), ())


def test_xor_with_a_constant_can_be_said() -> None:
    check = Checksum(algorithm="sum8", domain="payload", width=1, notation="big")
    masked = Encoding(kind="hex", xor_constant=0x20)
    frames = said(Framing(start=b":", end=b"~"), masked, check, b":2021A3~", b":202144~")

    assert (frames.framing.xor_key, frames.checksum and frames.checksum.over, frames.lacks) == (0x20, "bytes", ())
    assert frames.payload(b":2021A3~") == b"\x00\x01\x83"


def test_a_check_value_over_bytes_that_are_still_masked_can_be_said() -> None:
    check = Checksum(algorithm="sum8", domain="decoded", width=1, notation="big")
    frames = said(Framing(start=b":", end=b"~"), Encoding(kind="hex", xor_key_at=1), check, b":2021A3~")

    assert (frames.framing.xor_key_at, frames.checksum and frames.checksum.over) == (1, "masked")


def test_a_length_behind_a_start_of_two_bytes_counts_from_the_start() -> None:
    length = Length(at=2, width=1, notation="big", constant=5)
    check = Checksum(algorithm="crc16-modbus", domain="frame", width=2, notation="little")
    frames = said(Framing(start=b"\xd2\x03", length=length), Encoding(kind="raw"), check, b"\xd2\x03\x01\x07")

    assert (frames.framing.cut, frames.framing.length) == ("length", LengthRule(at=0, type="u8", plus=5))
    assert frames.checksum == ChecksumRule(name="check", algorithm="crc16-modbus", over="frame", order="little")


def test_a_length_in_hex_digits_that_checks_itself_can_be_said() -> None:
    length = Length(at=9, width=4, notation="hex", constant=18, mask=0xFFF)
    frames = said(Framing(start=b"~", end=b"\r\n", length=length), HEX, None, b"~00")

    assert frames.framing.length == LengthRule(at=4, type="u16", plus=18, lenid=True)


def test_a_check_value_in_front_of_the_end_is_the_payloads_last() -> None:
    check = Checksum(
        algorithm="crc32-iso-hdlc/low8", domain="frame", width=1, notation="big", start=3, gap=1, tail=3, constant=7
    )
    frames = said(Framing(start=b"\xdd", end=b"\x77"), Encoding(kind="raw"), check, b"\xdd\x03\x77")

    assert frames.checksum == ChecksumRule(
        name="check", algorithm="crc32-iso-hdlc", part="low8", over="characters", skip=2, gap=1, tail=2, plus=7
    )
    assert frames.framing.cut == "size"


def test_frames_without_any_mark_are_cut_by_pauses() -> None:
    assert said(Framing(), Encoding(kind="raw"), None, b"\x01\x02").framing.cut == "pause"


def test_characters_before_the_digits_that_never_change_belong_to_the_start() -> None:
    frames = said(Framing(start=b"~"), Encoding(kind="hex", skip=1), None, b"~G0102", b"~G0304")

    assert (frames.framing.start, frames.payload(b"~G0102"), frames.lacks) == (b"~G", b"\x01\x02", ())


def test_what_cannot_be_said_is_named() -> None:
    frames = said(Framing(start=b"{"), Encoding(kind="json"), None, b"{}")
    assert frames.lacks == ("JSON text",)

    check = Checksum(algorithm="sum8", domain="frame", width=1, notation="hex")
    assert said(Framing(start=b"$"), Encoding(kind="raw"), check, b"$1").lacks == ("a check value in hex notation",)


def test_xor_over_the_characters_of_hex_digits_can_be_said() -> None:
    masked = Encoding(kind="hex", xor_constant=0x10, xor_text=True)
    frames = said(Framing(start=b";"), masked, None, b'; !"#')

    assert (frames.framing.xor_key, frames.framing.xor_over, frames.lacks) == (0x10, "characters", ())
    assert frames.payload(b'; !"#') == b"\x01\x23"
