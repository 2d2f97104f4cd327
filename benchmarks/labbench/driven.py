"""What real frames mean, and frames like them that mean something else: a plugin for the tests of aiobmsble.

Runs in the Python of the peer (3.12 or newer): ``python -m pytest -p benchmarks.labbench.driven TESTS`` in the folder
of its source package, with BMSREADER_TRUTH naming the file to write. A test that updates a battery leaves its
conversation behind. Then each byte of its frames is moved by one, to see which value moves with it, and the frames are
made to tell of a battery at work: the driver itself says what such frames mean, so nothing here knows any protocol.
"""

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from struct import Struct
from typing import Any

import pytest

from benchmarks.labbench.dials import Dial, at_work, dial_of, differences, values_of
from benchmarks.labbench.recorded import domain_of, whole
from benchmarks.labbench.truths import TRUTHS, Truth
from bmsreader.lab.checksum import check_value
from bmsreader.lab.encoding import xored
from bmsreader.lab.places import Place

MOMENTS = 90
NUDGE, FLOAT = 0.5, Struct("<f")
"""By how much a float is moved to see what follows it."""
EVERY = 6.0
"""s between two moments."""
TRUTH_OF = {truth.module: truth for truth in TRUTHS}


@dataclass(slots=True)
class Talk:
    """The conversation of one update."""

    events: list[tuple[str, bytes]] = field(default_factory=list)
    changed: dict[int, bytes] = field(default_factory=dict)
    """Notifications, by their number, that are replaced."""
    notified: int = 0

    def heard(self, data: bytes) -> bytes:
        data = self.changed.get(self.notified, data)
        self.notified += 1
        self.events.append(("n", data))
        return data


@dataclass(slots=True)
class Kept:
    """What a test used, to use it again."""

    made: Any = None
    """(class, arguments) of the first battery that a test makes."""
    talk: Talk = field(default_factory=Talk)


KEPT = Kept()
FOUND: dict[str, Any] = {}


def listening(client: type[Any]) -> type[Any]:
    """Return the test's own client, with its traffic written down."""

    class Listening(client):  # type: ignore[misc]
        async def start_notify(self, char_specifier: Any, callback: Any, **more: Any) -> None:
            def told(sender: Any, data: bytearray) -> Any:
                return callback(sender, bytearray(KEPT.talk.heard(bytes(data))))

            await super().start_notify(char_specifier, told, **more)

        async def write_gatt_char(self, char_specifier: Any, data: Any, response: bool | None = None) -> None:
            KEPT.talk.events.append(("w", bytes(data)))
            await super().write_gatt_char(char_specifier, data, response)

    return Listening


def pytest_configure() -> None:
    """Have every battery written down that a test makes, and what passes between it and its client."""
    from aiobmsble import basebms

    connect, init = basebms.establish_connection, basebms.BaseBMS.__init__

    async def connected(client_class: type[Any], **more: Any) -> Any:
        return await connect(client_class=listening(client_class), **more)

    def made(self: Any, *args: Any, **more: Any) -> None:
        KEPT.made = KEPT.made or (type(self), args)
        init(self, *args, **more)

    basebms.establish_connection = connected
    basebms.BaseBMS.__init__ = made
    basebms.BaseBMS._RETRY_TIMEOUT = 2e-3


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Explore the battery of a test that updates one, while what the test replaced is still replaced."""
    KEPT.made = None
    result = yield
    module = item.path.stem.removeprefix("test_").removesuffix("_bms")
    if KEPT.made and item.name.startswith("test_update") and module in TRUTH_OF and "reconnect" not in item.name:
        explorer = Explorer(TRUTH_OF[module], *KEPT.made)
        if explorer.usable:
            FOUND[f"{module}:{item.name}"] = explorer.story()
    return result


def pytest_sessionfinish() -> None:
    """Write what was found."""
    Path(os.environ["BMSREADER_TRUTH"]).write_text(json.dumps(FOUND))


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame in the conversation: where its bytes stand in the notifications."""

    data: bytes
    at: list[tuple[tuple[int, int], ...]]
    """(notification, offset) of each byte, for each time that it was sent."""


