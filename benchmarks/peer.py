"""The same job done by aiobmsble's class for these batteries, without the waiting that surrounds it there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The peer's decoding, cut free from Bluetooth."""

    name: str
    decode: Callable[[], Any]
    """From notifications to the values that its update returns: the least that it can be asked for."""
    decode_and_derive: Callable[[], Any]
    """The same with pack voltage, power and so on, which a Reading of ours has too."""


def load(chunks: Sequence[bytes], address: str) -> Peer | None:
    """Return the peer, ready to decode these notifications; None where it is not installed."""
    try:
        from aiobmsble.bms.ej_bms import BMS
    except ImportError:
        return None
    from bleak.backends.device import BLEDevice

    battery = BMS(BLEDevice(address, "LT-12V12345", {"path": "/none", "props": {}}))
    receive = battery._notification_handler
    notifications = [bytearray(chunk) for chunk in chunks]  # bleak hands bytearrays to its callers

    def decode() -> Any:
        for notification in notifications:
            receive(None, notification)
        message = battery._msg
        # What its _query_bms and _async_update do with a single-frame answer.
        messages = {2: message, 16: bytes(7) + message[62:]}
        return BMS._decode_data(BMS._FIELDS, messages) | {
            "cell_voltages": BMS._cell_voltages(message, cells=BMS._MAX_CELLS, start=BMS._CELL_POS)
        }

    def decode_and_derive() -> Any:
        values = decode()
        BMS._add_missing_values(values, battery._raw_values())
        return values

    if decode_and_derive()["voltage"] != 13.028:
        raise RuntimeError("aiobmsble has changed inside: benchmarks/peer.py no longer drives it rightly")
    return Peer(name=f"aiobmsble {version('aiobmsble')}", decode=decode, decode_and_derive=decode_and_derive)
