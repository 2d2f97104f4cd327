"""Linux's Bluetooth monitor, as ``btmon -w`` and Wireshark write it: one channel for all adapters."""

COMMAND, EVENT, ACL_SENT, ACL_RECEIVED = 2, 3, 4, 5
_TYPES = {COMMAND: (0, b"\x01"), EVENT: (1, b"\x04"), ACL_SENT: (0, b"\x02"), ACL_RECEIVED: (1, b"\x02")}


def packet_of_monitor(adapter: int, opcode: int, packet: bytes) -> tuple[int, bytes] | None:
    """Return route and packet with its H4 type; None for what is no packet, such as a note of the kernel."""
    found = _TYPES.get(opcode)
    return None if found is None else (adapter << 1 | found[0], found[1] + packet)
