"""Decode bytes that somebody else received: a pasted line or a stream. Nothing is asked, no clock runs."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import Message
from bmsreader.protocol.envelope import Opened

Result = Reading | FrameRejected


def decode(data: bytes, codecs: Iterable[Codec], *, battery: str, taken_at: datetime) -> Result:
    """Return the reading in bytes that hold one answer, or frames that complete each other, or the best reason why not.

    The descriptions are tried in turn; a rejection is that of the description under which the frame got furthest.
    """
    best: FrameRejected | None = None
    for codec in codecs:
        result = _decode_with(codec, data, battery, taken_at)
        if isinstance(result, Reading):
            return result
        if best is None or result.stage > best.stage:
            best = result
    return best or FrameRejected(reason="no description is loaded", frame=data)


def _decode_with(codec: Codec, data: bytes, battery: str, taken_at: datetime) -> Result:
    assembler = codec.assembler()
    items = [*assembler.feed(data), *assembler.flush()]
    if not items:
        return FrameRejected(reason="no frame: no start byte" if data else "empty", frame=data)
    if len(items) == 1 and isinstance(items[0], bytes):
        return codec.decode(items[0], battery=battery, taken_at=taken_at)
    opened = list(_opened(codec, items))
    parts = [part for part in opened if isinstance(part, Opened)]
    refused = [part for part in opened if isinstance(part, FrameRejected)]
    if not parts:
        return max(refused, key=lambda rejection: rejection.stage)
    names = [part.message.name for part in parts]
    if len(set(names)) < len(names):
        reason = f"{len(names)} answers at once ({', '.join(names)}): one at a time, please"
        return FrameRejected(reason=reason, frame=data, stage=Stage.MESSAGE)
    notes = tuple(f"passed over beside it: {rejection.reason}" for rejection in refused)
    parts.sort(key=lambda part: list(codec.description.messages).index(part.message.name))
    parts[0] = parts[0]._replace(notes=parts[0].notes + notes)
    return codec.reading(parts, battery=battery, taken_at=taken_at)


def _opened(codec: Codec, items: Iterable[Assembled]) -> Iterator[Opened | FrameRejected]:
    """Open frames in turn; where only the request tells them apart, they stand in the order that is asked for."""
    following: Message | None = next(iter(codec.description.messages.values()))
    for item in items:
        one = codec.open(item, following.request if following else None) if isinstance(item, bytes) else item
        if isinstance(one, Opened):
            following = codec.completion(one.message)
        yield one


class StreamDecoder:
    """Decode a stream of notifications under several descriptions: one result for each frame, in order.

    Frames are cut by the framing that the descriptions share; one with another framing gets a stream of its own once
    it has recognised a frame.
    """

    def __init__(self, codecs: Iterable[Codec], *, battery: str) -> None:
        self._codecs = tuple(codecs)
        self._battery = battery
        self._codec = self._codecs[0]
        self._assembler = self._codec.assembler()
        self._latest = datetime.fromtimestamp(0, UTC)

    def feed(self, data: bytes, taken_at: datetime) -> list[Result]:
        """Take the next bytes; return a result for each frame that they complete."""
        self._latest = taken_at
        items = self._assembler.feed(data)
        return [self.result(item, taken_at) if isinstance(item, bytes) else item for item in items]

    @property
    def codec(self) -> Codec:
        """The description that explained the last frame."""
        return self._codec

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return self._assembler.pending

    def flush(self) -> list[Result]:
        """Return what remains of a frame that never ended, and what begins within it."""
        items = self._assembler.flush()
        return [item if isinstance(item, FrameRejected) else self.result(item, self._latest) for item in items]

    def result(self, frame: bytes, taken_at: datetime) -> Result:
        """Return the result of one frame; the description that explained the last one is tried first."""
        result = self._codec.decode(frame, battery=self._battery, taken_at=taken_at)
        if isinstance(result, Reading) or len(self._codecs) == 1:
            return result
        best = result
        for codec in self._codecs:
            if codec is not self._codec:
                result = codec.decode(frame, battery=self._battery, taken_at=taken_at)
                if isinstance(result, Reading):
                    self._codec = codec
                    return result
                best = max(best, result, key=lambda rejection: rejection.stage)
        return best
