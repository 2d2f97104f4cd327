"""What may say whose battery it is, is found in every form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.output.private import (
    address_forms,
    forms,
    is_hex_text,
    is_text,
    may_be_secret,
    named_spans,
    plain,
    quoted_words,
    serial_words,
    still_text,
)

ADDRESS = bytes.fromhex("A4C138991122")


@pytest.mark.parametrize(
    "written",
    [
        ADDRESS,
        ADDRESS[::-1],
        b"A4:C1:38:99:11:22",
        b"22-11-99-38-c1-a4",
        b"a4c138991122",
        b"A4C138991122".hex().encode(),
        b"991122",
        ADDRESS[:5],
    ],
)
def test_an_address_is_known_however_it_is_written(written: bytes) -> None:
    assert written in set(address_forms(ADDRESS))
    assert written in set(forms(b"A4C138991122"))


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_name_is_known_in_every_encoding(code: str) -> None:
    wanted = "Peter-Boot".encode(code)

    assert {wanted, wanted.hex().encode(), wanted.hex().upper().encode()} <= set(forms(b"Peter-Boot"))


def test_what_looks_like_a_serial_number_is_one() -> None:
    heard = [b"\x01SN48ZX771\x00", b":" + b"B2K-20231107".hex().encode() + b"~", b"voltage 13.204 V 3301", b"12345678"]

    assert serial_words(heard) == {b"SN48ZX771", b"B2K-20231107", b"12345678"}


@pytest.mark.parametrize(
    ("request_sent", "digits"),
    [
        (b"\xa5\x16PIN123456\x00", False),
        (b"\xa5\x16abcdef\x00", False),
        (b"AT+LOGIN=abc", False),
        (b"AT+JOIN=hunter2\r\n", False),
        (b'{"cmd":"auth","v":"abc"}', False),
        (b":" + b"\x02471182".hex().encode() + b"~", True),
        (b":34373131~", True),
    ],
)
def test_what_may_be_a_password_is_told(request_sent: bytes, digits: bool) -> None:
    assert may_be_secret(request_sent, digits=digits)


@pytest.mark.parametrize(
    ("request_sent", "digits"),
    [
        (b":000250000E03~", True),
        (b":0002~", True),
        (bytes.fromhex("DDA50300FFFD77"), False),
        (bytes.fromhex("D2030000003ED7B9"), False),
        (bytes.fromhex("AA5590EB96000000000000000000000000000010"), False),
        (b"AT+STATUS\r\n", False),
        (b"AT+SHOW=CELLS,2\r\n", False),
        (b'{"cmd":"get_status"}', False),
    ],
)
def test_an_ordinary_question_is_no_password(request_sent: bytes, digits: bool) -> None:
    assert not may_be_secret(request_sent, digits=digits)


def test_text_that_stands_still_is_found_and_values_are_not() -> None:
    frames = [
        b"\xa5\x5a\x01\x02\x03" + bytes([n, 0xFF]) + b"SN48ZX" + b"\xff" + b"1\x002\x00Z\x004\x00" for n in range(3)
    ]

    assert still_text(frames, head=5) == [(7, 13), (14, 22)]


def test_a_long_text_at_the_front_is_no_head() -> None:
    assert still_text([b"$SN48ZX77123\xff", b"$SN48ZX77123\xfe"], head=5)[0] == (2, 12)


def test_names_and_numbers_in_text_are_kept_and_its_words_are_not() -> None:
    frames = [b'{"voltage":13.20,"owner":"Peter"}', b'{"voltage":13.20,"owner":"Peter"}']

    assert [frames[0][start:stop] for start, stop in still_text(frames, head=1)] == [b"Peter"]
    assert quoted_words(frames) == {b"Peter"}


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ('{"lat":48.137431,"lon": -11.5,"volts":13.2,"latest":7}', ["48.137431", "-11.5"]),
        ('{"pw":"abc","wifi_pass":"hunter2!","soc":80}', ["abc", "hunter2!"]),
        ("SSID=Käthes Netz;V=13.2;phone=+49 171 23", ["Käthes Netz", "+49 171 23"]),
        ("volts: 13.2, keys: 3, platform: 2", []),
    ],
)
def test_what_a_battery_calls_a_place_a_password_or_a_person_is_private(text: str, private: list[str]) -> None:
    data = text.encode()

    assert [data[start:stop].decode() for start, stop in named_spans(data)] == private


@given(data=st.binary(max_size=60))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    assert isinstance(plain(data), bytes)
    assert isinstance(may_be_secret(data), bool)
    assert not (is_text(data) and is_hex_text(data))
    assert still_text([data, data], head=3) is not None
    assert all(start < stop <= len(data) for start, stop in named_spans(data))
    assert serial_words([data]) is not None
