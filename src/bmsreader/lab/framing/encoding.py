"""How the bytes between start and end become payload bytes: as they are, as hex digits, as text, behind an XOR."""

import json
from binascii import Error, unhexlify
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bmsreader.lab.evidence import Encoding, Finding, Framing
from bmsreader.lab.framing.markers import DIGITS
from bmsreader.protocol.unpacking import xor_table

SHARE = 0.85
"""Of the frames must fit; the others are damaged or of another kind."""
ENOUGH = 60
"""Frames that are looked at."""
MARGIN = 4
"""Bytes at either end that may be no digits."""
DIGIT_BITS = 3.5
"""What one byte says for hex digits: 22 of 256 values are some."""
FILLING = 0.2
"""Share of a frame that is empty fields, at least, when its most frequent byte gives away an XOR key."""
PLAIN_FILLERS = frozenset(b"\x00\xff ")
RUN = 4
"""Bytes of an empty field."""
FEWEST_KEYS = 3
MANY_KEYS, FEWEST_STILL = 8, 3
"""Different keys, and bytes that stand still without them, where nothing fills the frames."""
KEY_OFFSETS = range(-4, 12)


def find_encoding(frames: Sequence[bytes], framing: Framing) -> Finding[Encoding]:
    """Return how the frames are encoded; raw when nothing speaks for anything else."""
    different = list(dict.fromkeys(frames))[:ENOUGH]
    bodies = [body for frame in different if (body := body_of(frame, framing))]
    json_found = _json(different)
    if json_found:
        return json_found
    for look in (_hex, _hex_behind_xor, _csv):
        found = look(bodies)
        if found and found.bits > 0:
            return _with_key(found, bodies)
    return _with_key(_raw(bodies), bodies, begin=plain_until(framing))


def plain_until(framing: Framing) -> int:
    """Return how many bytes behind the start are as they are: up to the length, which was understood so."""
    length = framing.length
    return length.at + length.width - len(framing.start) if length else 0


def body_of(frame: bytes, framing: Framing) -> bytes:
    """Return what stands between start and end."""
    return frame[len(framing.start) : len(frame) - len(framing.end)]


def decoded(body: bytes, encoding: Encoding) -> bytes | None:
    """Return the bytes behind hex digits, before any XOR; None when there are none."""
    if encoding.xor_text:
        body = xored(body, encoding.xor_constant)
    if encoding.kind != "hex":
        return body
    head, text, tail = (
        body[: encoding.skip],
        body[encoding.skip : len(body) - encoding.tail],
        body[len(body) - encoding.tail :],
    )
    try:
        return head + unhexlify(text) + tail
    except Error:
        return None


def payload_of(body: bytes, encoding: Encoding) -> bytes | None:
    """Return the payload that a body carries; None when it is damaged."""
    plain = decoded(body, encoding)
    if plain is None or encoding.xor_text:
        return plain
    if encoding.xor_key_at is not None:
        inside = -len(plain) <= encoding.xor_key_at < len(plain)
        return xored(plain, plain[encoding.xor_key_at], encoding.xor_from) if inside else None
    return xored(plain, encoding.xor_constant, encoding.xor_from) if encoding.xor_constant else plain


def xored(data: bytes, key: int, begin: int = 0) -> bytes:
    """Return every byte, from ``begin`` on, XORed with the key."""
    return data[:begin] + data[begin:].translate(xor_table(key))


# ---- one look each


def _raw(bodies: Sequence[bytes]) -> Finding[Encoding]:
    text = sum(DIGITS.issuperset(body) for body in bodies)
    why = f"{len(bodies) - text} of {len(bodies)} frames hold bytes that are no hex digits"
    return Finding(value=Encoding(kind="raw"), bits=min(200.0, 8.0 * (len(bodies) - text)), why=why)


def _hex(bodies: Sequence[bytes], xor: int = 0) -> Finding[Encoding] | None:
    if not bodies:
        return None
    for both in sorted(((skip, tail) for skip in range(MARGIN + 1) for tail in range(MARGIN + 1)), key=sum):
        skip, tail = both
        inner = [body[skip : len(body) - tail] for body in bodies]
        good = [text for text in inner if len(text) >= 4 and len(text) % 2 == 0 and DIGITS.issuperset(text)]
        if len(good) >= SHARE * len(bodies):
            digits = sum(map(len, good))
            why = f"{len(good)} of {len(bodies)} frames are an even number of hex digits"
            value = Encoding(kind="hex", skip=skip, tail=tail, xor_constant=xor, xor_text=bool(xor))
            bits = DIGIT_BITS * digits - 2 * (skip + tail) - (8 if xor else 0) - 8 * (len(bodies) - len(good))
            return Finding(value=value, bits=round(min(200.0, bits), 1), why=why)
    return None


def _hex_behind_xor(bodies: Sequence[bytes]) -> Finding[Encoding] | None:
    """Try the keys that make the most frequent byte a digit: text behind an XOR has few different bytes."""
    counts = Counter(b"".join(bodies))
    if not counts or len(counts) > 40:
        return None
    most = counts.most_common(1)[0][0]
    found = [
        finding
        for key in sorted({most ^ digit for digit in DIGITS} - {0})
        if all(byte ^ key < 128 for byte in counts) and (finding := _hex([xored(body, key) for body in bodies], key))
    ]
    found.sort(key=lambda one: (one.value.skip + one.value.tail, one.value.xor_constant))
    return found[0] if found else None


