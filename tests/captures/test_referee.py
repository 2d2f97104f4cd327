"""tshark is the referee: on every binary format it must find the same attribute values, byte for byte."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bmsreader.captures.reading import read_capture
from bmsreader.captures.traffic import Capture
from tests.captures.making import Radio, air_frames, btsnoop, host_packets, pcap, two_batteries
from tests.captures.samples import binary

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tshark") is None and not os.environ.get("CI"), reason="needs tshark"),
]

OPCODES = {"write": 0x12, "write-command": 0x52, "notification": 0x1B, "indication": 0x1D, "read": 0x0B}
FIELDS = ("frame.time_epoch", "btatt.opcode", "btatt.handle", "btatt.value")
CONFIGURATION = "btatt.characteristic_configuration_client"
"""Where tshark puts what is written to this descriptor; it is no `value` to it."""


def referee(path: Path) -> list[tuple[int, str]]:
    """Return (opcode, value) as tshark finds them; packets that it knows as sent again are left out."""
    # Without this the dissector of the Nordic UART service swallows the values.
    command = [
        "tshark",
        "-r",
        str(path),
        "--disable-protocol",
        "btgatt",
        "-Y",
        "btatt && !btle.retransmit",
        "-T",
        "fields",
    ]
    for name in (*FIELDS, CONFIGURATION):
        command += ["-e", name]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = []
    for line in printed.splitlines():
        _, opcode, _, value, configured = line.split("\t")
        if configured:
            value = int(configured, 16).to_bytes(2, "little").hex()
        if int(opcode, 16) in OPCODES.values():
            found.append((int(opcode, 16), value))
    return found


def ours(capture: Capture) -> list[tuple[int, str]]:
    return [(OPCODES[packet.kind], packet.value.hex()) for packet in capture.packets]


@pytest.mark.parametrize("name", sorted(binary()))
def test_every_value_is_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(binary()[name])

    found = referee(path)

    assert len(found) == 45
    assert ours(read_capture(path)) == found


@pytest.mark.parametrize("link", [256, 272])
def test_what_was_sent_again_is_dropped_alike(link: int, tmp_path: Path) -> None:
    scene = two_batteries()
    path = tmp_path / "again.pcap"
    path.write_bytes(pcap(air_frames(Radio(repeats=0.3).hear(scene), link), link))

    assert ours(read_capture(path)) == referee(path)


@pytest.mark.parametrize("piece", [7, 27, 251])
def test_pieces_of_any_size_give_the_same_values(piece: int, tmp_path: Path) -> None:
    path = tmp_path / "pieces.btsnoop"
    path.write_bytes(btsnoop(host_packets(two_batteries(cached=True), piece=piece)))

    assert ours(read_capture(path)) == referee(path)


@pytest.mark.parametrize("name", ["1002.btsnoop", "little.pklg", "big.pklg", "256.pcapng"])
def test_times_are_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(binary()[name])
    command = ["tshark", "-r", str(path), "-Y", "btatt.opcode == 0x1b", "-T", "fields", "-e", "frame.time_epoch"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    capture = read_capture(path)
    assert capture.started is not None

    begin = capture.started.timestamp()
    times = [begin + packet.at for packet in capture.packets if packet.kind == "notification"]

    assert times == pytest.approx([float(text) for text in printed], abs=2e-6)
