"""Captures of batteries that never were: polls of frames in notifications, with load steps, noise and loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.labbench.families import Built, Family, build
from bmsreader.captures.traffic import Capture, Connection, Packet

HANDLE, WRITE_HANDLE = 0x11, 0x14
PIECE = 20
"""Bytes that a phone writes at once."""
WITHIN = 0.6
"""Share of the time between two polls that the pauses of one take at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A capture and the frames that arrived whole in it."""

    capture: Capture
    frames: tuple[Built, ...]


def body_at(family: Family, kind: int, step: int, steps: int, dice: Random, fixed: bytes) -> bytes:
    """Return what a battery says of this kind: cells, current and temperatures that move, words that do not."""
    size = family.sizes[kind]
    front = bytes([90 - 20 * step // steps, step * len(family.sizes) + kind & 0xFF]) if family.slow else b""
    current = 0 if step < steps // 3 else -1234 if step < 2 * steps // 3 else 560
    sag = current // 50
    words = []
    for index in range(size // 2):
        if index < 4 + kind:
            words.append(3300 + 3 * index + sag + dice.randrange(-1, 3))
        elif index == 5 + kind:
            words.append(current + dice.randrange(-4, 5) if current else 0)
        elif index == 7 + kind:
            words.append(20000 - step)
        else:
            words.append(int.from_bytes(fixed[2 * index : 2 * index + 2], "big"))
    body = front + b"".join((word & 0xFFFF).to_bytes(2, "big") for word in words) + fixed[: size % 2]
    return body[:size]


def converse(
    family: Family, *, polls: int = 40, noise: float = 0.01, loss: float = 0.01, seed: int = 1
) -> Conversation:
    """Return a conversation with a battery of this family."""
    dice = Random(f"{family.name} {seed}")
    fixed = [
        bytes(dice.choice((0, 0, 0, dice.randrange(256))) for _ in range(max(family.sizes) + 2)) for _ in family.sizes
    ]
    packets: list[Packet] = []
    frames: list[Built] = []
    at, left = 0.0, b""

    def say(chunk: bytes) -> None:
        packets.append(Packet(at=at, kind="notification", value=chunk, handle=HANDLE))

    for step in range(polls):
        for kind in range(len(family.sizes)):
            built = build(family, kind, body_at(family, kind, step, polls, dice, fixed[kind]), dice)
            at += 0.0 if family.rows and kind else dice.uniform(0.5, 0.7)
            if not family.streams:
                packets += _request(family, kind, at)
            at += dice.uniform(0.03, 0.09)
            if dice.random() < noise:
                say(dice.choice((b"AT\r\n", b"\x00")))
                at += dice.uniform(0.02, 0.05)
            chunks = split(left + built.frame, family.chunk)
            left = chunks.pop() if family.packed else b""
            sent = [(chunk, dice.uniform(0.01, 0.06), dice.random() >= loss or family.packed) for chunk in chunks]
            for chunk, pause, arrives in sent:
                at += pause
                if arrives:
                    say(chunk)
            if family.acknowledges:
                at += 0.02
                say(family.acknowledges)
            if all(arrives for _, _, arrives in sent):
                frames.append(built)
    capture = Capture(source=family.name, format="made up", packets=tuple(packets), connections=(Connection(),))
    return Conversation(capture=capture, frames=tuple(frames))


def _request(family: Family, kind: int, at: float) -> list[Packet]:
    """Return a request, with its echo where the battery says it again."""
    request = family.start + bytes([0x82 + kind, 0]) + family.end
    packets = [Packet(at=at, kind="write-command", value=request, handle=WRITE_HANDLE)]
    if family.echoes:
        packets.append(Packet(at=at, kind="notification", value=request, handle=HANDLE))
    return packets


def split(frame: bytes, size: int) -> list[bytes]:
    """Return the notifications that carry a frame."""
    return [frame[at : at + size] for at in range(0, len(frame), size)]


def captured(
    source: str, polls: Sequence[Sequence[tuple[bytes, bytes]]], chunk: int = 20, *, every: float = 0.0
) -> Capture:
    """Return a capture of (request, answer) pairs, poll by poll, ``every`` s or one after the other.

    However many answers a poll has, it is over before the next one, so that what is typed then was said then.
    """
    packets: list[Packet] = []
    at = 0.0
    for number, poll in enumerate(polls):
        at = max(at, number * every)
        for request, answer in poll:
            at += min(0.2, WITHIN * every / len(poll)) if every else 0.5
            pieces = split(request, PIECE)
            packets += [Packet(at=at, kind="write-command", value=piece, handle=WRITE_HANDLE) for piece in pieces]
            for part in split(answer, chunk):
                at += 0.03
                packets.append(Packet(at=at, kind="notification", value=part, handle=HANDLE))
    return Capture(source=source, format="recorded frames", packets=tuple(packets), connections=(Connection(),))
