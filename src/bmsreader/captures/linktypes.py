"""What Wireshark's formats call a link type: how the bytes of one packet begin.

The numbers are those of https://www.tcpdump.org/linktypes.html.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from bmsreader.captures.air import AirTraffic
from bmsreader.captures.gathering import Gathering
from bmsreader.captures.host import RECEIVED, UNKNOWN_ROUTE, HostTraffic, Record
from bmsreader.captures.monitor import packet_of_monitor
from bmsreader.captures.sniffers import SNIFFERS, Frame
from bmsreader.model.errors import CaptureError

H4, H4_WITH_DIRECTION, MONITOR = 187, 201, 254

Captured = tuple[int, int, int, int | None, bytes, int]
"""Link type; us since 1970; number of the interface; whether it was received (None: not said); bytes; missing bytes."""

NAMES = {
    H4: "HCI",
    H4_WITH_DIRECTION: "HCI",
    MONITOR: "Linux monitor",
    251: "Bluetooth LE sniffer",
    256: "Bluetooth LE sniffer",
    272: "nRF Sniffer",
}
ADVICE = "Capture the app's traffic on the phone or with a Bluetooth LE sniffer; docs/lab.md says how."


def take_captured(packets: Iterable[Captured], gathering: Gathering, source: str) -> set[int]:
    """Take packets of any link types, and return those that were there.

    Raise CaptureError when all are of link types that hold no Bluetooth packets.
    """
    host, air = HostTraffic(gathering), AirTraffic(gathering)
    seen: set[int] = set()
    for link, group in groupby(packets, itemgetter(0)):
        seen.add(link)
        if link in HOSTS:
            host.take(HOSTS[link](group))
        elif link in SNIFFERS:
            air.take(_frames(link, group))
    host.finish()
    air.finish()
    if seen and not seen & NAMES.keys():
        raise CaptureError(
            f"{source}: holds no Bluetooth packets that can be read (link type {', '.join(map(str, sorted(seen)))})",
            advice=ADVICE,
        )
    if gathering.truncated:
        gathering.remark(
            f"{gathering.truncated} messages hold less than was on the air: capture again without a snap length."
        )
    return seen


def _frames(link: int, packets: Iterable[Captured]) -> Iterator[Frame]:
    unwrap = SNIFFERS[link]
    for _, at, _, _, packet, _ in packets:
        frame = unwrap(at, packet)
        if frame is not None:
            yield frame


def _h4(packets: Iterable[Captured]) -> Iterator[Record]:
    for _, at, interface, received, packet, missing in packets:
        yield at, UNKNOWN_ROUTE if received is None else interface << 1 | received, packet, missing


def _h4_with_direction(packets: Iterable[Captured]) -> Iterator[Record]:
    for _, at, interface, _, packet, missing in packets:
        yield at, interface << 1 | (packet[3:4] == b"\x01") * RECEIVED, packet[4:], missing


def _monitor(packets: Iterable[Captured]) -> Iterator[Record]:
    for _, at, _, _, packet, missing in packets:
        adapter, opcode = int.from_bytes(packet[:2], "big"), int.from_bytes(packet[2:4], "big")
        found = packet_of_monitor(adapter, opcode, packet[4:])
        if found is not None:
            yield at, found[0], found[1], missing


HOSTS: dict[int, Callable[[Iterable[Captured]], Iterator[Record]]] = {
    H4: _h4,
    H4_WITH_DIRECTION: _h4_with_direction,
    MONITOR: _monitor,
}
