"""What real frames mean, and frames like them that mean something else: a plugin for the tests of aiobmsble.

Runs in the Python of the peer (3.12 or newer): ``python -m pytest -p benchmarks.labbench.driven TESTS`` in the folder
of its source package, with BMSREADER_TRUTH naming the file to write. A test that updates a battery leaves its
conversation behind. Then each byte of its frames is moved by one, to see which value moves with it, and the frames are
made to tell of a battery at work: the driver itself says what such frames mean, so nothing here knows any protocol.
"""

import asyncio
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from struct import Struct
from typing import Any

import pytest

from benchmarks.labbench.dials import Dial, at_work, dial_of, differences, values_of
from benchmarks.labbench.listening import KEPT, Talk, listening
from benchmarks.labbench.recorded import whole
from benchmarks.labbench.spelling import (
    number_at,
    places,
    sealed,
    turned,
    with_number,
)
from benchmarks.labbench.truths import TRUTHS, Truth

MOMENTS = 90
NUDGE, FLOAT = 0.5, Struct("<f")
"""By how much a float is moved to see what follows it."""
EVERY = 6.0
"""s between two moments."""
LONGEST = 1024
"""Bytes of a frame."""
RETRY = 0.01
"""s after which a driver asks again, at first."""
PATIENCE = 0.5
"""s that a driver waits for an answer to senseless frames."""
TRUTH_OF = {truth.module: truth for truth in TRUTHS}
UPDATES = re.compile(r"test_(async_)?update(?!.*reconnect)")
FOUND: dict[str, Any] = {}
SEEN: set[tuple[object, ...]] = set()
"""Conversations that were explored, by module and frames."""


