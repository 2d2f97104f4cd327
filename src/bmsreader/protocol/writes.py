"""Commands that are known to change a battery: no description may send them, whatever it calls them."""

_EJ_COMMANDS = {
    0x05: "E&J command 05, which overwrites the protection parameters",
    0x06: "E&J command 06, which switches charge and discharge on and off",
}
"""Vendor's RS-485 specification rev 1.1. The battery obeys them from anybody, without a password."""

_HEX = b"0123456789abcdefABCDEF"


def known_write(request: bytes) -> str | None:
    """Return what the request would change, or None; noise, letter case and an XOR key do not hide a command."""
    for position, byte in enumerate(request):
        if byte == ord(":"):
            digits = bytes(digit for digit in request[position + 1 :] if digit in _HEX)[:8]
            head = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
            for command in _commands(head):
                if command in _EJ_COMMANDS:
                    return _EJ_COMMANDS[command]
    return None


def _commands(head: bytes) -> tuple[int, ...]:
    """Return the command bytes that a battery may see: bit 7 is only a direction, byte 3 may be a key."""
    if len(head) < 2:
        return ()
    plain = head[1] & 0x7F
    return (plain, (head[1] ^ head[3]) & 0x7F) if len(head) > 3 else (plain,)
