"""Conversations with batteries that never were, for the tests of the lab."""

from collections.abc import Sequence

from bmsreader.captures.traffic import Capture, Connection, Packet


def split(frame: bytes, size: int = 20) -> list[bytes]:
    """Return the notifications that carry a frame."""
    return [frame[at : at + size] for at in range(0, len(frame), size)]


def capture(answers: Sequence[tuple[bytes | None, Sequence[bytes]]], *, every: float = 1.0) -> Capture:
    """Return a capture of requests (None for none), each with the notifications that follow."""
    packets = []
    for index, (request, chunks) in enumerate(answers):
        at = index * every
        if request is not None:
            packets.append(Packet(at=at, kind="write-command", value=request, handle=20))
        packets += [
            Packet(at=at + 0.05 + 0.03 * place, kind="notification", value=chunk, handle=17)
            for place, chunk in enumerate(chunks)
        ]
    return Capture(source="made up", format="none", packets=tuple(packets), connections=(Connection(),))


def answer(body: bytes) -> bytes:
    """Return a frame: DD 03, length of the body, body, sum of all before, 77."""
    frame = b"\xdd\x03" + bytes([len(body)]) + body
    return frame + bytes([sum(frame) & 0xFF]) + b"\x77"
