"""Byte stuffing: marks that stand nowhere else, since whatever looks like one is written otherwise between them.

HDLC and PPP write 7D 5E for 7E, SLIP writes DB DC for C0, and protocols that frame by 10 02 and 10 03 double each 10.
"""

from collections.abc import Iterator, Sequence

from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.description import Escape, Framing

Problem = tuple[tuple[str, ...], str]


class Stuffing:
    """One way to keep marks out of a payload, both ways."""

    def __init__(self, escape: Escape, start: bytes, end: bytes) -> None:
        self._byte = escape.byte
        special = sorted({escape.byte, *(mark[0] for mark in (start, end) if len(mark) == 1)})
        if escape.codes:
            self._meant = dict(escape.codes)
            self._sent = {means: bytes([escape.byte, sent]) for sent, means in escape.codes}
        else:
            self._meant = {sent: sent ^ escape.xor for sent in range(256)}
            self._sent = {means: bytes([escape.byte, means ^ escape.xor]) for means in special}

    def stuffed(self, payload: bytes) -> bytes:
        """Return a payload as it stands between the marks."""
        return b"".join([self._sent.get(byte) or bytes([byte]) for byte in payload])

    def unstuffed(self, text: bytes) -> bytes | None:
        """Return the payload behind what stands between the marks; None where an escape is followed by no code."""
        first, *others = text.split(bytes([self._byte]))
        if not others:
            return text
        found = [first]
        pieces = iter(others)
        for piece in pieces:
            # with nothing between two escape bytes the second one is a code
            sent, rest = (piece[0], piece[1:]) if piece else (self._byte, next(pieces, None))
            meant = self._meant.get(sent)
            if meant is None or rest is None:
                return None
            found += (bytes([meant]), rest)
        return b"".join(found)


class Stuffed:
    """Join notifications into frames with escapes in them: a byte-wise state machine, as chunks never matter.

    Where start and end are the same, or where there is no start, each mark ends a frame and begins the next. A frame
    that exceeds the limit is given up.
    """

    def __init__(self, framing: Framing) -> None:
        assert framing.escape  # noqa: S101 - the caller looked
        self._start, self._end, self._limit = framing.start, framing.end, framing.limit
        self._escape = bytes([framing.escape.byte])
        literal = not framing.escape.xor and not framing.escape.codes
        self._marks = frozenset() if literal else frozenset((framing.start, framing.end))
        """Marks that an escape byte before them does not make a byte of the payload."""
        self._joined = framing.start in (b"", framing.end)
        self._inside = not framing.start
        self._escaping = False
        self._body = bytearray()

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next bytes and return what they complete: whole frames as on the air, and rejections."""
        found: list[Assembled] = []
        for number in chunk:
            byte = bytes([number])
            if self._escaping:
                self._escaping = False
                if byte in self._marks:
                    self._take(self._escape, found)
                    self._take(byte, found)
                else:
                    self._take(self._escape + byte, found)
            elif byte == self._escape:
                self._escaping = True
            else:
                self._take(byte, found)
        return found

    def flush(self) -> Sequence[Assembled]:
        """Give up the frame in progress, because the answer's time is over or the link is gone."""
        found = [self._given_up("cut off: no end")] if self._body else []
        self._inside, self._escaping = not self._start, False
        return found

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return len(self._start) + len(self._body) if self._body else 0

    def _take(self, token: bytes, found: list[Assembled]) -> None:
        """Take a byte, or an escape byte and the one behind it."""
        if token == self._end:
            if self._body:
                found.append(self._start + bytes(self._body) + self._end)
            self._body.clear()
            self._inside = self._joined
        elif token == self._start:
            if self._body:
                found.append(self._given_up("cut off by the next start"))
            self._inside = True
        elif self._inside:
            self._body += token
            if self.pending >= self._limit:
                found.append(self._given_up(f"no end within {self._limit} bytes"))
                self._inside = False

    def _given_up(self, reason: str) -> FrameRejected:
        frame = self._start + bytes(self._body)
        self._body.clear()
        return FrameRejected(reason=reason, frame=frame)


def stuffing_problems(framing: Framing) -> Iterator[Problem]:
    """Yield why frames with escapes could not be cut, or a payload not be written: (keys, words)."""
    escape, path = framing.escape, ("framing", "escape")
    assert escape  # noqa: S101 - the caller looked
    if framing.cut != "marks" or framing.encoding != "binary" or framing.ignore:
        yield path, "is for binary frames that are cut by marks, without `ignore`"
        return
    byte = bytes([escape.byte])
    special = {escape.byte}
    for key, mark in (("start", framing.start), ("end", framing.end)):
        if len(mark) == 1 and mark != byte:
            special.add(mark[0])
        elif not ((len(mark) == 2 and mark.startswith(byte)) or (key == "start" and not mark)):
            yield ("framing", key), "must be one byte, or the escape byte and another one"
    if escape.codes:
        sent, meant = zip(*escape.codes, strict=True)
        if len(set(sent)) != len(sent) or set(meant) != special or len(meant) != len(special):
            yield (*path, "codes"), "must say once how the escape byte and each mark of one byte are sent"
    sent_as = {code for code, _ in escape.codes} or {one ^ escape.xor for one in special}
    if (escape.xor and sent_as & special) or (escape.codes and sent_as & special):
        yield path, "must not send a mark or the escape byte behind the escape byte"
    if any(len(mark) == 2 and mark[1] in sent_as for mark in (framing.start, framing.end)):
        yield path, "sends what a mark is"
    if framing.xor_over == "characters":
        yield path, "goes with an `xor` over bytes"