def _json(bodies: Sequence[bytes]) -> Finding[Encoding] | None:
    good = sum(_is_json(body) for body in bodies)
    if not bodies or good < SHARE * len(bodies):
        return None
    why = f"{good} of {len(bodies)} frames are JSON"
    return Finding(value=Encoding(kind="json"), bits=min(200.0, float(len(b"".join(bodies)))), why=why)


def _is_json(body: bytes) -> bool:
    if body.strip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _csv(bodies: Sequence[bytes]) -> Finding[Encoding] | None:
    text = [body for body in bodies if body.isascii() and body.strip().decode("ascii").isprintable()]
    if not bodies or len(text) < SHARE * len(bodies):
        return None
    for comma in (b",", b";", b"\t"):
        columns = [body.count(comma) for body in text]
        several = sum(count >= 3 for count in columns)
        if several >= 0.5 * len(text):
            why = f"{several} of {len(bodies)} frames are values parted by {comma.decode()!r}"
            return Finding(value=Encoding(kind="csv"), bits=min(200.0, 4.0 * sum(columns)), why=why)
    return None


# ---- XOR keys


def _with_key(found: Finding[Encoding], bodies: Sequence[bytes], begin: int = 0) -> Finding[Encoding]:
    """Look for an XOR key in binary payloads: empty fields show it."""
    encoding = found.value
    if encoding.kind in ("json", "csv") or encoding.xor_text:
        return found
    plains = [plain for body in bodies if (plain := decoded(body, encoding)) and len(plain) >= 8]
    if not plains:
        return found
    key_at = _key_offset(plains)
    keys = [_filler(plain) for plain in plains]
    constant = _constant(plains)
    if key_at is not None:
        bits = 8.0 * len(set(keys)) - 4
        why = f"{found.why}; what fills most of each frame is its byte {key_at}, so it is XORed with it"
        value = replace(encoding, xor_key_at=key_at, xor_from=begin if 0 <= key_at < begin else 0)
        return _keyed(found, value, bits, why)
    usual = Counter(map(len, plains)).most_common(1)[0][0]
    if own := _own_key([plain for plain in plains if len(plain) == usual]):
        why = f"{found.why}; the bytes from {own[1]} on move with byte {own[0]}, so they are XORed with it"
        value = replace(encoding, xor_key_at=own[0], xor_from=own[1])
        return _keyed(found, value, min(200.0, 8.0 * len(plains)), why)
    if constant:
        why = f"{found.why}; most bytes are {constant:#04x} and hardly any is 0, so all are XORed with it"
        return _keyed(found, replace(encoding, xor_constant=constant, xor_from=begin), 12.0, why)
    return found


def _keyed(found: Finding[Encoding], value: Encoding, bits: float, why: str) -> Finding[Encoding]:
    plain = Finding(value=found.value, bits=max(0.0, found.bits - bits), why=found.why)
    return Finding(value=value, bits=round(bits, 1), why=why, rivals=(plain,) if plain.bits < bits else ())


def _filler(plain: bytes) -> int | None:
    """Return the byte that fills a frame, if one does: most frequent, and several times in a row."""
    byte, count = Counter(plain).most_common(1)[0]
    return byte if count >= FILLING * len(plain) and bytes([byte]) * RUN in plain else None


def _key_offset(plains: Sequence[bytes]) -> int | None:
    """Return where the filler itself stands in every frame."""
    filled = [(plain, filler) for plain in plains if (filler := _filler(plain)) is not None]
    if len(filled) < SHARE * len(plains) or len({filler for _, filler in filled}) < FEWEST_KEYS:
        return None
    if sum(filler in PLAIN_FILLERS for _, filler in filled) > len(filled) // 4:
        return None
    fitting = [
        at
        for at in KEY_OFFSETS
        if sum(-len(plain) <= at < len(plain) and plain[at] == filler for plain, filler in filled)
        >= SHARE * len(filled)
    ]
    front = [at for at in fitting if at >= 0]
    return next(iter(front or fitting), None)


def _own_key(plains: Sequence[bytes]) -> tuple[int, int] | None:
    """Return (where a key stands that each frame has for itself, where the bytes begin that are XORed with it).

    What stands still moves with it there, and nothing else stands still.
    """
    size = min(map(len, plains), default=0)
    fixed = [len({plain[n] for plain in plains}) == 1 for n in range(size)]
    for at in range(min(KEY_OFFSETS.stop, size)):
        if len({plain[at] for plain in plains}) < MANY_KEYS:
            continue
        still = [n for n in range(at + 1, size) if len({plain[n] ^ plain[at] for plain in plains}) == 1]
        if len(still) >= FEWEST_STILL and not any(fixed[still[0] :]):
            return at, max((n + 1 for n in range(at + 1, still[0]) if fixed[n]), default=at + 1)
    return None


def _constant(plains: Sequence[bytes]) -> int:
    """Return the constant key; 0 for none."""
    everything = b"".join(plains)
    byte, count = Counter(everything).most_common(1)[0]
    if byte in PLAIN_FILLERS or count < FILLING * len(everything) or everything.count(0) > 0.02 * len(everything):
        return 0
    runs = sum(bytes([byte]) * 6 in plain for plain in plains)
    return byte if runs >= 0.5 * len(plains) else 0