class Explorer:
    """One battery of the tests: which of its bytes mean what, and what it says when they are moved."""

    def __init__(self, truth: Truth, cls: type[Any], args: tuple[Any, ...]) -> None:
        self.truth, self.cls, self.args = truth, cls, args
        self.moved: dict[tuple[str, int], list[tuple[int, int, float]]] = {}
        """By value: (frame, byte, step) of every byte that moves it."""
        self.base, talk = self.update({})
        self.events = talk.events
        self.frames = list(self._frames()) if self.base else []
        self.usable = bool(self.base and self.frames)

    def update(self, changed: dict[int, bytes]) -> tuple[dict[str, Any] | None, Talk]:
        """Return the values of one update with some notifications changed."""
        KEPT.talk = Talk(changed=changed)
        try:
            sample = asyncio.run(self._update())
        except Exception:  # noqa: BLE001 - whatever a driver makes of senseless frames
            return None, KEPT.talk
        return values_of(sample), KEPT.talk

    async def _update(self) -> Any:
        battery = self.cls(*self.args)
        try:
            async with asyncio.timeout(2):
                return await battery.async_update()
        finally:
            await battery.disconnect()

    def _frames(self) -> Iterator[Sent]:
        """Yield the whole frames in the notifications, each once."""
        numbered = [data for kind, data in self.events if kind == "n"]
        stream = b"".join(numbered)
        where = [(n, at) for n, data in enumerate(numbered) for at in range(len(data))]
        at = 0
        seen: dict[bytes, Sent] = {}
        while at < len(stream):
            size = next((size for size in self._sizes(stream, at) if whole(stream[at : at + size], self.truth)), 0)
            if size:
                sent = seen.setdefault(stream[at : at + size], Sent(stream[at : at + size], []))
                sent.at.append(tuple(where[at : at + size]))
            at += size or 1
        yield from seen.values()

    def _sizes(self, stream: bytes, at: int) -> Iterator[int]:
        truth = self.truth
        if not stream.startswith(truth.start, at):
            return
        if truth.size:
            yield truth.size
            return
        for size in range(6, min(len(stream) - at, 512) + 1):
            if stream.endswith(truth.end, at, at + size):
                yield size

    # ---- what means what

    def sealed(self, frame: bytes) -> bytes:
        """Return a frame with the check value that belongs to it."""
        rule = self.truth.checksum
        if rule is None:
            return frame
        data = domain_of(frame, self.truth)
        pair = check_value(rule, data) if data else None
        if data is None or pair is None:
            return frame
        place = Place(rule.tail, rule.width, rule.notation)
        begin = place.begin(data)
        put = (
            b"%0*X" % (2 * rule.width, pair[1])
            if rule.notation == "hex"
            else pair[1].to_bytes(rule.width, rule.notation)
        )
        data = data[:begin] + put + data[begin + len(put) :]
        if rule.domain == "frame":
            return data
        if rule.domain == "decoded":
            return data[:1] + data[1:].hex().upper().encode()
        masked = xored(data, self.key(frame))
        return self.truth.start + masked.hex().upper().encode() + self.truth.end

    def key(self, frame: bytes) -> int:
        """Return what every byte is XORed with."""
        if self.truth.xor_at is None:
            return 0
        at = len(self.truth.start) + 2 * self.truth.xor_at
        return int(frame[at : at + 2], 16)

    def changed(self, frames: Sequence[bytes]) -> dict[int, bytes]:
        """Return the notifications in which other frames of the same sizes stand."""
        numbered = [bytearray(data) for kind, data in self.events if kind == "n"]
        for sent, frame in zip(self.frames, frames, strict=True):
            for place in sent.at:
                for (n, at), byte in zip(place, frame, strict=True):
                    numbered[n][at] = byte
        return {n: bytes(data) for n, data in enumerate(numbered)}

    def cells_of(self, frame: int) -> int:
        """Return how many numbers a frame holds: bytes, or pairs of hex digits."""
        sent = self.frames[frame].data
        return len(sent) if self.truth.kind == "raw" else (len(sent) - len(self.truth.start) - len(self.truth.end)) // 2

    def byte(self, data: bytes, at: int) -> int:
        if self.truth.kind == "raw":
            return data[at]
        start = len(self.truth.start or b"?") + 2 * at
        return int(data[start : start + 2], 16) ^ (self.key(data) if at != self.truth.xor_at else 0)

    def put(self, data: bytes, at: int, value: int) -> bytes:
        if self.truth.kind == "raw":
            return data[:at] + bytes([value & 0xFF]) + data[at + 1 :]
        start = len(self.truth.start or b"?") + 2 * at
        value = value & 0xFF ^ (self.key(data) if at != self.truth.xor_at else 0)
        return data[:start] + b"%02X" % value + data[start + 2 :]

    def dials(self) -> list[Dial]:
        """Return every number that a value follows, found by moving one byte at a time."""
        moved = self.moved
        assert self.base is not None
        for number, sent in enumerate(self.frames):
            for at in range(self.cells_of(number)):
                try:
                    old = self.byte(sent.data, at)
                except ValueError:
                    continue
                sign = 1 if old < 255 else -1
                data = self.sealed(self.put(sent.data, at, old + sign))
                if data == sent.data or not whole(data, self.truth):
                    continue
                other, _ = self.update(
                    self.changed([data if n == number else f.data for n, f in enumerate(self.frames)])
                )
                if other is None:
                    continue
                for key, step in differences(self.base, other):
                    moved.setdefault(key, []).append((number, at, step * sign))
        return [dial for key, places in moved.items() if (dial := dial_of(key, places))]

    def floats(self) -> dict[tuple[str, int], Dial]:
        """Return every float that a value follows: moving a byte of it says little."""
        assert self.base is not None
        found: dict[tuple[str, int], Dial] = {}
        for number, sent in enumerate(self.frames):
            for at in range(self.cells_of(number) - 3):
                for offsets in (tuple(range(at, at + 4)), tuple(range(at + 3, at - 1, -1))):
                    moved = self._nudged(number, sent.data, offsets)
                    for key, step in moved:
                        self.moved.setdefault(key, []).append((number, offsets[0], step))
                        if abs(step / NUDGE - 1) < 0.01:
                            found.setdefault(key, Dial(key[0], key[1], number, offsets, 0.001, floating=True))
        return found

    def _nudged(self, number: int, frame: bytes, offsets: tuple[int, ...]) -> list[tuple[tuple[str, int], float]]:
        """Return which values move by how much when a float of everyday size does."""
        assert self.base is not None
        try:
            now = FLOAT.unpack(bytes(self.byte(frame, at) for at in offsets))[0]
        except ValueError:
            return []
        if not 0.01 < abs(now) < 1000:
            return []
        dial = Dial("", 0, number, offsets, NUDGE, floating=True)
        data = self.sealed(self.turned(frame, dial, 1))
        if not whole(data, self.truth):
            return []
        other, _ = self.update(self.changed([data if n == number else f.data for n, f in enumerate(self.frames)]))
        return list(differences(self.base, other)) if other else []

    # ---- a battery at work

    def story(self) -> dict[str, Any]:
        """Return what the battery says at many moments, and what its driver makes of it."""
        assert self.base is not None
        numbers = {(dial.name, dial.index): dial for dial in self.dials()}
        dials = [dial for dial in (numbers | self.floats()).values() if self._turns(dial)]
        mirrored = not self._crosses_zero(dials)
        dice = Random(self.truth.module)
        moments: list[dict[str, Any]] = []
        for moment in range(MOMENTS):
            frames = [sent.data for sent in self.frames]
            wanted = at_work(self.base, moment / MOMENTS, dice, mirrored=mirrored)
            for dial in dials:
                change = wanted.get((dial.name, dial.index), 0.0)
                frames[dial.frame] = self.turned(frames[dial.frame], dial, round(change / dial.step))
            frames = [self.sealed(frame) for frame in frames]
            values, _talk = self.update(self.changed(frames))
            if values is not None and self._followed(dials, wanted, values):
                asked = [[request.hex(), frame.hex()] for request, frame in zip(self._requests(), frames, strict=True)]
                moments.append({"at": len(moments) * EVERY, "asked": asked, "values": values})
        told = sorted({name for name, _ in self.moved})
        found = {"module": self.truth.module, "told": told, "base": self.base}
        return {**found, "dials": [asdict(dial) for dial in dials], "moments": moments}

    def _followed(self, dials: Sequence[Dial], wanted: dict[tuple[str, int], float], values: dict[str, Any]) -> bool:
        """Return whether the driver answered to this update, not with what it had heard before."""
        assert self.base is not None
        current = next((dial for dial in dials if dial.name == "current"), None)
        if current is None:
            return True
        off = abs(values["current"] - self.base["current"] - wanted["current", 0])
        return bool(off <= 1.5 * abs(current.step))

    def _requests(self) -> Iterator[bytes]:
        """Yield the write before each frame was first sent."""
        for sent in self.frames:
            first, request, heard, before = sent.at[0][0][0], b"", -1, ""
            for kind, data in self.events:
                heard += kind == "n"
                if heard == first:
                    break
                joined = request + data if before == "w" else data
                request, before = (joined if kind == "w" else request), kind
            yield request

    def _crosses_zero(self, dials: Sequence[Dial]) -> bool:
        """Return whether the current can be moved to both directions by counting on."""
        dial = next((dial for dial in dials if dial.name == "current"), None)
        if dial is None or self.base is None:
            return True
        for wanted in (-21.7, 16.3):
            steps = round((wanted - self.base["current"]) / dial.step)
            data = self.sealed(self.turned(self.frames[dial.frame].data, dial, steps))
            other, _ = self.update(
                self.changed([data if n == dial.frame else f.data for n, f in enumerate(self.frames)])
            )
            if other is None or abs(other.get("current", 1e9) - wanted) > abs(dial.step):
                return False
        return True

    def turned(self, frame: bytes, dial: Dial, steps: int) -> bytes:
        number = self.number(frame, dial.offsets)
        if dial.minus:
            number += steps - self.number(frame, dial.minus)
            return self.written(self.written(frame, dial.offsets, max(number, 0)), dial.minus, max(-number, 0))
        if dial.floating:
            now = FLOAT.unpack(number.to_bytes(4, "little"))[0]
            return self.written(frame, dial.offsets, int.from_bytes(FLOAT.pack(now + steps * dial.step), "little"))
        return self.written(frame, dial.offsets, (number + steps) % (1 << 8 * len(dial.offsets)))

    def number(self, frame: bytes, offsets: Sequence[int]) -> int:
        return sum(self.byte(frame, at) << 8 * n for n, at in enumerate(offsets))

    def written(self, frame: bytes, offsets: Sequence[int], number: int) -> bytes:
        for n, at in enumerate(offsets):
            frame = self.put(frame, at, number >> 8 * n)
        return frame

    def _turns(self, dial: Dial) -> bool:
        """Return whether the value follows over a wide range as well, and nothing else is broken by it."""
        assert self.base is not None
        small = not dial.minus and self.number(self.frames[dial.frame].data, dial.offsets) < 9
        for steps in (7, 9) if small else (70, -90) if dial.floating else (7, -9):
            data = self.sealed(self.turned(self.frames[dial.frame].data, dial, steps))
            other, _ = self.update(
                self.changed([data if n == dial.frame else f.data for n, f in enumerate(self.frames)])
            )
            moved = dict(differences(self.base, other)) if other else {}
            if abs(moved.get((dial.name, dial.index), 0.0) - steps * dial.step) > abs(dial.step):
                return False
        return True
