"""Marks at the start and the end of frames."""

from bmsreader.lab.framing.markers import common_end, common_start, hex_text, starts

FRAMES = [b"\xdd\x03\x05abcde\x10\x77", b"\xdd\x03\x07abcdefg\x55\x77", b"\xdd\x03\x02ab\x20\x77"]
TEXT = [b":0082AB12CD~", b":0082AB13CE~", b":0082AC13CF~"]


def test_marks_are_what_all_frames_share() -> None:
    assert (common_start(FRAMES), common_end(FRAMES)) == (b"\xdd\x03", b"\x77")


def test_digits_are_no_marks() -> None:
    assert (common_start(TEXT), common_end(TEXT), hex_text(TEXT)) == (b":", b"~", True)


def test_zeros_are_no_end() -> None:
    assert common_end([b"one\0\0", b"two\0\0"]) == b""


def test_one_frame_alone_shows_no_end() -> None:
    assert common_end([b"one~"] * 3) == b""


def test_a_few_starts_are_named() -> None:
    pages = [b"\x12abc", b"\x22abc", b"\x12def", b"\x22def"]

    assert (starts(pages), starts([bytes([n]) for n in range(99)])) == ((b"\x12", b"\x22"), ())


def test_a_stray_notification_does_not_hide_the_marks() -> None:
    assert common_start([*FRAMES * 3, b"AT\r\n"]) == b"\xdd\x03"


def test_a_value_that_mostly_stood_still_is_no_mark() -> None:
    frames = [b"\xa5\x33" + bytes([at, 1]) for at in range(30)] + [b"\xa5\x32" + bytes([at, 1]) for at in range(3)]

    assert common_start(frames) == b"\xa5"


def test_a_first_byte_that_falls_slowly_names_no_starts() -> None:
    assert starts([bytes([90 - at // 10, at]) for at in range(50)]) == ()
