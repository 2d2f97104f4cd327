"""Check values are found without being told where they stand, over what, or how they are made."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.checks.checksum import LARGEST, Hints, check_value, find_checksum
from bmsreader.lab.checks.sums import FUNCTIONS
from bmsreader.lab.evidence import Checksum, Notation

FAMILIES: list[tuple[str, int, Notation, int, int, int]] = [
    # function, width, notation, first byte, bytes between range and value, bytes behind
    ("sum8", 1, "big", 0, 0, 0),
    ("sum8", 1, "big", 2, 0, 2),
    ("not-sum8", 1, "hex", 1, 0, 1),
    ("neg-sum8", 1, "big", 1, 0, 1),
    ("xor8", 1, "big", 3, 0, 1),
    ("sum16", 2, "little", 1, 0, 0),
    ("sum16", 2, "big", 0, 0, 0),
    ("neg-sum16", 2, "big", 2, 0, 1),
    ("neg-sum16", 2, "hex", 1, 0, 1),
    ("sum32", 4, "little", 0, 0, 0),
    ("crc16-modbus", 2, "little", 0, 0, 0),
    ("crc16-modbus", 2, "little", 1, 0, 2),
    ("crc16-modbus", 2, "big", 0, 0, 1),
    ("crc16-modbus", 2, "hex", 1, 0, 1),
    ("crc16-xmodem", 2, "big", 1, 0, 1),
    ("crc16-arc/low8", 1, "big", 0, 0, 0),
    ("crc8-smbus", 1, "big", 0, 0, 0),
    ("crc8-maxim-dow", 1, "big", 2, 0, 0),
    ("crc32-iso-hdlc", 4, "little", 0, 0, 0),
    ("fletcher16", 2, "little", 0, 0, 0),
    ("fletcher16-256", 2, "big", 2, 0, 0),
    ("adler32", 4, "big", 0, 0, 0),
]


def frames(family: tuple[str, int, Notation, int, int, int], count: int = 12, size: int = 40) -> list[bytes]:
    function, width, notation, start, gap, tail = family
    dice = Random(7)
    usual, made = bytearray(dice.randbytes(size)), []
    for _ in range(count):
        for _ in range(6):
            usual[dice.randrange(size)] = dice.randrange(256)
        data = b"\xdd\x03\x28" + bytes(usual)
        value = FUNCTIONS[function].compute(data[start : len(data) - gap])
        text = f"{value:0{2 * width}X}".encode()
        made.append(data + (text if notation == "hex" else value.to_bytes(width, notation)) + b"\x0d\x77"[:tail])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: "-".join(map(str, family)))
def test_each_family_is_found_and_sure(family: tuple[str, int, Notation, int, int, int]) -> None:
    found = find_checksum({"frame": frames(family)}, {"frame": Hints(end=family[-1])})

    assert found
    rule = found.value
    assert found.sure
    assert family == (rule.algorithm, rule.width, rule.notation, rule.start, rule.gap, rule.tail)


@pytest.mark.slow
@pytest.mark.parametrize("count", [3, 4, 10])
def test_random_frames_have_no_check_value(count: int) -> None:
    dice = Random(count)

    assert [find_checksum({"frame": [dice.randbytes(30) for _ in range(count)]}) for _ in range(8)] == [None] * 8


@given(st.lists(st.binary(min_size=4, max_size=20), max_size=5))
def test_whatever_the_frames_nothing_breaks_and_few_frames_prove_nothing(some: list[bytes]) -> None:
    found = find_checksum({"frame": some})

    assert found is None or not found.sure or len(set(some)) > 2


def test_three_frames_are_not_enough_to_be_sure_of_one_byte() -> None:
    found = find_checksum({"frame": frames(FAMILIES[0], count=3)})

    assert found
    assert (found.value.algorithm, found.sure) == ("sum8", False)


def test_a_damaged_frame_does_not_hide_the_rule() -> None:
    some = frames(FAMILIES[0])
    some[0] = some[0][:20] + b"?" + some[0][21:]

    found = find_checksum({"frame": some})

    assert found
    assert (found.value.algorithm, found.why) == ("sum8", "11 of 12 different frames agree with sum8 from byte 0")


def test_a_free_constant_comes_last_but_is_found() -> None:
    plain = frames(("sum8", 1, "big", 0, 0, 0), count=12)
    shifted = [frame[:-1] + bytes([frame[-1] + 0x55 & 0xFF]) for frame in plain]

    found = find_checksum({"frame": shifted})

    assert found
    assert (found.value.algorithm, found.value.start, found.value.constant) == ("sum8", 0, 0x55)


def test_rules_that_no_frame_tells_apart_are_named_as_equal() -> None:
    """A header of constant bytes that is left out makes the same values as one that is summed with a constant."""
    found = find_checksum({"frame": frames(("sum8", 1, "big", 2, 0, 0))})

    assert found
    assert (found.value.start, found.value.constant) == (2, 0)
    assert (0, 0x100 - 0xDD - 0x03) in [(equal.start, equal.constant) for equal in found.equals]


def test_the_decoded_bytes_may_be_what_is_summed() -> None:
    payloads = frames(("sum8", 1, "big", 0, 0, 0))
    sent = [b":" + payload.hex().upper().encode() + b"~" for payload in payloads]

    found = find_checksum({"frame": sent, "decoded": payloads}, {"frame": Hints(start=1, end=1)})

    assert found
    assert (found.value.domain, found.value.algorithm) == ("decoded", "sum8")


def test_two_kinds_of_frames_share_one_rule() -> None:
    family = FAMILIES[10]

    found = find_checksum({"frame": frames(family, count=3, size=40) + frames(family, count=3, size=17)})

    assert found
    assert found.value.algorithm == "crc16-modbus"


def test_a_check_value_can_be_compared() -> None:
    rule = Checksum(algorithm="sum8", domain="frame", width=1, notation="big", tail=1)

    assert (check_value(rule, b"\x01\x02\x03\x77"), check_value(rule, b"\x01\x77")) == ((3, 3), None)


def test_what_goes_on_for_longer_than_any_frame_is_not_looked_at() -> None:
    frames = [bytes([number]) * LARGEST + bytes([number * LARGEST & 0xFF]) for number in range(1, 9)]

    assert find_checksum({"frame": frames}) is None
