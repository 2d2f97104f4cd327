"""The engine: bytes <-> readings by description. Pure: no clock, no input or output."""

from bmsreader.protocol.assembler import Assembler
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile, Description, Field, Message, Request
from bmsreader.protocol.envelope import Opened
from bmsreader.protocol.fields import FieldValue
from bmsreader.protocol.parse import parse

__all__ = [
    "Assembler",
    "BleProfile",
    "Codec",
    "Description",
    "Field",
    "FieldValue",
    "Message",
    "Opened",
    "Request",
    "parse",
]