def pytest_configure() -> None:
    """Have every battery written down that a test makes, and what passes between it and its client."""
    from aiobmsble import basebms

    connect, init = basebms.establish_connection, basebms.BaseBMS.__init__

    async def connected(client_class: type[Any], **more: Any) -> Any:
        return await connect(client_class=listening(client_class), **more)

    def made(self: Any, *args: Any, **more: Any) -> None:
        KEPT.made = KEPT.made or (type(self), args, more)
        init(self, *args, **more)

    basebms.establish_connection = connected
    basebms.BaseBMS.__init__ = made
    basebms.BaseBMS._RETRY_TIMEOUT = RETRY
    basebms.BaseBMS.TIMEOUT = PATIENCE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Explore the battery of a test that updates one, while what the test replaced is still replaced."""
    KEPT.made, KEPT.fresh, KEPT.talk = None, {}, Talk()
    result = yield
    module = item.path.stem.removeprefix("test_").removesuffix("_bms")
    if KEPT.made and UPDATES.match(item.name) and module in TRUTH_OF:
        explorer = Explorer(TRUTH_OF[module], *KEPT.made)
        heard = module, *(sent.data for sent in explorer.frames)
        if explorer.usable and heard not in SEEN:
            SEEN.add(heard)
            story = explorer.story()
            if story["dials"]:
                FOUND[f"{module}:{item.name}"] = story
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

    def __init__(self, truth: Truth, cls: type[Any], args: tuple[Any, ...], more: dict[str, Any]) -> None:
        self.truth, self.cls, self.args, self.more = truth, cls, args, more
        self.moved: dict[tuple[str, int], list[tuple[int, int, float]]] = {}
        """By value: (frame, byte, step) of every byte that moves it."""
        self.events: list[tuple[str, bytes]] = []
        self.base, talk = self.update({})
        self.events = talk.events
        self.frames = list(self._frames()) if self.base else []
        self.usable = bool(self.base and self.frames)

    def update(self, changed: dict[int, bytes]) -> tuple[dict[str, Any] | None, Talk]:
        """Return the values of one update with some notifications changed."""
        numbered = [data for kind, data in self.events if kind == "n"]
        KEPT.talk = Talk(changed=changed, swapped={numbered[n]: data for n, data in changed.items()})
        try:
            sample = asyncio.run(self._update())
        except Exception:  # noqa: BLE001 - whatever a driver makes of senseless frames
            return None, KEPT.talk
        return values_of(sample, packs=self.truth.packs), KEPT.talk

    async def _update(self) -> Any:
        battery = self.cls(*self.args, **self.more)
        try:
            async with asyncio.timeout(2 * PATIENCE):
                return await battery.async_update()
        finally:
            await battery.disconnect()

    def _frames(self) -> Iterator[Sent]:
        """Yield the whole frames in the notifications, each once."""
        numbered = [data for kind, data in self.events if kind == "n"]
        where = [
            (n, at) for n, data in enumerate(numbered) for at in range(len(data)) if data[at] not in self.truth.noise
        ]
        stream = bytes(numbered[n][at] for n, at in where)
        seen: dict[bytes, Sent] = {}
        at = 0
        while at < len(stream):
            n, inside = where[at]
            notified = 0 if inside else len(numbered[n])
            sizes = (notified, *self._sizes(stream, at)) if not self.truth.joined else self._sizes(stream, at)
            size = next((size for size in sizes if size > 1 and whole(stream[at : at + size], self.truth)), 0)
            if size:
                sent = seen.setdefault(stream[at : at + size], Sent(stream[at : at + size], []))
                sent.at.append(tuple(where[at : at + size]))
            at += size or 1
        yield from seen.values()

    def _sizes(self, stream: bytes, at: int) -> Iterator[int]:
        truth = self.truth
        if truth.alone or not stream.startswith(truth.start, at):
            return
        if truth.joined:
            yield stream.find(truth.end, at) + len(truth.end) - at
            return
        if truth.size:
            yield truth.size
            return
        for size in range(6, min(len(stream) - at, LONGEST) + 1):
            if stream.endswith(truth.end, at, at + size):
                yield size

    # ---- what means what

    def changed(self, frames: Sequence[bytes]) -> dict[int, bytes]:
        """Return the notifications in which other frames stand."""
        pieces = [[bytes([byte]) for byte in data] for kind, data in self.events if kind == "n"]
        for sent, frame in zip(self.frames, frames, strict=True):
            for place in sent.at:
                for index, (n, at) in enumerate(place):
                    pieces[n][at] = frame[index : index + 1 if index + 1 < len(place) else None]
        return {n: b"".join(data) for n, data in enumerate(pieces)}

    def told(self, frames: Sequence[bytes]) -> dict[str, Any] | None:
        """Return what the driver makes of other frames in place of its own."""
        return self.update(self.changed(sealed(frames, self.truth)))[0]

    def other(self, number: int, frame: bytes) -> dict[str, Any] | None:
        """Return what the driver makes of the conversation with another frame in this place."""
        return self.told([frame if n == number else sent.data for n, sent in enumerate(self.frames)])

    def _moving(self, number: int, frame: bytes) -> list[tuple[tuple[str, int], float]]:
        """Return which values move by how much with this frame; none where no driver accepts it."""
        assert self.base is not None
        (data,) = [frame] if self.truth.paged else sealed([frame], self.truth)
        if data == self.frames[number].data or not whole(data, self.truth):
            return []
        other = self.other(number, frame)
        return list(differences(self.base, other)) if other else []

    def dials(self) -> list[Dial]:
        """Return every number that a value follows, found by moving one byte or figure at a time."""
        assert self.base is not None
        for number, sent in enumerate(self.frames):
            for at in range(places(sent.data, self.truth)):
                try:
                    old = number_at(sent.data, at, self.truth)
                except ValueError:
                    continue
                sign = 1 if old != 255 or self.truth.base else -1
                for key, step in self._moving(number, with_number(sent.data, at, old + sign, self.truth)):
                    self.moved.setdefault(key, []).append((number, at, step * sign))
        return [dial for key, places in self.moved.items() if (dial := dial_of(key, places))]

    def floats(self) -> dict[tuple[str, int], Dial]:
        """Return every float that a value follows: moving a byte of it says little."""
        assert self.base is not None
        found: dict[tuple[str, int], Dial] = {}
        for number, sent in enumerate(self.frames if not self.truth.base else ()):
            for at in range(places(sent.data, self.truth) - 3):
                for offsets in (tuple(range(at, at + 4)), tuple(range(at + 3, at - 1, -1))):
                    moved = self._nudged(number, sent.data, offsets)
                    for key, step in moved:
                        self.moved.setdefault(key, []).append((number, offsets[0], step))
                        if abs(step / NUDGE - 1) < 0.01:
                            found.setdefault(key, Dial(key[0], key[1], number, offsets, 0.001, floating=True))
        return found

    def _nudged(self, number: int, frame: bytes, offsets: tuple[int, ...]) -> list[tuple[tuple[str, int], float]]:
        """Return which values move by how much when a float of everyday size does."""
        try:
            now = FLOAT.unpack(bytes(number_at(frame, at, self.truth) for at in offsets))[0]
        except ValueError:
            return []
        if not 0.01 < abs(now) < 1000:
            return []
        return self._moving(number, self.turned(frame, Dial("", 0, number, offsets, NUDGE, floating=True), 1))

    # ---- a battery at work

    def story(self) -> dict[str, Any]:
        """Return what the battery says at many moments, and what its driver makes of it."""
        assert self.base is not None
        numbers = {(dial.name, dial.index): dial for dial in self.dials()}
        dials = [dial for dial in (numbers | self.floats()).values() if self._turns(dial)]
        mirrored = not self._crosses_zero(dials)
        dice = Random(self.truth.module)
        moments: list[dict[str, Any]] = []
        current, requests = self._current(), list(self._requests())
        for moment in range(MOMENTS):
            frames = [sent.data for sent in self.frames]
            wanted = at_work(self.base, moment / MOMENTS, dice, mirrored=mirrored)
            for dial in dials:
                change = wanted.get((dial.name, dial.index), 0.0)
                frames[dial.frame] = self.turned(frames[dial.frame], dial, round(change / dial.step))
            frames = sealed(frames, self.truth)
            values, _talk = self.update(self.changed(frames))
            if values is not None and self._followed(dials, wanted, values):
                asked = [[requests[n].hex(), frames[n].hex()] for n in current]
                moments.append({"at": len(moments) * EVERY, "asked": asked, "values": values})
        told = sorted({name for name, _ in self.moved})
        fresh = [number == 0 or requests[number] != requests[number - 1] for number in current]
        found = {"module": self.truth.module, "told": told, "base": self.base, "fresh": fresh}
        return {**found, "dials": [asdict(dial) for dial in dials], "moments": moments}

    def _followed(self, dials: Sequence[Dial], wanted: dict[tuple[str, int], float], values: dict[str, Any]) -> bool:
        """Return whether the driver answered to this update, not with what it had heard before."""
        assert self.base is not None
        current = next((dial for dial in dials if dial.name == "current"), None)
        if current is None:
            return True
        off = abs(values["current"] - self.base["current"] - wanted["current", 0])
        return bool(off <= 1.5 * abs(current.step))

    def _current(self) -> list[int]:
        """Return the frames that count: not those whose values a later one of their kind replaced."""
        moving = {(number, at) for found in self.moved.values() for number, at, _ in found}
        telling = {number for number, _ in moving}

        def replaced(old: int, new: int) -> bool:
            one, other = self.frames[old].data, self.frames[new].data
            return len(one) == len(other) and all(
                (new, at) in moving or number_at(one, at, self.truth) == number_at(other, at, self.truth)
                for at in range(places(one, self.truth))
            )

        numbers = range(len(self.frames))
        return [n for n in numbers if n in telling or not any(replaced(n, later) for later in telling)]

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
            other = self.other(dial.frame, self.turned(self.frames[dial.frame].data, dial, steps))
            if other is None or abs(other.get("current", 1e9) - wanted) > abs(dial.step):
                return False
        return True

    def turned(self, frame: bytes, dial: Dial, steps: int) -> bytes:
        if dial.minus:
            number = self.number(frame, dial.offsets) + steps - self.number(frame, dial.minus)
            return self.put(self.put(frame, dial.offsets, max(number, 0)), dial.minus, max(-number, 0))
        if dial.floating:
            number = self.number(frame, dial.offsets)
            now = FLOAT.unpack(number.to_bytes(4, "little"))[0]
            return self.put(frame, dial.offsets, int.from_bytes(FLOAT.pack(now + steps * dial.step), "little"))
        return turned(frame, dial.offsets, steps, self.truth)

    def number(self, frame: bytes, offsets: Sequence[int]) -> int:
        return sum(number_at(frame, at, self.truth) << 8 * n for n, at in enumerate(offsets))

    def put(self, frame: bytes, offsets: Sequence[int], number: int) -> bytes:
        for n, at in enumerate(offsets):
            frame = with_number(frame, at, number >> 8 * n, self.truth)
        return frame

    def _turns(self, dial: Dial) -> bool:
        """Return whether the value follows over a wide range as well, and nothing else is broken by it."""
        assert self.base is not None
        small = not dial.minus and self.number(self.frames[dial.frame].data, dial.offsets) < 9
        for steps in (7, 9) if small else (70, -90) if dial.floating else (7, -9):
            other = self.other(dial.frame, self.turned(self.frames[dial.frame].data, dial, steps))
            moved = dict(differences(self.base, other)) if other else {}
            if abs(moved.get((dial.name, dial.index), 0.0) - steps * dial.step) > abs(dial.step) * 1.01:
                return False
        return True
