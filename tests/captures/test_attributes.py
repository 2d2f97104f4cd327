"""Values and what was discovered about them."""

import pytest

from bmsreader.captures.attributes import Attributes, uuid_text
from bmsreader.captures.table import PacketTable


def taken(*pdus: tuple[bool, bytes]) -> tuple[PacketTable, Attributes]:
    table = PacketTable()
    attributes = Attributes(table, 0)
    for received, pdu in pdus:
        attributes.take(0, received, pdu)
    return table, attributes


@pytest.mark.parametrize(
    ("pdu", "kind"),
    [
        (b"\x12\x05\0v", "write"),
        (b"\x52\x05\0v", "write-command"),
        (b"\x1b\x05\0v", "notification"),
        (b"\x1d\x05\0v", "indication"),
        (b"\xd2\x05\0v" + bytes(12), "write-command"),
    ],
)
def test_values_have_kind_and_handle(pdu: bytes, kind: str) -> None:
    table, _ = taken((True, pdu))

    assert [(packet.kind, packet.handle, packet.value) for packet in table] == [(kind, 5, b"v")]


def test_an_answer_to_a_read_has_the_handle_of_its_question() -> None:
    table, _ = taken((False, b"\x0a\x07\0"), (True, b"\x0bvalue"))

    assert [(packet.kind, packet.handle, packet.value) for packet in table] == [("read", 7, b"value")]


def test_a_long_write_is_one_write() -> None:
    parts = [(False, b"\x16\x05\0\0\0long "), (True, b"\x17\x05\0\0\0long "), (False, b"\x16\x05\0\5\0write")]
    table, _ = taken(*parts, (False, b"\x18\x01"))

    assert [(packet.kind, packet.value) for packet in table] == [("write", b"long write")]


def test_a_long_write_that_was_cancelled_is_none() -> None:
    table, _ = taken((False, b"\x16\x05\0\0\0long"), (False, b"\x18\x00"))

    assert len(table) == 0


def test_the_name_that_was_read_is_that_of_the_battery() -> None:
    _, attributes = taken((False, b"\x08\x01\0\xff\xff\x00\x2a"), (True, b"\x09\x06\x03\0Cell"))

    assert attributes.connection(None).name == "Cell"


def test_the_smaller_wish_is_the_mtu() -> None:
    _, attributes = taken((False, b"\x02\xf7\0"), (True, b"\x03\x9e\0"))

    assert attributes.connection(None).mtu == 158


@pytest.mark.parametrize("pdu", [b"", b"\x1b", b"\x09\x15", b"\x05\x02\x01", b"\x09\x00", b"\x16\x01", b"\xff"])
def test_pdus_that_are_too_short_are_passed_over(pdu: bytes) -> None:
    assert len(taken((True, pdu))[0]) == 0


def test_services_and_what_handles_they_have_are_remembered() -> None:
    long = bytes(range(16))
    _, attributes = taken(
        (True, b"\x11\x06" + b"\x01\x00\x09\x00\x00\x18" + b"\x0a\x00\x14\x00\xf0\xff"),
        (True, b"\x11\x14" + b"\x15\x00\xff\xff" + long),
    )

    assert attributes.connection(None).services == (
        (1, 9, "1800"),
        (10, 20, "fff0"),
        (21, 0xFFFF, "0f0e0d0c-0b0a-0908-0706-050403020100"),
    )


def test_uuids_are_written_as_people_do() -> None:
    assert uuid_text(bytes.fromhex("e0ff")) == "ffe0"
    assert uuid_text(bytes(range(16)[::-1])) == "00010203-0405-0607-0809-0a0b0c0d0e0f"
