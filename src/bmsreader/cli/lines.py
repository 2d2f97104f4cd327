"""Lines of text become answers: pasted frames one by one, a listening gatttool's output as the stream that it is."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from bmsreader.captures.lines import bytes_of_line
from bmsreader.cli.catalogue import codecs, lazy_codecs
from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.decoding import Result, StreamDecoder, decode

if TYPE_CHECKING:
    from bmsreader.protocol.codec import Codec

LONGEST = 1 << 16
"""Bytes; what goes on for longer without a line end is no line."""
SHOWN = 64
"""Bytes of a line that is too long that its answer repeats."""


class LineDecoder:
    """Answer each line once; of gatttool's output answer each frame once, and pass over its chatter."""

    def __init__(self, descriptions: Sequence[str] = ()) -> None:
        self._descriptions = descriptions
        self._rest = iter(lazy_codecs(descriptions))
        self._known: list[Codec] = []
        self._stream: StreamDecoder | None = None

    def results(self, file: BinaryIO, first: bytes = b"") -> Iterator[Result]:
        """Yield the answers to a file whose beginning was read already."""
        line = first or file.readline(LONGEST)
        while line:
            if len(line) >= LONGEST and not line.endswith(b"\n"):
                yield FrameRejected(reason=f"longer than {LONGEST} bytes", frame=line[:SHOWN])
                while len(line) >= LONGEST and not line.endswith(b"\n"):
                    line = file.readline(LONGEST)
            else:
                yield from self._answers(line)
            line = file.readline(LONGEST)
        if self._stream is not None:
            yield from self._stream.flush()

    def _codecs(self) -> Iterator["Codec"]:
        """Yield the descriptions; the next one is compiled only when the ones before did not explain a line."""
        yield from self._known
        for codec in self._rest:
            self._known.append(codec)
            yield codec

    def _answers(self, line: bytes) -> Sequence[Result]:
        if b"=" in line or self._stream is not None or line.startswith((b"[", b"Ch", b"At", b"Co", b"ha")):
            from bmsreader.captures.gatttool import is_gatttool, notification

            text = line.decode("latin-1")
            heard = notification(text)
            if heard is not None:
                return self._of_stream(heard[1])
            if is_gatttool(text) or (self._stream is not None and not text.strip()):
                return ()
        return (self._of_line(line),)

    def _of_stream(self, data: bytes) -> list[Result]:
        if self._stream is None:
            self._stream = StreamDecoder(codecs(self._descriptions), battery="")
        return self._stream.feed(data, datetime.now(UTC))

    def _of_line(self, line: bytes) -> Result:
        return decode(bytes_of_line(line), self._codecs(), battery="", taken_at=datetime.now(UTC))
