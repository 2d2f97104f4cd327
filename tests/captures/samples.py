"""One small capture of each format, of the same traffic as far as the format can show it."""

import gzip
import io
import zipfile
from datetime import UTC, datetime
from functools import cache

from bmsreader.captures.recording import Header, Record, RecordingWriter
from tests.captures.making import (
    AIR_LINKS,
    HCI_LINKS,
    STARTED,
    HostPacket,
    Radio,
    Scene,
    air_frames,
    btsnoop,
    btsnooz,
    host_packets,
    linked,
    packetlogger,
    pcap,
    pcapng,
    two_batteries,
)

ANDROID_LOG = "FS/data/misc/bluetooth/logs/btsnoop_hci.log"


@cache
def scene() -> Scene:
    return two_batteries()


@cache
def at_the_host() -> tuple[HostPacket, ...]:
    return tuple(host_packets(scene()))


@cache
def binary() -> dict[str, bytes]:
    """Return a file name and content for each binary variant that tshark reads too."""
    packets = at_the_host()
    files = {f"{link}.btsnoop": btsnoop(packets, link) for link in (1001, 1002, 2001)}
    files |= {"big.pklg": packetlogger(packets, ">"), "little.pklg": packetlogger(packets, "<")}
    for link in HCI_LINKS:
        files[f"{link}.pcap"] = pcap(linked(packets, link), link)
        files[f"{link}.pcapng"] = pcapng(linked(packets, link), link)
    for link in AIR_LINKS:
        frames = air_frames(Radio().hear(scene()), link)
        files[f"{link}.pcap"] = pcap(frames, link, order=">", nano=True)
        files[f"{link}.pcapng"] = pcapng(frames, link, order=">", nano=True)
    return files


@cache
def packed() -> dict[str, bytes]:
    """Return files that hold a capture inside."""
    packets = at_the_host()
    bugreport = zipped({"version.txt": b"1.0", "dumpstate.txt": b"no log", ANDROID_LOG: btsnoop(packets)})
    return {
        "bugreport.txt": btsnooz(packets),
        "old-bugreport.txt": btsnooz(packets, 1),
        "bugreport.zip": bugreport,
        "bugreport-text.zip": zipped({"bugreport-phone-2023.txt": btsnooz(packets)}),
        "capture.pcap.gz": gzip.compress(binary()["201.pcap"]),
    }


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed_files:
        for name, content in files.items():
            packed_files.writestr(name, content)
    return out.getvalue()


REQUEST, ANSWER = b":000250000E03~", [b":008231008C0000000000", b"000CF80CF70CF70CF5~"]


def _recording() -> str:
    file = io.StringIO()
    writer = RecordingWriter(file, Header(started=datetime.fromtimestamp(STARTED / 1e6, UTC), name="Cellar"))
    writer.write(Record(at=1.0, kind="tx", data=REQUEST))
    for number, part in enumerate(ANSWER):
        writer.write(Record(at=1.1 + number / 10, kind="rx", data=part))
    return file.getvalue()


def _nrfconnect() -> str:
    notified = "".join(
        f"I\t21:04:51.{number}93\tNotification received from 0000fff6-0000-1000-8000-00805f9b34fb, value: (0x) "
        f'{part.hex("-").upper()}, "{part.decode()}"\n'
        f'A\t21:04:51.{number}93\t"(0x) {part.hex("-").upper()}, "{part.decode()}"" received\n'
        for number, part in enumerate(ANSWER)
    )
    return (
        "nRF Connect, 2025-10-02\nNova (A4:C1:38:00:11:22)\nV\t21:04:40.001\tConnecting to A4:C1:38:00:11:22...\n"
        "I\t21:04:50.001\tData written to 0000fff5-0000-1000-8000-00805f9b34fb, value: (0x) "
        f"{REQUEST.hex('-').upper()}\n" + notified
    )


def _packetlogger_text() -> str:
    first = ANSWER[0].hex().upper()
    shown = " ".join(first[at : at + 4] for at in range(0, 32, 4))
    raw = "1B1400" + first
    digits = " ".join(raw[at : at + 2] for at in range(0, len(raw), 2))
    request, last = REQUEST.hex().upper(), ANSWER[1].hex().upper()
    return (
        "Feb 12 12:10:23.743  ATT Send         0x005A  00:00:00:00:00:00  Write Command - Handle:0x0012 - Value: "
        f"{request}  \n\tWrite Command - Handle:0x0012\n"
        "Feb 12 12:10:23.789  ATT Receive      0x005A  00:00:00:00:00:00  Handle Value Notification - Handle:0x0014 "
        f"- Value: {shown}\u2026  \n\tOpcode: 0x1B\n"
        "Feb 12 12:10:23.789  L2CAP Receive    0x005A  00:00:00:00:00:00  Channel ID: 0x0004  Length: 0x0018 (24) "
        f"[ {digits} ]  \n"
        "Feb 12 12:10:23.790  ATT Receive      0x005A  00:00:00:00:00:00  Handle Value Notification - Handle:0x0014 "
        f"- Value: {last}  \n"
    )


def _gatttool() -> str:
    return (
        "[A4:C1:38:00:11:22][LE]> char-write-cmd 0x0012 "
        + REQUEST.hex()
        + "\n"
        + "".join(f"Notification handle = 0x0014 value: {part.hex(' ')} \n" for part in ANSWER)
    )


def _homeassistant() -> str:
    before = "2024-06-30 19:52:24.{} DEBUG (MainThread) [aiobmsble.bms.ej_bms] Cellar|22:33: "
    asked = before.format("001") + f"TX BLE req #1 (WNR): {REQUEST.hex(' ')}\n"
    return asked + "".join(
        before.format(f"10{number}") + f"RX BLE data ({'cnt.' if number else 'start'}): {bytearray(part)!r}\n"
        for number, part in enumerate(ANSWER)
    )


def _esphome() -> str:
    def line(level: str, text: str, data: bytes) -> str:
        return f"[12:00:01][{level}][basen_bms_ble:151]: {text}: {data.hex('.').upper()} ({len(data)})\n"

    return (
        line("V", "Send command (handle 0x12)", REQUEST)
        + "".join(line("VV", "Notification received (handle 0x14)", part) for part in ANSWER)
        + line("D", "General info frame", b"".join(ANSWER))
    )


def _batmon() -> str:
    return f"2024-01-01 10:00:00 DEBUG [jbd.py:12] tx {REQUEST.hex()}\n" + "".join(
        f"2024-01-01 10:00:0{number} DEBUG [jbd.py:40] rx {part.hex()}\n" for number, part in enumerate(ANSWER, 1)
    )


TEXTS: dict[str, str] = {
    "recording of bmsreader": _recording(),
    "nRF Connect log": _nrfconnect(),
    "PacketLogger text": _packetlogger_text(),
    "gatttool": _gatttool(),
    "Home Assistant log": _homeassistant(),
    "ESPHome log": _esphome(),
    "rx/tx log": _batmon(),
    "pasted frames": "".join(part.hex(" ") + "\n" for part in ANSWER),
}
"""A text of each format: REQUEST (except in pasted frames) and ANSWER."""


def everything() -> dict[str, bytes]:
    texts = {f"{name}.txt".replace("/", "-"): text.encode() for name, text in TEXTS.items()}
    return binary() | packed() | texts
