"""Logs of nRF Connect for Android: what that app itself read and wrote.

Each packet appears twice, once as it came (I) and once for people (A); the first is taken.
"""

import re
from collections.abc import Iterable

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Kind
from bmsreader.captures.written import Written, hex_bytes, plain

_PACKET = re.compile(
    r"(Notification received from|Indication received from|Read Response received from|Data written to)"
    r" ([0-9a-fA-F-]{4,36}), value: \(0x\) ([0-9A-Fa-f-]*)"
)
_LEVEL = re.compile(r"^[VDIWEA]\s+\d\d:\d\d:\d\d\.\d+\s")
_FOR_PEOPLE = re.compile(r"^A\s.*\"\(0x\) ([0-9A-Fa-f-]+)(?:, .*)?\" (received|sent)$", re.DOTALL)
_PEER = re.compile(
    r"^(.{0,60}) \(([0-9A-F]{2}(?::[0-9A-F]{2}){5})\)$|Connect(?:ed|ing) to ([0-9A-F]{2}(?::[0-9A-F]{2}){5})"
)

_KINDS: dict[str, Kind] = {"N": "notification", "I": "indication", "R": "read", "D": "write"}

REMARK = (
    "nRF Connect logs only its own traffic: what the battery's own app asks is not in it. Capture that app with "
    "Android's HCI snoop log."
)


def is_nrfconnect(line: str) -> bool:
    """Return whether a line is a packet in a log of nRF Connect."""
    return _PACKET.search(line) is not None or (_LEVEL.match(line) is not None and _FOR_PEOPLE.match(line) is not None)


def read_nrfconnect(lines: Iterable[str], gathering: Gathering) -> str:
    """Read a log and return the format."""
    written, spare = Written(gathering), Gathering()
    for_people = Written(spare)
    for line in lines:
        line = plain(line)
        if (peer := _PEER.search(line)) and not _PACKET.search(line):
            _meet(peer, written, gathering)
            _meet(peer, for_people, spare)
        if found := _PACKET.search(line):
            value = hex_bytes(found.group(3))
            written.clock(line)
            written.add(_KINDS[found.group(1)[0]], value or b"", uuid=found.group(2))
        elif found := _FOR_PEOPLE.match(line):
            for_people.clock(line)
            for_people.add("write" if found.group(2) == "sent" else "notification", hex_bytes(found.group(1)) or b"")
    if not len(gathering.table):
        gathering.take_over(spare)
    gathering.remark(REMARK)
    return "nRF Connect log"


def _meet(found: re.Match[str], written: Written, gathering: Gathering) -> None:
    peer = found.group(2) or found.group(3)
    written.peer(peer)
    if found.group(1):
        gathering.names[peer] = found.group(1)
