"""Make a picture of a page smaller: at most 256 colours, which nobody can tell from the original, and packed harder."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">IIBBBBB")
TRUE_COLOUR, WITH_ALPHA, PALETTE = 2, 6, 3
BYTES = {TRUE_COLOUR: 3, WITH_ALPHA: 4}
"""Of one pixel, by kind of picture."""
COLOURS = 256
NONE, LEFT, ABOVE, MEAN, PAETH = range(5)
"""How the bytes of a row are told: as they are, or as what they differ by from the pixel at the left, above ..."""


def smaller(picture: bytes) -> bytes:
    """Return a PNG as a browser saves it with at most 256 colours; ValueError for another kind of picture."""
    if not picture.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    pieces = [*_pieces(picture)]
    width, height, depth, kind, _, _, interlaced = HEADER.unpack(pieces[0][1])
    if depth != 8 or kind not in BYTES or interlaced:
        raise ValueError("not as a browser saves it")
    packed = b"".join(content for name, content in pieces if name == b"IDAT")
    rows = [*_rows(zlib.decompress(packed), width * BYTES[kind], BYTES[kind])]
    pixels = [[row[at : at + 3] for at in range(0, len(row), BYTES[kind])] for row in rows]
    counted = Counter(pixel for row in pixels for pixel in row)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    numbers = _numbers(counted, palette)
    body = b"".join(bytes([NONE, *(numbers[pixel] for pixel in row)]) for row in pixels)
    return SIGNATURE + b"".join(
        (
            _piece(b"IHDR", HEADER.pack(width, height, 8, PALETTE, 0, 0, 0)),
            _piece(b"PLTE", b"".join(palette)),
            _piece(b"IDAT", zlib.compress(body, 9)),
            _piece(b"IEND", b""),
        )
    )


def _numbers(counted: Mapping[bytes, int], palette: Sequence[bytes]) -> dict[bytes, int]:
    """Return the number in the palette of each colour, or of the one that is nearest."""
    numbers = {colour: number for number, colour in enumerate(palette)}
    for colour in counted:
        if colour not in numbers:
            red, green, blue = colour
            numbers[colour] = min(
                range(len(palette)),
                key=lambda at: (
                    (palette[at][0] - red) ** 2 + (palette[at][1] - green) ** 2 + (palette[at][2] - blue) ** 2
                ),
            )
    return numbers


def _rows(raw: bytes, length: int, size: int) -> Iterator[bytes]:
    """Yield the rows of a picture; ``length`` is that of a row, ``size`` that of a pixel, in bytes."""
    above = bytearray(length)
    for at in range(0, len(raw), length + 1):
        row = bytearray(raw[at + 1 : at + 1 + length])
        _undo(raw[at], row, above, size)
        yield bytes(row)
        above = row


def _undo(how: int, row: bytearray, above: bytearray, size: int) -> None:
    if how == ABOVE:
        row[:] = bytes([(one + other) & 255 for one, other in zip(row, above, strict=True)])
    elif how == LEFT:
        for at in range(size, len(row)):
            row[at] = (row[at] + row[at - size]) & 255
    elif how == MEAN:
        for at in range(len(row)):
            row[at] = (row[at] + ((row[at - size] if at >= size else 0) + above[at]) // 2) & 255
    elif how == PAETH:
        for at in range(len(row)):
            left, corner = (row[at - size], above[at - size]) if at >= size else (0, 0)
            row[at] = (row[at] + _nearest(left, above[at], corner)) & 255


def _nearest(left: int, above: int, corner: int) -> int:
    """Return which of the three neighbours is nearest to what they foretell."""
    foretold = left + above - corner
    distances = abs(foretold - left), abs(foretold - above), abs(foretold - corner)
    return (left, above, corner)[distances.index(min(distances))]


def _pieces(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def _piece(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
