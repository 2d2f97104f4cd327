"""What people take for a capture is named, with what to do instead."""

import io
import zipfile

import pytest

from bmsreader.captures.reading import read_open
from bmsreader.model import CaptureError

TRIED = {
    "7-Zip": (b"7z\xbc\xaf'\x1c\0\4", "7-Zip archive", "Unpack it first"),
    "a log of HA": (
        b"2025-01-01 10:00:00 DEBUG [custom_components.bms_ble] hello\n",
        "Assistant without",
        "debug logging",
    ),
    "a log of ESPHome": (b"[12:00:00][D][sensor:094]: hello\n", "ESPHome without", "VERY_VERBOSE"),
    "blank lines": (b"\n\n  \n", "is empty", ""),
    "a screenshot": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture", "lab label"),
    "a photograph": (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture", "lab label"),
    "TextEdit": (b"{\\rtf1\\ansi log", "word processor", "plain text"),
    "a saved page": (b"<!DOCTYPE html><html><body>rx 3a30</body>", "a web page", "copy the log"),
    "btmon's screen": (b"Bluetooth monitor ver 5.66\n= Note: Linux version 6.1\n", "btmon shows", "btmon -w"),
    "more of it": (b"> ACL Data RX: Handle 64 flags 0x02 dlen 11  #9 [hci0]\n      ATT: Notification\n", "btmon", "-w"),
    "bluetoothctl": (b"[bluetooth]# connect 02:00:07:00:15:44\n", "bluetoothctl", "btmon -w"),
    "Wireshark's CSV": (b'"No.","Time","Source","Destination"\n"1","0.0","a","b"\n', "Wireshark", "pcapng"),
    "logcat": (b"--------- beginning of main\n01-01 12:00:00.000 D/Bluetooth: hello\n", "logcat", "bug report"),
    "frames in a letter": (
        b"Dear all,\nit says\n3a303030\n3a303031\nand so on\n",
        "among other text",
        "Keep the lines",
    ),
}


@pytest.mark.parametrize("name", TRIED)
def test_what_is_no_capture_is_named_with_what_to_do(name: str) -> None:
    content, words, advice = TRIED[name]

    with pytest.raises(CaptureError, match=words) as refused:
        read_open(io.BytesIO(content), "test")
    assert advice in (refused.value.advice or "")


def test_a_zip_within_a_zip_is_to_be_unpacked_first() -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    for file, name, content in ((inner, "log.txt", "rx 3a30"), (outer, "bugreport.zip", inner)):
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(name, content.getvalue() if isinstance(content, io.BytesIO) else content)

    with pytest.raises(CaptureError, match=r"bugreport\.zip: a zip file within another file"):
        read_open(io.BytesIO(outer.getvalue()), "test")
