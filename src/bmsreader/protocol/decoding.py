"""Decode bytes that somebody else received: a pasted line or a stream. Nothing is asked, no clock runs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import Message
from bmsreader.protocol.envelope import Opened

Result = Reading | FrameRejected


LINE_ENDS = (b"\n", b"\r\n", b"\r", b"\n\r")
"""What a line loses when it is copied. An end mark that can be seen is not lost, but missing."""


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
    framing = codec.description.framing
    if framing.encoding == "text" and not framing.behind and not data.endswith(framing.end):
        data += next((lost for lost in LINE_ENDS if (data + lost).endswith(framing.end)), b"")
    assembler = codec.assembler(joined=True)
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

    Descriptions that cut frames alike share a way; every way hears everything. What cannot be read is told once, by
    the way that read a frame last; before any did, it waits until one does.
    """

    def __init__(self, codecs: Iterable[Codec], *, battery: str) -> None:
        self._ways = [_Way(alike, battery) for alike in _alike(codecs)]
        self._way = self._ways[0]
        self._waiting: list[list[Result]] | None = [[] for _ in self._ways] if len(self._ways) > 1 else None
        """What each way found before any of them read a frame; None from then on."""
        self._latest = datetime.fromtimestamp(0, UTC)

    def sent(self, data: bytes) -> None:
        """Note what the battery was asked: some answers are told by nothing else."""
        for way in self._ways:
            way.sent(data)

    def feed(self, data: bytes, taken_at: datetime) -> list[Result]:
        """Take the next bytes; return a result for each frame that they complete."""
        silent = (taken_at - self._latest).total_seconds() >= SILENCE
        self._latest = taken_at
        return self._told([way.feed(data, taken_at, silent=silent) for way in self._ways])

    @property
    def codec(self) -> Codec:
        """The description that explained the last frame."""
        return self._way.codec

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return self._way.assembler.pending

    @property
    def is_plain(self) -> bool:
        """Whether all descriptions cut frames alike, and none needs to know what was asked."""
        return len(self._ways) == 1 and not self._way.needs_requests

    def flush(self) -> list[Result]:
        """Return what remains of a frame that never ended, and what begins within it."""
        told = self._told([way.flush(self._latest) for way in self._ways])
        return told if self._waiting is None else self._settle(max(self._ways, key=self._reach))

    def result(self, frame: bytes, taken_at: datetime) -> Result:
        """Return the result of one frame; the description that explained the last one is tried first."""
        return self._way.result(frame, taken_at)

    def _told(self, found: list[list[Result]]) -> list[Result]:
        """Return what is told of that which each way found in the same bytes."""
        ways = sorted(self._ways, key=lambda way: way is not self._way)  # the one that read last comes first
        reads = [way for way in ways if any(isinstance(one, Reading) for one in found[self._ways.index(way)])]
        if self._waiting is None:
            self._way = reads[0] if reads else self._way
            return found[self._ways.index(self._way)]
        for waiting, more in zip(self._waiting, found, strict=True):
            waiting += more
        if reads:
            return self._settle(reads[0])
        if max(map(len, self._waiting)) > PATIENCE:
            return self._settle(max(self._ways, key=self._reach))
        return []

    def _settle(self, way: "_Way") -> list[Result]:
        """Return what waited, as this way found it, and follow it from now on."""
        waiting, self._waiting, self._way = self._waiting or [], None, way
        return waiting[self._ways.index(way)] if waiting else []

    def _reach(self, way: "_Way") -> int:
        """Return how far the frames got that a way found."""
        waiting = (self._waiting or [])[self._ways.index(way)]
        return max((one.stage for one in waiting if isinstance(one, FrameRejected)), default=-1)


SILENCE = 1.5
"""s without a byte after which a frame that no character ends is over, as in a live conversation."""

PATIENCE = 64
"""Pieces that nobody could read after which they are told, although another description may fit what follows."""


class _Way:
    """One way to cut a stream, with the descriptions that share it."""

    def __init__(self, codecs: Sequence[Codec], battery: str) -> None:
        self._codecs = codecs
        self._battery = battery
        self._asked: dict[str, str] = {}
        """By description: the name of the request that was sent last, where it is one of its own."""
        self._before = b""
        framing = codecs[0].description.framing
        self._timed = framing.cut != "marks" or framing.open_ended
        self.codec = codecs[0]
        self.assembler = self.codec.assembler()
        self.needs_requests = any(m.by_request for codec in codecs for m in codec.description.messages.values())

    def sent(self, data: bytes) -> None:
        if not self.needs_requests:
            return
        whole = (data, self._before + data)  # a phone writes a long request in two pieces
        self._asked = {
            codec.id: request.name
            for codec in self._codecs
            for request in codec.description.requests.values()
            if request.send and request.send in whole
        }
        self._before = data

    def feed(self, data: bytes, taken_at: datetime, *, silent: bool) -> list[Result]:
        late = self.assembler.flush() if silent and self._timed else ()
        return self._results([*late, *self.assembler.feed(data)], taken_at)

    def flush(self, taken_at: datetime) -> list[Result]:
        return self._results(self.assembler.flush(), taken_at)

    def _results(self, items: Iterable[Assembled], taken_at: datetime) -> list[Result]:
        return [item if isinstance(item, FrameRejected) else self.result(item, taken_at) for item in items]

    def result(self, frame: bytes, taken_at: datetime) -> Result:
        result = self._under(self.codec, frame, taken_at)
        if isinstance(result, Reading) or len(self._codecs) == 1:
            return result
        best = result
        for codec in self._codecs:
            if codec is not self.codec:
                result = self._under(codec, frame, taken_at)
                if isinstance(result, Reading):
                    self.codec = codec
                    return result
                best = max(best, result, key=lambda rejection: rejection.stage)
        return best

    def _under(self, codec: Codec, frame: bytes, taken_at: datetime) -> Result:
        asked = self._asked.get(codec.id)
        if asked is None:
            return codec.decode(frame, battery=self._battery, taken_at=taken_at)
        opened = codec.open(frame, asked)
        if isinstance(opened, FrameRejected):
            return opened
        return codec.reading((opened,), battery=self._battery, taken_at=taken_at)


def _alike(codecs: Iterable[Codec]) -> Iterable[list[Codec]]:
    """Return descriptions in groups that cut frames alike; without marks, each is as long as its own messages are."""
    groups: dict[object, list[Codec]] = {}
    for codec in codecs:
        framing = codec.description.framing
        spoken = framing.encoding if framing.spoken else ""
        key = (
            (spoken, framing.start, framing.end, framing.behind, framing.parts) if framing.cut == "marks" else codec.id
        )
        groups.setdefault(key, []).append(codec)
    return groups.values()
