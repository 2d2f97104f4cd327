"""What the attribute protocol (ATT) of one connection carries: values, and which handle is which UUID.

The numbers are those of the Bluetooth Core Specification, volume 3, part F.
"""

from bmsreader.captures.table import PacketTable
from bmsreader.captures.traffic import Connection, Kind

VALUES: dict[int, Kind] = {0x12: "write", 0x52: "write-command", 0x1B: "notification", 0x1D: "indication"}
"""Opcodes that are followed by a handle and a value."""

SIGNED_WRITE = 0xD2
SIGNATURE = 12
"""Bytes at the end of a signed write."""

MTU_REQUEST, MTU_RESPONSE = 0x02, 0x03
FIND_INFORMATION_RESPONSE = 0x05
READ_BY_TYPE_REQUEST, READ_BY_TYPE_RESPONSE = 0x08, 0x09
READ_BY_GROUP_RESPONSE = 0x11
READ_REQUEST, READ_RESPONSE, READ_BLOB_REQUEST, READ_BLOB_RESPONSE = 0x0A, 0x0B, 0x0C, 0x0D
PREPARE_REQUEST, EXECUTE_REQUEST = 0x16, 0x18

CHARACTERISTIC, DEVICE_NAME = "2803", "2a00"
"""UUIDs of a characteristic's declaration and of the device name."""

LEAST_MTU = 23
MOST_PREPARED = 1 << 16
"""Bytes that a long write may collect; an attribute has at most 512."""


def uuid_text(little_endian: bytes) -> str:
    """Return a UUID as people write it: four digits, or the long form with dashes."""
    digits = little_endian[::-1].hex()
    if len(digits) != 32:
        return digits
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Attributes:
    """One connection: takes its PDUs, adds the values to a table, remembers what was discovered."""

    def __init__(self, table: PacketTable, number: int, peer: str | None = None) -> None:
        self.peer = peer
        self.encrypted = False
        self.name: str | None = None
        self._table = table
        self._number = number
        self._uuids: dict[int, str] = {}
        self._services: dict[int, tuple[int, int, str]] = {}
        self._mtu: dict[bool, int] = {}
        self._asked: dict[bool, tuple[int | None, str | None]] = {}
        self._prepared: dict[bool, tuple[int, bytearray]] = {}

    def take(self, at: int, received: bool, pdu: bytes, *, truncated: bool = False) -> int | None:
        """Take one PDU; return its head in the table when all PDUs that begin alike only differ in value and time."""
        opcode = pdu[0] if pdu else 0
        kind = VALUES.get(opcode)
        if kind is not None:
            return self._value(at, kind, pdu, truncated)
        if opcode == SIGNED_WRITE:
            self._value(at, "write-command", pdu if truncated else pdu[:-SIGNATURE], truncated)
        elif opcode in (READ_RESPONSE, READ_BLOB_RESPONSE):
            self._read(at, received, pdu, truncated)
        elif opcode in (PREPARE_REQUEST, EXECUTE_REQUEST):
            self._long_write(at, received, pdu)
        elif not truncated:
            self._discovery(opcode, received, pdu)
        return None

    def named(self, handle: int, uuid: str) -> None:
        """Remember which UUID a handle has."""
        self._uuids[handle] = uuid

    def connection(self, name: str | None) -> Connection:
        """Return what is known of the connection; ``name`` as it was advertised."""
        return Connection(
            peer=self.peer,
            name=name or self.name,
            uuids=self._uuids,
            services=tuple(self._services.values()),
            mtu=min(self._mtu.values()) if len(self._mtu) == 2 else None,
            encrypted=self.encrypted,
        )

    # ---- values

    def _value(self, at: int, kind: Kind, pdu: bytes, truncated: bool) -> int | None:
        if len(pdu) < 3:
            return None
        head = self._table.head(kind, int.from_bytes(pdu[1:3], "little"), self._number, truncated=truncated)
        self._table.add(at, head, pdu[3:])
        return head

    def _read(self, at: int, received: bool, pdu: bytes, truncated: bool) -> None:
        handle, _ = self._asked.pop(not received, (None, None))
        self._table.add(at, self._table.head("read", handle, self._number, truncated=truncated), pdu[1:])
        if handle is not None and self._uuids.get(handle) == DEVICE_NAME and pdu[0] == READ_RESPONSE:
            self.name = _name(pdu[1:])

    def _long_write(self, at: int, received: bool, pdu: bytes) -> None:
        if pdu[0] == PREPARE_REQUEST and len(pdu) >= 5:
            handle = int.from_bytes(pdu[1:3], "little")
            known, parts = self._prepared.get(received, (handle, bytearray()))
            if known == handle and len(parts) < MOST_PREPARED:
                self._prepared[received] = handle, parts + pdu[5:]
        elif pdu[0] == EXECUTE_REQUEST:
            prepared = self._prepared.pop(received, None)
            if prepared and pdu[1:2] == b"\x01":
                self._table.add(at, self._table.head("write", prepared[0], self._number), bytes(prepared[1]))

    # ---- what is where

    def _discovery(self, opcode: int, received: bool, pdu: bytes) -> None:
        if opcode in (MTU_REQUEST, MTU_RESPONSE) and len(pdu) >= 3:
            self._mtu[opcode == MTU_REQUEST] = max(LEAST_MTU, int.from_bytes(pdu[1:3], "little"))
        elif opcode in (READ_REQUEST, READ_BLOB_REQUEST) and len(pdu) >= 3:
            self._asked[received] = int.from_bytes(pdu[1:3], "little"), None
        elif opcode == READ_BY_TYPE_REQUEST and len(pdu) >= 7:
            self._asked[received] = None, uuid_text(pdu[5:])
        elif opcode == READ_BY_TYPE_RESPONSE:
            self._by_type(self._asked.pop(not received, (None, None))[1], pdu)
        elif opcode == READ_BY_GROUP_RESPONSE and len(pdu) >= 2:
            self._groups(pdu)
        elif opcode == FIND_INFORMATION_RESPONSE and len(pdu) >= 2:
            self._information(pdu)

    def _by_type(self, asked: str | None, pdu: bytes) -> None:
        size = pdu[1] if len(pdu) > 1 else 0
        if asked == CHARACTERISTIC and size in (7, 21):
            for at in range(2, len(pdu) - size + 1, size):
                handle = int.from_bytes(pdu[at + 3 : at + 5], "little")
                self._uuids[handle] = uuid_text(pdu[at + 5 : at + size])
        elif asked == DEVICE_NAME and size > 2:
            self.name = _name(pdu[4 : 2 + size])

    def _groups(self, pdu: bytes) -> None:
        size = pdu[1]
        for at in range(2, len(pdu) - size + 1, size) if size in (6, 20) else ():
            first, last = (int.from_bytes(pdu[at + n : at + n + 2], "little") for n in (0, 2))
            self._services[first] = first, last, uuid_text(pdu[at + 4 : at + size])

    def _information(self, pdu: bytes) -> None:
        size = {1: 4, 2: 18}.get(pdu[1])
        if size is not None:
            for at in range(2, len(pdu) - size + 1, size):
                self._uuids[int.from_bytes(pdu[at : at + 2], "little")] = uuid_text(pdu[at + 2 : at + size])


def _name(value: bytes) -> str | None:
    return value.decode("utf-8", "replace").strip("\0 ") or None
