"""Messages that are text: from a frame to the numbers of a payload, and back for the simulator.

Every number of a text gets a place of its own in the payload, as wide as its type, in the order of the fields. What
follows (decoder, rules, explanation) is the same as for bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import nan
from typing import NamedTuple

from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.checksum import ALGORITHMS, combined, part_of
from bmsreader.protocol.description import ChecksumRule, Field, Framing, Message
from bmsreader.protocol.fields import Raw, places, read_raw, write_raw
from bmsreader.protocol.numbers import BOOL, DECIMAL, NUMBERS, REALS
from bmsreader.protocol.paths import LINE, Steps, place_of
from bmsreader.protocol.saying import Saying
from bmsreader.protocol.texts import (
    MISSING,
    Tree,
    Unreadable,
    json_tree,
    line_tree,
    look_up,
    number_of,
    spelled,
)


class Slot(NamedTuple):
    """One number of a field: where it stands in the text, and where in the payload."""

    path: str
    steps: Steps
    at: int
    field: Field
    needed: bool
    """Whether a text without it is damaged; lists may be shorter than the longest."""


def slots_of(field: Field, *, in_line: bool) -> Iterator[Slot]:
    """Yield the numbers of a field."""
    offsets = places(field) if field.minus is None else (field.at, field.minus)
    for number, (path, at) in enumerate(zip(field.paths, offsets, strict=True)):
        needed = number == 0 or field.minus is not None
        yield Slot(path=path, steps=_steps(path, in_line=in_line), at=at, field=field, needed=needed)


def _steps(path: str, *, in_line: bool) -> Steps:
    steps = place_of(path, in_line=in_line)
    assert steps is not None  # noqa: S101 - the description was refused otherwise
    return steps


class Spoken:
    """One message as it is written."""

    def __init__(self, framing: Framing, message: Message) -> None:
        self.message = message
        self._framing = framing
        self._in_line = framing.encoding == "text"
        self._slots = {field.name: tuple(slots_of(field, in_line=self._in_line)) for field in message.fields}
        self._told = tuple((_steps(path, in_line=self._in_line), text) for path, text in message.told)
        self._check = Check(framing, message.checksum) if message.checksum else None
        self._saying = Saying(framing, message)

    def meets(self, tree: Tree) -> bool:
        """Return whether a text is marked as this message is."""
        if self.message.columns:
            line = look_up(tree, (LINE,))
            if not isinstance(line, list) or len(line) != self.message.columns:
                return False
        return all(spelled(look_up(tree, steps)) == text for steps, text in self._told)

    def payload(self, tree: Tree) -> bytes | Unreadable:
        """Return the numbers of a text, or why there are none."""
        data = bytearray(self.message.size)
        says_nothing = bool(self._slots)
        for slot in (slot for slots in self._slots.values() for slot in slots):
            found = look_up(tree, slot.steps)
            if found is MISSING and slot.needed:
                return Unreadable(f"{slot.path} is missing")
            field = slot.field
            if isinstance(found, bool) and field.type == DECIMAL:
                return Unreadable(f"{slot.path}: {spelled(found)} is no number")
            number = number_of(found, field.prefix, field.suffix, field.base)
            if isinstance(number, Unreadable):
                return Unreadable(f"{slot.path}: {number.reason}")
            number = _signed(number, field)
            says_nothing = says_nothing and number != number
            packed = _packed(field.type, number)
            if packed is None:
                return Unreadable(f"{slot.path}: {'nothing' if number != number else f'{number:g}'} is no {field.type}")
            data[slot.at : slot.at + len(packed)] = packed
        return Unreadable("not one of its numbers is reported") if says_nothing else bytes(data)

    def seal(self, raws: Mapping[str, Raw]) -> bytes:
        """Return the whole text of this message; fields that are left out take the description's default."""
        payload = bytearray(self.message.size)
        numbers: list[tuple[Slot, float]] = []
        for field in self.message.fields:
            raw = raws.get(field.name, field.default)
            write_raw(field, raw, payload)
            sent = _numbers(field, bytes(payload))
            used = len(raw) if isinstance(raw, tuple) else len(sent)
            numbers += zip(self._slots[field.name], [*sent[:used], *[nan] * (len(sent) - used)], strict=True)
        body = self._saying.text([(slot.steps, slot.field, number) for slot, number in numbers])
        if not self._in_line:
            return body
        if self._check:
            return self._check.sealed(body)
        framing = self._framing
        return framing.start + body + bytes(framing.ahead) + framing.end + bytes(framing.behind)


def _signed(number: float, field: Field) -> float:
    """Return a number with its sign: hex digits say it in two's complement."""
    kind = NUMBERS.get(field.type) if field.base == 16 else None
    return number - (1 << 8 * kind.width) if kind and kind.low < 0 and number > kind.high else number


def _packed(kind: str, number: float) -> bytes | None:
    """Return a number as its type stands in a payload; None when it does not fit."""
    if kind in REALS:
        return REALS[kind].pack(number)
    if kind == BOOL:
        return bytes([int(number)]) if number in (0, 1) else None
    fits = NUMBERS[kind].low <= number <= NUMBERS[kind].high and number == int(number)
    return NUMBERS[kind].pack(int(number)) if fits else None


