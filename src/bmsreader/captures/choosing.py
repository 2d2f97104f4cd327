"""Which battery of a capture is meant: a file often holds several, and a watch and headphones as well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bmsreader.captures.traffic import Capture, Packet
from bmsreader.model.errors import CaptureError

SUBSCRIPTIONS = (b"\0\0", b"\1\0", b"\2\0", b"\3\0")
"""What is written to a client characteristic configuration descriptor."""
CONFIGURATION = "2902"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One battery, or whatever else was connected: all its connections together."""

    address: str | None
    name: str | None
    connections: tuple[int, ...]
    notifications: int
    writes: int
    encrypted: bool = False

    @property
    def label(self) -> str:
        """Name and address, as far as they are known."""
        return " ".join(filter(None, (self.name, self.address))) or f"connection {self.connections[0] + 1}"


def peers(capture: Capture) -> tuple[Peer, ...]:
    """Return who was connected, those with the most notifications first."""
    notified, written = _counts(capture)
    together: dict[object, list[int]] = {}
    for number, connection in enumerate(capture.connections):
        together.setdefault(connection.peer or number, []).append(number)
    found = [
        Peer(
            address=capture.connections[numbers[0]].peer,
            name=next((name for number in numbers if (name := capture.connections[number].name)), None),
            connections=tuple(numbers),
            notifications=sum(notified.get(number, 0) for number in numbers),
            writes=sum(written.get(number, 0) for number in numbers),
            encrypted=any(capture.connections[number].encrypted for number in numbers),
        )
        for numbers in together.values()
    ]
    return tuple(sorted(found, key=lambda peer: (-peer.notifications, -peer.writes, peer.connections)))


def _counts(capture: Capture) -> tuple[dict[int, int], dict[int, int]]:
    notified: dict[int, int] = {}
    written: dict[int, int] = {}
    for packet in capture.packets:
        if packet.sent:
            written[packet.connection] = written.get(packet.connection, 0) + 1
        elif packet.kind != "read":
            notified[packet.connection] = notified.get(packet.connection, 0) + 1
    return notified, written


def chosen(capture: Capture, battery: str | None = None) -> Peer:
    """Return the peer that a person means by (part of) an address, a name or a number as in ``peers``.

    None means the one with the most notifications, unless a second one has as many as a tenth of them. Raise
    CaptureError, naming who is there, when nobody or more than one fits.
    """
    everybody = peers(capture)
    if battery is None:
        fitting = [peer for peer in everybody if peer.notifications * 10 >= everybody[0].notifications]
    elif battery.isdecimal() and 0 < int(battery) <= len(everybody):
        fitting = [everybody[int(battery) - 1]]
    else:
        wanted = battery.casefold()
        fitting = [peer for peer in everybody if wanted in peer.label.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if not everybody:
        raise CaptureError(
            f"{capture.source}: nobody was connected while this was captured",
            advice="Start the capture, then open the battery's app and let it show its values for some minutes.",
        )
    there = "; ".join(f"{n}: {p.label}, {p.notifications} notifications" for n, p in enumerate(everybody[:9], 1))
    what = "several fit" if fitting else f"no battery {battery!r}"
    raise CaptureError(f"{capture.source}: {what}; there are {there}", advice="Choose one with --battery.")


def only(capture: Capture, peer: Peer) -> Capture:
    """Return the capture with the traffic of one peer alone; the numbers of its connections stay."""
    wanted = set(peer.connections)
    if wanted.issuperset(range(len(capture.connections))):
        return capture  # its packets take little memory as they are
    return replace(capture, packets=tuple(packet for packet in capture.packets if packet.connection in wanted))


def is_subscription(packet: Packet, capture: Capture) -> bool:
    """Return whether a write only switches notifications on or off, by its UUID or, failing that, by its look."""
    if packet.kind != "write" or packet.value not in SUBSCRIPTIONS:
        return False
    uuids = capture.connections[packet.connection].uuids if packet.connection < len(capture.connections) else {}
    known = uuids.get(packet.handle or 0)
    return known in (None, CONFIGURATION)


def requests(capture: Capture) -> Sequence[Packet]:
    """Return what was asked: writes without those that only switch notifications on or off."""
    return tuple(packet for packet in _sent(capture.packets) if not is_subscription(packet, capture))


def _sent(packets: Iterable[Packet]) -> Iterable[Packet]:
    return (packet for packet in packets if packet.sent)
