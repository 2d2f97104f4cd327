"""What happens to an answer on its way: noise, damage, and notifications that go astray."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

AT = b"AT\r\n"
"""What the modules of two-frame batteries say to themselves, and sometimes to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What comes before or after a frame: glued to it, or in notifications of its own."""

    glued: bytes = b""
    alone: tuple[bytes, ...] = ()


def with_noise(dice: Random, *, at: bool, nul: bool, size: int) -> tuple[Noise, Noise]:
    """Return the noise before and after a frame; ``size`` is the bytes of one notification."""
    glued, alone = [b"", b""], [b"", b""]
    if at:
        dice.choice((glued, alone))[dice.randrange(2)] = AT
    if nul:
        glued = [b"\0" + glued[0], glued[1] + b"\0"]
    before, after = (
        Noise(glued=g, alone=tuple(a[start : start + size] for start in range(0, len(a), size)))
        for g, a in zip(glued, alone, strict=True)
    )
    return before, after


def with_wrong_checksum(frame: bytes) -> bytes:
    """Return a frame of hex digits, or of bytes, whose checksum is off by one bit."""
    last = frame[-2]
    wrong = b"%X" % (int(chr(last), 16) ^ 1) if last in b"0123456789ABCDEF" else bytes([last ^ 1])
    return frame[:-2] + wrong + frame[-1:]


def glitched(values: Mapping[str, object]) -> dict[str, object]:
    """Return values whose status word is 0000, as about one answer in 500 of real batteries says, checksum and all."""
    switches = dict.fromkeys(("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled"), False)
    return {**values, **switches, "alarms": (), "status": (), "flags": 0}


def mangled(chunks: list[bytes], dice: Random, *, lost: bool, doubled: bool, swapped: bool) -> list[bytes]:
    """Return the notifications with one lost, one doubled, or two neighbours swapped.

    Where there are enough, those in the middle are hit: a frame with its start and end in place is the harder one to
    recognise as broken.
    """
    chunks = list(chunks)
    if swapped and len(chunks) > 1:
        first = dice.randrange(1, len(chunks) - 2) if len(chunks) > 3 else 0
        chunks[first : first + 2] = reversed(chunks[first : first + 2])
    if doubled:
        twice = _one(chunks, dice)
        chunks.insert(twice, chunks[twice])
    if lost:
        del chunks[_one(chunks, dice)]
    return chunks


def _one(chunks: list[bytes], dice: Random) -> int:
    return dice.randrange(1, len(chunks) - 1) if len(chunks) > 2 else dice.randrange(len(chunks))
