"""What people take for a capture, and what to do instead: such files are named in the refusal."""

import re
from collections.abc import Iterable

from bmsreader.model.errors import CaptureError

TAR, TAR_AT = b"ustar", 257
UNPACK = "Unpack it first (`tar xf FILE`), and give the capture in it: of an iPhone's sysdiagnose, the .pklg file."
UNPACK_ANY = "Unpack it first, and give the capture in it."
TYPED = "Give the file that the capturing program saved. What the app showed is typed with `bmsreader lab label`."
AS_TEXT = "Save it as plain text, or better, give the file that the capturing program saved."

BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip file within another file", "Unpack the outer one, and give the inner one."),
    (b"\x1f\x8b\x08", "a gzip file within another file", "Unpack the outer one, and give the inner one."),
    (b"7z\xbc\xaf'\x1c", "a 7-Zip archive", UNPACK_ANY),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK_ANY),
    (b"\xfd7zXZ\0", "an xz archive", UNPACK_ANY),
    (b"BZh", "a bzip2 archive", UNPACK_ANY),
    (b"(\xb5/\xfd", "a Zstandard archive", UNPACK_ANY),
    (b"\x89PNG", "a picture, not a capture", TYPED),
    (b"\xff\xd8\xff", "a picture, not a capture", TYPED),
    (b"%PDF", "a PDF document, not a capture", AS_TEXT),
    (b"{\\rtf", "a document of a word processor", AS_TEXT),
    (b"SQLite format 3", "a database, not a capture", "It may be the app's history: give a capture of its traffic."),
)
"""How a file begins, what it is, and what to do. A zip or gzip file that is not in another one is read."""

_WEB_PAGE = re.compile(rb"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)

TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"^Bluetooth monitor ver|^(?:[<>@=] )?(?:ACL Data [RT]X|(?:HCI|MGMT) (?:Event|Command)): "),
        "what btmon shows on the screen",
        "`sudo btmon -w battery.btsnoop` saves what it hears: give that file.",
    ),
    (
        re.compile(r"^HCI sniffer - Bluetooth packet analyzer"),
        "what hcidump shows on the screen",
        "`sudo btmon -w battery.btsnoop` saves what it hears: give that file.",
    ),
    (
        re.compile(r"Attribute /org/bluez/hci\d+/dev_|^\[bluetooth\]#|\[CHG\] (?:Device|Attribute)"),
        "a session of bluetoothctl",
        "Let `sudo btmon -w battery.btsnoop` run beside it, and give that file.",
    ),
    (
        re.compile(r'^"?No\.?"?[\s,]+"?Time"?[\s,]+"?Source"?|^Frame \d+: \d+ bytes on wire'),
        "packets that Wireshark exported as text",
        "File, Save As, pcapng: give that file.",
    ),
    (
        re.compile(r"^--------- beginning of (?:main|system|crash)"),
        "Android's logcat, which holds no Bluetooth packets",
        'Take a bug report with the "Bluetooth HCI snoop log" switched on: docs/lab.md tells how.',
    ),
    (
        re.compile(r"custom_components\.bms_ble|\baiobmsble\b|\bhomeassistant\."),
        "a log of Home Assistant without any packet",
        "Settings, Devices & services, BMS_BLE, Enable debug logging; disable it after some minutes to get the log.",
    ),
    (
        re.compile(r"^(?:\[[\d:.]+\])?\[[VDICWE]{1,2}\]\[[\w.]+:\d+\]"),
        "a log of ESPHome without any packet",
        "Set `logger: level: VERY_VERBOSE`, so that it shows the bytes.",
    ),
)
"""How a line of a text looks, what it is, and what to do."""


def refuse(start: bytes, source: str) -> None:
    """Raise CaptureError for a file that begins like something that is no capture."""
    if start[TAR_AT : TAR_AT + len(TAR)] == TAR:
        raise CaptureError(f"{source}: an archive of many files", advice=UNPACK)
    for magic, what, advice in BINARY:
        if start.startswith(magic):
            raise CaptureError(f"{source}: {what}", advice=advice)
    if _WEB_PAGE.match(start):
        raise CaptureError(f"{source}: a web page", advice="Open it, copy the log out of it, and save that as text.")


def refuse_text(seen: Iterable[str], source: str) -> None:
    """Raise CaptureError for text that is no capture, but shows where one could come from."""
    for line in seen:
        for pattern, what, advice in TEXTS:
            if pattern.search(line[:400]):
                raise CaptureError(f"{source}: {what}", advice=advice)
