"""Frames made by hand, with checksums computed here: independent of the engine that reads them."""

from collections.abc import Mapping

XOR_KEY = 0x20


def lrc(text: bytes) -> int:
    """Return the first generation's check: the one's complement of the sum of the characters."""
    return 0xFF - sum(text) % 256


def crc16_modbus(data: bytes) -> int:
    """Return the CRC bit by bit, as the Modbus specification draws it."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc % 2 else crc >> 1
    return crc


def ej_frame(payload: bytes) -> bytes:
    """Return a first-generation frame around a payload without check byte."""
    text = payload.hex().upper().encode("ascii")
    return b":%s%02X~" % (text, lrc(text))


def ej2_frame(payload: bytes) -> bytes:
    """Return a plain second-generation frame: the sum is over the bytes without the first."""
    return b":%s~" % (payload + bytes([0xFF - sum(payload[1:]) % 256])).hex().upper().encode("ascii")


def nova_frame(payload: bytes) -> bytes:
    """Return a Nova frame: XORed, then the CRC over what is sent, which is XORed too where the key says so."""
    whole = payload + crc16_modbus(payload).to_bytes(2, "little")
    return b":%s~" % bytes(byte ^ XOR_KEY for byte in whole).hex().upper().encode("ascii")


def payload_of(frame: bytes, check: int = 1, key: int = 0) -> bytearray:
    """Return the payload of a frame without its check bytes."""
    return bytearray(byte ^ key for byte in bytes.fromhex(frame[1:-1].decode("ascii"))[:-check])


def changed(frame: bytes, changes: Mapping[int, bytes]) -> bytes:
    """Return a first-generation frame with other bytes at some offsets, and the right checksum again."""
    payload = payload_of(frame)
    for at, data in changes.items():
        payload[at : at + len(data)] = data
    return ej_frame(bytes(payload))


def changed2(frame: bytes, changes: Mapping[int, bytes]) -> bytes:
    """Return a plain second-generation frame with other bytes at some offsets, and the right checksum again."""
    payload = payload_of(frame)
    for at, data in changes.items():
        payload[at : at + len(data)] = data
    return ej2_frame(bytes(payload))


def words(*numbers: int) -> bytes:
    """Return numbers of two bytes each."""
    return b"".join(number.to_bytes(2, "big") for number in numbers)
