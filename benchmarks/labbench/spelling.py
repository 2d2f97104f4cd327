"""How numbers stand in frames: as bytes, as hex digits, or as figures in text; to read them and to move them."""

import re
from collections.abc import Sequence

from benchmarks.labbench.recorded import domain_of, marker, plain_of
from benchmarks.labbench.truths import Truth
from bmsreader.lab.checks.checksum import check_value
from bmsreader.lab.checks.places import Place
from bmsreader.lab.framing.encoding import xored

FIGURES = {10: re.compile(rb"-?\d+(?:\.\d+)?"), 16: re.compile(rb"(?<![0-9A-Za-z])[+-]?[0-9A-F]+(?![0-9A-Za-z])")}
"""By base: what a number looks like in text."""
PAGE = 2
"""Bytes in front of a page: how many bytes of it count; its number and that of all pages."""


def places(frame: bytes, truth: Truth) -> int:
    """Return how many numbers a frame holds."""
    if truth.base:
        return len(_figures(frame, truth))
    return len(frame) if truth.kind == "raw" else (len(frame) - len(truth.start) - len(truth.end)) // 2


def number_at(frame: bytes, at: int, truth: Truth) -> int:
    """Return the number at a place; ValueError where there is none."""
    if truth.base:
        text = _figures(frame, truth)[at].group().replace(b".", b"")
        return int(text, truth.base)
    if truth.kind == "raw":
        return frame[at]
    begin = len(truth.start or b"?") + 2 * at
    return int(plain_of(frame, truth)[begin : begin + 2], 16) ^ _key_at(frame, at, truth)


def with_number(frame: bytes, at: int, value: int, truth: Truth) -> bytes:
    """Return the frame with another number at a place; its check value is no longer right."""
    if truth.base:
        found = _figures(frame, truth)[at]
        return frame[: found.start()] + _written(found.group(), value, truth.base) + frame[found.end() :]
    if truth.kind == "raw":
        return frame[:at] + bytes([value & 0xFF]) + frame[at + 1 :]
    plain = plain_of(frame, truth)
    begin = len(truth.start or b"?") + 2 * at
    digits = b"%02X" % (value & 0xFF ^ _key_at(frame, at, truth))
    return xored(plain[:begin] + digits + plain[begin + 2 :], frame[0] ^ plain[0])


def turned(frame: bytes, offsets: Sequence[int], steps: int, truth: Truth) -> bytes:
    """Return the frame with the number at these places (its lowest byte first) moved by some steps."""
    if truth.base:
        return with_number(frame, offsets[0], number_at(frame, offsets[0], truth) + steps, truth)
    number = sum(number_at(frame, at, truth) << 8 * n for n, at in enumerate(offsets))
    number = (number + steps) % (1 << 8 * len(offsets))
    for n, at in enumerate(offsets):
        frame = with_number(frame, at, number >> 8 * n, truth)
    return frame


def _figures(frame: bytes, truth: Truth) -> list[re.Match[bytes]]:
    return list(FIGURES[truth.base].finditer(frame))


def _written(old: bytes, value: int, base: int) -> bytes:
    """Return a number as the old one was written: with as many digits, where those were filled up with zeros."""
    point = len(old) - old.index(b".") - 1 if b"." in old else 0
    digits = old.lstrip(b"+-").replace(b".", b"")
    sign = "-" if value < 0 else "+" if old.startswith(b"+") else ""
    width = len(digits) if base == 16 or digits.startswith(b"0") else 0
    width -= base == 10 and value < 0 and not old.startswith(b"-")
    text = f"{abs(value):0{max(width, point + 1)}{'X' if base == 16 else 'd'}}"
    return (sign + (f"{text[:-point]}.{text[-point:]}" if point else text)).encode()


def _key_at(frame: bytes, at: int, truth: Truth) -> int:
    """Return what the byte at a place is XORed with, behind its hex digits."""
    if truth.xor_at is None or at == truth.xor_at:
        return 0
    begin = len(truth.start) + 2 * truth.xor_at
    return int(frame[begin : begin + 2], 16)


# ---- check values


def sealed(frames: Sequence[bytes], truth: Truth) -> list[bytes]:
    """Return frames with the check values that belong to them, which their driver wants to see."""
    return _pages_sealed(frames, truth) if truth.paged else [_sealed(frame, truth) for frame in frames]


def _sealed(frame: bytes, truth: Truth) -> bytes:
    rule = truth.checksum
    data = domain_of(frame, truth) if rule else None
    pair = check_value(rule, data) if rule and data else None
    if rule is None or data is None or pair is None:
        return frame
    begin = Place(rule.tail, rule.width, rule.notation).begin(data)
    digits = b"%0*X" % (2 * rule.width, pair[1])
    put = digits if rule.notation == "hex" else pair[1].to_bytes(rule.width, rule.notation)
    data = data[:begin] + put + data[begin + len(put) :]
    if rule.domain == "frame":
        return data
    if rule.domain == "decoded":
        skip = marker(truth)
        return truth.start + data[:skip] + data[skip:].hex().upper().encode() + truth.end
    masked = xored(data, _key_at(frame, -1, truth))
    return truth.start + masked.hex().upper().encode() + truth.end


def _pages_sealed(frames: Sequence[bytes], truth: Truth) -> list[bytes]:
    """Return pages whose joined contents carry their check value."""
    sealed_ones = list(frames)
    message: list[int] = []
    for number, frame in enumerate(frames):
        if frame[0] & 0x80:
            continue  # says only that something was received
        message = [*message, number] if frame[1] >> 4 > 1 else [number]
        if frame[1] >> 4 != frame[1] & 0xF:
            continue
        content = b"".join(frames[one][PAGE : PAGE + frames[one][0]] for one in message)
        content = _sealed(content, truth)
        for one in message:
            page, size = frames[one], frames[one][0]
            sealed_ones[one] = page[:PAGE] + content[:size] + page[PAGE + size :]
            content = content[size:]
    return sealed_ones
