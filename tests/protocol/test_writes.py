"""What is known to change a battery is recognised in every disguise, and what reads is left alone."""

import pytest

from bmsreader.descriptions import shipped
from bmsreader.protocol.writes import known_write
from tests.frames import crc16_modbus, ej_frame

HEADS = [":0005", ":0006", ":0105", ":FF06", ":0085", ":0086"]


@pytest.mark.parametrize("head", HEADS)
def test_the_commands_05_and_06_are_known_writes(head: str) -> None:
    assert "E&J command 0" in (known_write(f"{head}50000E00~".encode()) or "")


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"AT\r\n:000550000E00~", id="behind noise"),
        pytest.param(b":000250000E03~:000650000E00~", id="behind a read"),
        pytest.param(b":\x0000\r0650000E00~", id="with noise inside"),
        pytest.param(b":000550000e00~", id="in lower-case digits"),
        pytest.param(b":20257020~", id="XORed with byte 3"),
        pytest.param(b":0005", id="cut short"),
        pytest.param(b":0086", id="cut short, with the direction bit"),
        pytest.param(b":0085FF33~", id="with the direction bit and any version and length"),
        pytest.param(ej_frame(bytes.fromhex("0006500011") + b"\x03"), id="as the vendor's document builds it"),
    ],
)
def test_no_disguise_hides_a_write(request_bytes: bytes) -> None:
    assert known_write(request_bytes) is not None


def test_the_shipped_reads_are_no_writes() -> None:
    reads = [send for codec in shipped() for send in codec.read_requests]

    assert len(reads) == 3
    assert [known_write(send) for send in (*reads, b":000150000E04~", b":000950000EFC~", b"", b":", b":0")] == [
        None
    ] * 8


def modbus(start: str, mark: str = "") -> bytes:
    request = bytes.fromhex(start)
    return bytes.fromhex(mark) + request + crc16_modbus(request).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("request_bytes", "what"),
    [
        pytest.param(modbus("D206 00A1 0001"), "Modbus function 06, which writes a register", id="Modbus register"),
        pytest.param(modbus("0110 0000 0001 02 0001"), "Modbus function 10, which writes reg", id="Modbus registers"),
        pytest.param(modbus("0005 0000 FF00", "A5A5"), "Modbus function 05, which writes a coil", id="behind a mark"),
        pytest.param(bytes.fromhex("DD5AE1020002FF1B77"), "JBD command 5A E1", id="JBD"),
        pytest.param(bytes.fromhex("AA5590EB1D0401000000") + bytes(10), "Jikong command 1D", id="Jikong"),
        pytest.param(bytes.fromhex("A540D9080000000000000000C6"), "Daly command D9", id="Daly"),
    ],
)
def test_the_writes_of_common_binary_families_are_known(request_bytes: bytes, what: str) -> None:
    assert (known_write(request_bytes) or "").startswith(what)


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(modbus("D203 0000 003E"), id="Modbus"),
        pytest.param(bytes.fromhex("DDA50300FFFD77"), id="JBD"),
        pytest.param(bytes.fromhex("AA5590EB9600") + bytes(14), id="Jikong"),
        pytest.param(bytes.fromhex("A540900800000000000000007D"), id="Daly"),
        pytest.param(bytes.fromhex("7EA1010000BE1855AA55"), id="ANT"),
    ],
)
def test_the_reads_of_common_binary_families_are_left_alone(request_bytes: bytes) -> None:
    assert known_write(request_bytes) is None
