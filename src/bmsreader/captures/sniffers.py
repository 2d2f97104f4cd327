"""What Bluetooth LE sniffers write in front of each packet that they heard: the three link types of Wireshark."""

from collections.abc import Callable

Frame = tuple[int, int | None, bytes, int]
"""us since 1970; 0: to the peripheral, 1: from it, None: not said; packet from its access address; encryption."""

CLEAR, ENCRYPTED, DECRYPTED = 0, 1, 2
"""What the sniffer says of the encryption; CLEAR: nothing."""

PLAIN, WITH_HEADER, NORDIC = 251, 256, 272

_DEWHITENED, _DECRYPTED, _CRC_CHECKED, _CRC_VALID = 0x0001, 0x0008, 0x0400, 0x0800
_WAYS = {2: 0, 3: 1}
"""Of the packet kind in link type 256."""

_NORDIC_HEADER = 17
_NORDIC_CRC, _NORDIC_TO_PERIPHERAL, _NORDIC_ENCRYPTED, _NORDIC_MIC = 1, 2, 4, 8


def _plain(at: int, packet: bytes) -> Frame | None:
    return at, None, packet, CLEAR


def _with_header(at: int, packet: bytes) -> Frame | None:
    """Return the packet behind the 10-byte header of link type 256, unless it was damaged on the air."""
    flags = int.from_bytes(packet[8:10], "little")
    if len(packet) < 10 or not flags & _DEWHITENED or (flags & _CRC_CHECKED and not flags & _CRC_VALID):
        return None
    return at, _WAYS.get(flags >> 7 & 7), packet[10:], DECRYPTED if flags & _DECRYPTED else CLEAR


def _nordic(at: int, packet: bytes) -> Frame | None:
    """Return the packet behind the header of the nRF Sniffer, versions 1 to 3, unless it was damaged on the air."""
    if len(packet) < _NORDIC_HEADER or packet[3] not in (1, 2, 3):
        return None
    flags = packet[8]
    if not flags & _NORDIC_CRC:
        return None
    state = CLEAR
    if flags & _NORDIC_ENCRYPTED:
        state = DECRYPTED if flags & _NORDIC_MIC else ENCRYPTED
    return at, 0 if flags & _NORDIC_TO_PERIPHERAL else 1, packet[_NORDIC_HEADER:], state


SNIFFERS: dict[int, Callable[[int, bytes], Frame | None]] = {PLAIN: _plain, WITH_HEADER: _with_header, NORDIC: _nordic}
