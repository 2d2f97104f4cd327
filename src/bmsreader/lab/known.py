"""Does a known description already explain what the battery sent? Every one is tried on the raw notifications."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.envelope import Opened

MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
"""Readings made here are counted, not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How well one description explains the frames."""

    protocol: str
    name: str
    frames: int
    """Pieces that its framing cuts out, noise not counted."""
    opened: int
    """Frames whose form, length and check value are right."""
    readings: int
    """Frames (or frames that complete each other) that are plausible readings."""
    covered: float
    """Share of all received bytes that lie in frames which are right, 0 to 1."""
    bits: float
    """Evidence: bits of check value of the different frames that are right."""
    reasons: tuple[tuple[str, int], ...] = ()
    """Why frames are refused, the most frequent first."""

    @property
    def explains(self) -> bool:
        """Whether nothing needs to be found out: the reader can read this battery as it is."""
        return self.readings > 0 and self.covered >= 0.5 and self.bits >= 16

    @property
    def related(self) -> bool:
        """Whether framing and check value are those of this family, but a message is not described."""
        strangers = sum(count for reason, count in self.reasons if reason.startswith("message"))
        return not self.explains and 2 * strangers >= max(1, self.frames)


def explanations(chunks: Sequence[bytes], codecs: Iterable[Codec]) -> tuple[Explanation, ...]:
    """Return how well each description explains the notifications, the best first."""
    found = [explain(chunks, codec) for codec in codecs]
    return tuple(sorted(found, key=lambda one: (-one.covered, -one.bits, -one.frames)))


def explain(chunks: Sequence[bytes], codec: Codec) -> Explanation:
    """Return how well a description explains the notifications."""
    assembler = codec.assembler()
    items = [item for chunk in chunks for item in assembler.feed(chunk)]
    frames = [item for item in items if isinstance(item, bytes)]
    opened: list[Opened] = []
    reasons: Counter[str] = Counter(item.reason for item in items if isinstance(item, FrameRejected))
    for frame in frames:
        one = codec.open(frame)
        if isinstance(one, Opened):
            opened.append(one)
        else:
            reasons[one.reason if one.stage >= Stage.MESSAGE else "framing or check value is another"] += 1
    different = {one.frame: one for one in opened}
    readings, refused = _readings(codec, opened)
    return Explanation(
        protocol=codec.id,
        name=codec.description.name,
        frames=len(frames),
        opened=len(opened),
        readings=readings,
        covered=sum(len(one.frame) for one in opened) / max(1, sum(map(len, chunks))),
        bits=sum(map(_worth, different.values())),
        reasons=tuple((reasons + refused).most_common(4)),
    )


def _worth(opened: Opened) -> float:
    """Return the bits that a right frame is worth: of its check value, else of what must stand in it."""
    rule, message = opened.message.checksum, opened.message
    if rule:
        return 8.0 * rule.width
    paths = {path for field in message.fields for path in field.paths}
    return 2.0 * (len(message.when) + len(message.told) + len(paths))


def _readings(codec: Codec, opened: Sequence[Opened]) -> tuple[int, Counter[str]]:
    """Return how many opened frames become readings, and why others do not; a completion is a part of one."""
    completions = {message.then for message in codec.description.messages.values() if message.then}
    count, refused = 0, Counter[str]()
    for number, one in enumerate(opened):
        if one.message.name in completions:
            continue
        parts, wanted = [one], one.message.then
        for other in opened[number + 1 :]:
            if other.message.name == wanted:
                parts.append(other)
                wanted = other.message.then
            elif other.message.name == one.message.name:
                break
        result = codec.reading(parts, battery="lab", taken_at=MOMENT)
        if isinstance(result, Reading):
            count += 1
        else:
            refused[result.reason] += 1
    return count, refused
