"""A picture with few colours stays what it is, whichever way its rows were told; one with many gets near ones."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.smaller_png import BYTES, HEADER, SIGNATURE, TRUE_COLOUR, WITH_ALPHA, smaller

Rows = list[list[tuple[int, int, int]]]


def piece(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def told(how: int, row: bytes, above: bytes, size: int) -> bytes:
    """Return a row as a PNG tells it (PNG specification, section 9)."""
    out = []
    for at, byte in enumerate(row):
        left, corner = (row[at - size], above[at - size]) if at >= size else (0, 0)
        up = above[at]
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda one: abs(guess - one))
        out.append((byte - (0, left, up, (left + up) // 2, paeth)[how]) & 255)
    return bytes([how, *out])


def png(rows: Rows, how: list[int], kind: int = TRUE_COLOUR) -> bytes:
    size = BYTES[kind]
    plain = [bytes(part for pixel in row for part in (*pixel, 255)[:size]) for row in rows]
    above = bytes(len(plain[0]))
    body = b""
    for number, row in enumerate(plain):
        body += told(how[number % len(how)], row, above, size)
        above = row
    header = HEADER.pack(len(rows[0]), len(rows), 8, kind, 0, 0, 0)
    return SIGNATURE + piece(b"IHDR", header) + piece(b"IDAT", zlib.compress(body)) + piece(b"IEND", b"")


def seen(picture: bytes) -> Rows:
    """Return the pixels of a picture with a palette."""
    at, found = len(SIGNATURE), {}
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        found[picture[at + 4 : at + 8]] = picture[at + 8 : at + 8 + length]
        at += 12 + length
    width = HEADER.unpack(found[b"IHDR"])[0]
    palette = [tuple(found[b"PLTE"][at : at + 3]) for at in range(0, len(found[b"PLTE"]), 3)]
    raw = zlib.decompress(found[b"IDAT"])
    return [[palette[one] for one in raw[at + 1 : at + 1 + width]] for at in range(0, len(raw), width + 1)]  # type: ignore[misc]


COLOUR = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
PICTURE = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(COLOUR, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(rows=PICTURE, how=st.lists(st.integers(0, 4), min_size=1, max_size=6), alpha=st.booleans())
def test_few_colours_stay_exactly_as_they_are(rows: Rows, how: list[int], alpha: bool) -> None:
    assert seen(smaller(png(rows, how, WITH_ALPHA if alpha else TRUE_COLOUR))) == rows


def test_many_colours_become_near_ones() -> None:
    rows = [[(red, green, 128) for red in range(0, 256, 8)] for green in range(0, 256, 8)]

    found = seen(smaller(png(rows, [4])))

    assert len({pixel for row in found for pixel in row}) == 256
    assert found[0][:5] == rows[0][:5]


def test_what_is_no_picture_of_a_browser_is_refused() -> None:
    with pytest.raises(ValueError, match="not a PNG"):
        smaller(b"GIF89a")
    with pytest.raises(ValueError, match="not as a browser saves it"):
        smaller(SIGNATURE + piece(b"IHDR", HEADER.pack(1, 1, 16, TRUE_COLOUR, 0, 0, 0)))
