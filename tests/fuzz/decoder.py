"""What must hold for any bytes that a battery, or whoever plays one, may send."""

from collections.abc import Iterable

from bmsreader.model import FrameRejected, Reading
from bmsreader.protocol import Codec
from tests.contributed import decode
from tests.frames import ej2_frame, ej_frame, nova_frame
from tests.oracle import violations

SEALS = (None, ej_frame, ej2_frame, nova_frame)
"""Ways to turn a payload into a frame with a right checksum; None: the bytes go over the air as they are."""


def air(kind: int, data: bytes) -> bytes:
    """Return the bytes on the air: as they are, or each 255 bytes sealed into a frame with a right checksum."""
    seal = SEALS[kind % len(SEALS)]
    if seal is None or not data:
        return data
    return b"".join(seal(data[at : at + 255]) for at in range(0, len(data), 255))


def receive(codec: Codec, chunks: Iterable[bytes]) -> tuple[int, int]:
    """Take chunks as a session does and check what comes out; return how many readings and rejections that were."""
    assembler, framing = codec.assembler(), codec.description.framing
    sent = b""
    accounted: list[bytes] = []
    readings = rejections = 0
    for chunk in chunks:
        sent += chunk
        for item in assembler.feed(chunk):
            result = item if isinstance(item, FrameRejected) else decode(codec, item)
            accounted.append(item.frame if isinstance(item, FrameRejected) else item)
            readings += isinstance(result, Reading)
            rejections += isinstance(result, FrameRejected)
            check(codec, item, result)
        assert assembler.pending <= framing.limit
    accounted += [item.frame for item in assembler.flush() if isinstance(item, FrameRejected)]
    assert assembler.pending == 0
    everything_is_accounted_for(codec, sent, accounted)
    return readings, rejections


def check(codec: Codec, item: bytes | FrameRejected, result: Reading | FrameRejected) -> None:
    """A reading can be real and says whence it came; a rejection has a reason; explaining never fails."""
    if isinstance(result, Reading):
        assert violations(result) == []
        assert result.frames == (item,)
        result.as_dict()
    else:
        assert result.reason
        assert result.reason.isprintable()
    if isinstance(item, bytes):
        assert len(item) <= codec.description.framing.limit
        codec.explain(item)


def everything_is_accounted_for(codec: Codec, sent: bytes, accounted: list[bytes]) -> None:
    """Each byte is in a frame, in a rejection, or noise in which no frame begins."""
    ignored = codec.description.framing.ignore
    stream = sent.translate(None, ignored)
    position = 0
    for part in accounted:
        part = part.translate(None, ignored)
        at = stream.index(part, position)
        assert codec.description.framing.start not in stream[position:at]
        position = at + len(part)
    assert codec.description.framing.start not in stream[position:]