def _numbers(field: Field, payload: bytes) -> Sequence[float]:
    """Return every number of a field as it is in a payload."""
    if field.minus is None:
        raw = read_raw(field, payload)
        return raw if isinstance(raw, tuple) else (raw,)  # type: ignore[return-value]
    kind = REALS[field.type] if field.type in REALS else NUMBERS[field.type]
    return [kind.unpack(payload[at : at + kind.width]) for at in (field.at, field.minus)]


def parted(frame: bytes, framing: Framing) -> tuple[bytes, bytes]:
    """Return what stands between the marks of a text, and the bytes beside its end that are none."""
    stop = len(frame) - framing.behind - len(framing.end)
    text = frame[len(framing.start) : stop - framing.ahead]
    return text, frame[stop - framing.ahead : stop] + frame[stop + len(framing.end) :]


class Check:
    """The check value of a line: hex digits behind a mark, or bytes behind the end or ahead of it."""

    def __init__(self, framing: Framing, rule: ChecksumRule) -> None:
        algorithm = ALGORITHMS[rule.algorithm]
        self._compute = part_of(algorithm, rule.part).compute if rule.part else algorithm.compute
        self._rule = rule
        self._framing = framing
        self._start = framing.start if rule.over == "frame" else b""
        self._mark = rule.mark.encode("ascii")

    def value(self, body: bytes, closed: bytes) -> bytes:
        """Return the check value of what stands behind the start, and of what closes it if that is summed."""
        rule = self._rule
        value = self._compute((self._start + body + closed)[rule.skip :])
        if rule.plus:
            value = combined(value, rule.plus, by_xor="xor" in rule.algorithm, width=rule.width)
        return value.to_bytes(rule.width, rule.order)

    def digits(self, body: bytes) -> bytes:
        """Return the digits that belong behind what stands between start and mark."""
        return self.value(body, self._mark if self._rule.over_mark else b"").hex().upper().encode("ascii")

    def sealed(self, body: bytes) -> bytes:
        """Return the whole text with its check value."""
        framing = self._framing
        if framing.behind:
            return framing.start + body + framing.end + self.value(body, framing.end)
        if framing.ahead:
            return framing.start + body + self.value(body, b"") + framing.end
        return framing.start + body + self._mark + self.digits(body) + framing.end

    def opened(self, text: bytes, beside: bytes) -> bytes | Unreadable:
        """Return the body of a text whose check value is right, or why it is not; ``beside`` stands beside its end."""
        if beside or self._framing.ahead:
            wanted = self.value(text, b"" if self._framing.ahead else self._framing.end)
            wrong = f"checksum {beside.hex().upper()}, expected {wanted.hex().upper()}"
            return text if beside == wanted else Unreadable(wrong)
        body, mark, sent = text.rpartition(self._mark)
        sent = sent.strip()
        if not mark:
            return Unreadable(f"no check value: {self._rule.mark!r} is missing")
        expected = self.digits(body)
        if sent.upper() != expected:
            shown = sent[:8].decode("latin-1")
            return Unreadable(f"checksum {shown if shown.isprintable() else '?'}, expected {expected.decode('ascii')}")
        return body

    def resealed(self, before: bytes, after: bytes) -> bytes:
        """Return a text that was changed with a check value that is right if the one before was."""
        framing = self._framing
        if before == after or isinstance(self.opened(*parted(before, framing)), Unreadable):
            return after
        text, _ = parted(after, framing)
        return self.sealed(text if framing.behind or framing.ahead else text.rpartition(self._mark)[0])


class Speech:
    """All messages of a description in text."""

    def __init__(self, framing: Framing, messages: Iterable[Message]) -> None:
        self._framing = framing
        self.messages = {message.name: Spoken(framing, message) for message in messages}
        rule = next((one.message.checksum for one in self.messages.values() if one.message.checksum), None)
        self._check = Check(framing, rule) if rule else None

    def open(self, frame: bytes) -> tuple[Spoken, bytes, tuple[str, ...]] | FrameRejected:
        """Return the message, its payload and notes on it, or why there is none."""
        tree = self._tree(frame)
        if isinstance(tree, FrameRejected):
            return tree
        reasons = []
        for one in self.messages.values():
            if one.meets(tree):
                payload = one.payload(tree)
                if isinstance(payload, bytes):
                    return one, payload, ()
                reasons.append(payload.reason)
        reason = reasons[0] if reasons else "this message is not described"
        return FrameRejected(reason=reason, frame=frame, stage=Stage.MESSAGE)

    def _tree(self, frame: bytes) -> Tree | FrameRejected:
        framing = self._framing
        tail = len(framing.end) + framing.behind
        if not (frame.startswith(framing.start) and frame[len(frame) - tail :].startswith(framing.end)):
            return FrameRejected(reason="no frame: start or end mark missing", frame=frame)
        if framing.encoding == "json":
            tree = json_tree(frame)
        else:
            text, beside = parted(frame, framing)
            body = self._check.opened(text, beside) if self._check else text
            if isinstance(body, Unreadable):
                return FrameRejected(reason=body.reason, frame=frame, stage=Stage.CHECKSUM)
            tree = line_tree(body.strip(b"\r\n\0"), framing.separators, framing.pair, framing.point)
        if isinstance(tree, Unreadable):
            return FrameRejected(reason=tree.reason, frame=frame, stage=Stage.ENCODING)
        return tree
