"""Commands that are known to change a battery: no description may send them, whatever it calls them."""

from bmsreader.protocol.checksum import ALGORITHMS

_EJ_COMMANDS = {
    0x05: "E&J command 05, which overwrites the protection parameters",
    0x06: "E&J command 06, which switches charge and discharge on and off",
}
"""Vendor's RS-485 specification rev 1.1. The battery obeys them from anybody, without a password."""

_MODBUS_WRITES = {
    0x05: "writes a coil",
    0x06: "writes a register",
    0x0F: "writes coils",
    0x10: "writes registers",
    0x16: "masks a register",
    0x17: "writes registers while it reads others",
}
"""Modbus application protocol 1.1b3, section 6."""

_CRC = ALGORITHMS["crc16-modbus"]

LONGEST_MARK = 5
"""Bytes that some families put in front of a Modbus request, at most, and one."""

_HEX = b"0123456789abcdefABCDEF"

_JIKONG_READS = (0x96, 0x97)
"""Cell and device information; all other commands of this family set something (syssi/esphome-jk-bms)."""

_DALY_WRITES = range(0xD0, 0xE0)
"""Switches of the older Daly protocol, such as D9 and DA for the two MOSFETs; 0x00 restarts (dreadnought/
python-daly-bms)."""


def known_write(request: bytes) -> str | None:
    """Return what the request would change, or None; noise, letter case and an XOR key do not hide a command."""
    for position, byte in enumerate(request):
        if byte == ord(":"):
            digits = bytes(digit for digit in request[position + 1 :] if digit in _HEX)[:8]
            head = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
            for command in _commands(head):
                if command in _EJ_COMMANDS:
                    return _EJ_COMMANDS[command]
    return _modbus_write(request) or _marked_write(request)


def _commands(head: bytes) -> tuple[int, ...]:
    """Return the command bytes that a battery may see: bit 7 is only a direction, byte 3 may be a key."""
    if len(head) < 2:
        return ()
    plain = head[1] & 0x7F
    return (plain, (head[1] ^ head[3]) & 0x7F) if len(head) > 3 else (plain,)


def _modbus_write(request: bytes) -> str | None:
    """Return what a Modbus request writes: the function is the second byte, a CRC ends it; a mark may come first."""
    for at in range(min(LONGEST_MARK, len(request) - 7)):
        frame = request[at:]
        if frame[1] in _MODBUS_WRITES and int.from_bytes(frame[-2:], "little") == _CRC.compute(frame[:-2]):
            return f"Modbus function {frame[1]:02X}, which {_MODBUS_WRITES[frame[1]]}"
    return None


def _marked_write(request: bytes) -> str | None:
    """Return what a request of a common binary family changes; each is known by its first bytes."""
    if request.startswith(b"\xdd\x5a"):
        return f"JBD command 5A {request[2:3].hex().upper()}, which writes a parameter or a switch"
    if request.startswith(b"\xaa\x55\x90\xeb") and request[4:5] and request[4] not in _JIKONG_READS:
        return f"Jikong command {request[4]:02X}, which sets something"
    if request.startswith(b"\xa5") and len(request) == 13 and (request[2] in _DALY_WRITES or not request[2]):
        return f"Daly command {request[2]:02X}, which switches or restarts"
    return None
