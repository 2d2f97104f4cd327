"""What may say whose battery it is, and the ways in which that may stand in a frame."""

import re
from collections.abc import Iterable, Iterator, Sequence

TEXT = re.compile(rb"[0-9A-Za-z _./:+-]{4,}")
"""What may be a name, a serial number or a date."""
WIDE_TEXT = re.compile(rb"(?:[0-9A-Za-z _./:+-]\x00){4,}|(?:\x00[0-9A-Za-z _./:+-]){4,}")
"""The same in characters of two bytes."""
BCD = re.compile(
    rb"(?:[\x00-\x09\x10-\x19\x20-\x29\x30-\x39\x40-\x49\x50-\x59\x60-\x69\x70-\x79\x80-\x89\x90-\x99]){5,}"
)
"""What may be a number in packed decimal digits."""
SERIAL = re.compile(rb"[0-9A-Za-z_-]{6,}")
SERIAL_DIGITS, LONG_NUMBER = 3, 8
"""Digits that a word has to be taken for a serial number; digits from which a mere number is one."""
NUMBER = re.compile(rb"[-+]?[0-9]+(?:[.][0-9]+)?[A-Za-z%]{0,3}")
QUOTED = re.compile(rb'[:,\[]\s*"([^"\\]{4,})"(?!\s*:)')
NAMED = re.compile(
    rb"(?<![a-z])(?:lat(?:itude)?|lon(?:g|gitude)?|lng|gps\w*|pw|pin|key|"
    rb"\w*(?:pass|pwd|psk|ssid|token|phone|mail|owner|user)\w*)\"?\s*[:=]\s*\"?([^\",;{}\[\]\s][^\",;{}\[\]\r\n]*)",
    re.IGNORECASE,
)
"""What is private by its name wherever the battery gives names: where it is, and what opens doors."""
PIN = re.compile(rb"[0-9]{4,}")
SECRET = re.compile(rb"pin|pass|pwd|login|auth|key|token|user", re.IGNORECASE)
ASSIGNED = re.compile(rb"=[\s\"]*(?=[^,;\"=]*[A-Za-z])(?=[^,;\"=]*[0-9])[^,;\"=]{6,}")
"""What a command in words sets to letters and digits."""
LONG_TEXT = 6
"""Characters of text in a request of bytes that may be a password."""
TELLING = 3
"""Different bytes from which a part of an address is nothing that stands in many frames."""
HEX_DIGITS = frozenset(b"0123456789abcdefABCDEF")
HEX_SHARE = 0.9
LEAST_HEX = 8


def forms(word: bytes) -> Iterator[bytes]:
    """Yield the ways in which a word may stand in a frame: turned round, as wide text, as hex digits of either case."""
    wide = [word.decode("latin-1").encode(code) for code in ("utf-16-le", "utf-16-be")] if word.isascii() else []
    for one in (word, word[::-1], *wide):
        yield one
        yield one.hex().encode("ascii")
        yield one.hex().upper().encode("ascii")
    if len(word) == 12 and HEX_DIGITS.issuperset(word):  # an address as text
        yield from address_forms(bytes.fromhex(word.decode("ascii")))


def address_forms(address: bytes) -> Iterator[bytes]:
    """Yield the ways in which an address may stand in a frame, also without its last or its first bytes.

    A module often has several addresses that differ in the last byte; the maker of its radio has the first three.
    """
    for part in (address, *(part for part in (address[:-1], address[3:]) if len(set(part)) >= TELLING)):
        for one in (part, part[::-1]):
            yield one
            for text in (one.hex(), one.hex(":"), one.hex("-"), one.hex(" ")):
                digits = text.encode("ascii")
                yield from (digits, digits.upper(), digits.hex().encode("ascii"), digits.upper().hex().encode("ascii"))


def serial_words(values: Iterable[bytes]) -> set[bytes]:
    """Return what looks like a serial number in values: text with several digits, or a long number."""
    found: set[bytes] = set()
    for value in values:
        for match in SERIAL.finditer(plain(value)):
            word = match.group()
            digits = sum(byte in b"0123456789" for byte in word)
            if digits >= (LONG_NUMBER if NUMBER.fullmatch(word) else SERIAL_DIGITS):
                found.add(word)
    return found


def may_be_secret(request: bytes, *, digits: bool = False) -> bool:
    """Return whether a request holds what may be a PIN or a password; ``digits``: the battery talks in hex digits."""
    inner = plain(request, always=digits)
    if PIN.search(inner) or SECRET.search(inner):
        return True
    words = inner.strip(b"\r\n\0")
    if words.isascii() and words.decode("ascii").isprintable():
        return ASSIGNED.search(words) is not None  # commands in words
    return any(len(match.group()) >= LONG_TEXT for match in TEXT.finditer(inner))


def plain(value: bytes, *, always: bool = False) -> bytes:
    """Return the bytes behind hex digits; what does not look like that stays as it is, unless ``always``."""
    if not (always or is_hex_text(value)):
        return value
    digits = bytes(byte for byte in value if byte in HEX_DIGITS)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def is_hex_text(frame: bytes) -> bool:
    """Return whether a frame is hex digits between marks."""
    inner = frame[1:-1]
    return len(inner) >= LEAST_HEX and sum(byte in HEX_DIGITS for byte in inner) >= HEX_SHARE * len(inner)


def still_text(values: Sequence[bytes], *, head: int) -> list[tuple[int, int]]:
    """Return (start, stop) of runs of text or decimal digits that are the same in all values.

    The first bytes say what an answer is: they are kept, or nobody could use it, unless they begin a long text. Where
    the values themselves are text, names in JSON and short numbers are kept.
    """
    written = all(map(is_text, values))
    size = min(map(len, values), default=0)
    known = [len({value[at] for value in values}) == 1 for at in range(size)]
    still = bytes(value if stays else NEVER for value, stays in zip(values[0][:size], known, strict=True))
    spans = []
    for pattern, zeros in ((TEXT, 0), (WIDE_TEXT, size), (BCD, 1))[: 1 if written else 3]:
        for match in pattern.finditer(still):
            run, start = match.group(), match.start()
            if len(set(run)) < 3 or run.count(0) > zeros:
                continue
            if written and (_is_key(still, *match.span()) or _is_short_number(run)):
                continue
            start = max(start, BRIEF_HEAD if len(run) >= LONG_NUMBER and pattern is not BCD else head)
            if start < match.end():
                spans.append((start, match.end()))
    return spans


NEVER = 0xFF
"""A byte that is neither text nor decimal digits."""
BRIEF_HEAD = 2


def is_text(value: bytes) -> bool:
    """Return whether all of a value is text, and not hex digits."""
    try:
        return value.strip(b"\r\n\0").decode("utf-8").isprintable() and not is_hex_text(value)
    except UnicodeDecodeError:
        return False


def named_spans(value: bytes) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of what a text calls a place, a password or a person."""
    if is_text(value):
        yield from (match.span(1) for match in NAMED.finditer(value))


def quoted_words(values: Iterable[bytes]) -> set[bytes]:
    """Return the texts that stand as values, not as names, in JSON."""
    return {match.group(1) for value in values if is_text(value) for match in QUOTED.finditer(value)}


def _is_short_number(run: bytes) -> bool:
    digits = sum(byte in b"0123456789" for byte in run)
    return digits < LONG_NUMBER and NUMBER.fullmatch(run.strip(b" :/.-+")) is not None


def _is_key(value: bytes, start: int, stop: int) -> bool:
    """Return whether a text is the name of a value in JSON: these are the maker's, not the owner's."""
    return value[start - 1 : start] == b'"' and value[stop : stop + 2] == b'":'
