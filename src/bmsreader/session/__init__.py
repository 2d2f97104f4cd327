"""Conversations with batteries: connect, identify, ask, retry, assemble readings; and decoding without asking."""

from bmsreader.session.connect import connect, is_address, link_to
from bmsreader.session.decoding import StreamDecoder, decode
from bmsreader.session.discovery import Found, discover, find, listen, probed_one
from bmsreader.session.event import Event, Kind, OnEvent
from bmsreader.session.session import Session
from bmsreader.session.timing import Timing

__all__ = [
    "Event",
    "Found",
    "Kind",
    "OnEvent",
    "Session",
    "StreamDecoder",
    "Timing",
    "connect",
    "decode",
    "discover",
    "find",
    "is_address",
    "link_to",
    "listen",
    "probed_one",
]
