"""Ask one request until a valid answer comes: deadlines, retries, and the difference between silence and damage."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bmsreader.links.link import Link
from bmsreader.model.errors import CorruptAnswer, LinkLost, NoAnswer
from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import Message
from bmsreader.protocol.envelope import Opened
from bmsreader.session.event import Kind
from bmsreader.session.timing import Timing

PAUSE = 0.3
"""s without a byte that end a frame which nothing else ends: many times what passes between its notifications."""

MOST_REASONS = 5
"""Different reasons why answers were not believed that are kept and told: a stream of damage has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Something that the session should tell as an event."""

    kind: Kind
    began: float | None = None
    detail: str = ""
    frame: bytes = b""


class Asking:
    """The stream of one connected battery under one description; ask it one thing at a time."""

    def __init__(
        self,
        link: Link,
        codec: Codec,
        timing: Timing,
        report: Callable[[Report], None],
        *,
        battery: str,
        now: Callable[[], datetime],
        cells: int = 0,
    ) -> None:
        """Listen to a link; readings are called ``battery`` and stamped by ``now``."""
        self._battery = battery
        self._now = now
        self._link = link
        self._codec = codec
        self._timing = timing
        self._tell = report
        self._assembler = codec.assembler()
        framing = codec.description.framing
        self._open_ended = framing.open_ended
        self._unmarked = framing.cut == "pause" or framing.open_ended
        self._paused = framing.cut == "pause"
        self._pause = PAUSE if self._paused else timing.silence
        self._loop = asyncio.get_running_loop()
        self._request: str | None = None
        self._wanted: str | None = None
        self._followers = {message.then for message in codec.description.messages.values()}
        self._waiter: asyncio.Future[None] | None = None
        self._last_byte = 0.0
        self._heard = False
        self._refused = 0
        self._reasons: list[str] = []
        """The latest reasons why something was refused, each once."""
        self._over = False
        self._reading: Reading | None = None
        self.opened: Opened
        """The last valid answer, for messages that complete each other; set by ``ask``."""
        self.cells = cells
        """Cells that the pack is known to have."""
        self.lost = False

    # ---- from the link

    def receive(self, notification: bytes) -> None:
        """Take the next bytes of the battery."""
        now = self._loop.time()
        if now - self._last_byte >= self._pause:  # what was begun before the pause does not go on behind it
            self._end()
        self._last_byte = now
        self._heard = True
        for item in self._assembler.feed(notification):
            self._take(item)
        if self._open_ended or self._paused:
            self._wake()  # only a pause may end it: whoever waits looks how long

    def on_disconnect(self) -> None:
        """Note that the link is gone; whoever waits for an answer learns it at once."""
        self.lost = True
        self._end(torn=True)
        self._wake()

    def stop(self) -> None:
        """Hear nothing more."""
        self.lost = True
        self._request = None

    def _end(self, *, torn: bool = False) -> None:
        """Take what is in progress, since no more of it will come; ``torn``, a frame that nothing ends is none."""
        for item in self._assembler.flush():
            if torn and self._unmarked and isinstance(item, bytes):
                self._take(FrameRejected(reason="cut off: its end was not seen", frame=item))
            else:
                self._take(item)

    def _take(self, item: Assembled) -> None:
        opened = item if isinstance(item, FrameRejected) else self._codec.open(item, self._request)
        if isinstance(opened, Opened):
            if opened.message.request != self._request or not self._is_wanted(opened.message):
                self._tell(Report(kind=Kind.UNEXPECTED, detail=opened.message.name, frame=opened.frame))
                return
            result = self._codec.reading((opened,), battery=self._battery, taken_at=self._now(), cells=self.cells)
            if isinstance(result, Reading):
                self._reading, self.opened = result, opened
                self._wake()
                return
            opened = result
        self._tell(Report(kind=Kind.REJECTED, detail=opened.reason, frame=opened.frame))
        self._refused += 1
        self._reasons = [*(one for one in self._reasons if one != opened.reason), opened.reason][-MOST_REASONS:]
        # What was cut off by the next frame, or is of another kind: the answer may still come. What speaks unasked says
        # other things as well.
        self._over = isinstance(item, bytes) and self._request is not None and opened.stage is not Stage.MESSAGE
        self._wake()

    def _is_wanted(self, message: Message) -> bool:
        """Return whether this message is waited for; one that only completes another is not, unless it is named."""
        return message.name == self._wanted if self._wanted else message.name not in self._followers

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # ---- asking

    async def ask(self, request: str | None, *, attempts: int, message: str | None = None) -> Reading:
        """Send a request until a plausible answer comes; None: only listen, the battery speaks unasked.

        ``message`` names the answer that is wanted where several messages answer one request. Raise CorruptAnswer
        when something came but nothing that could be believed, NoAnswer when nothing came, LinkLost when the link
        broke.
        """
        if self._loop.time() - self._last_byte >= self._timing.silence:
            self._assembler.flush()  # said long before it was asked for: it must not become an answer
        self._request, self._wanted, self._reasons, self._heard = request, message, [], False
        data = self._codec.description.requests[request].send if request else b""
        try:
            for _ in range(attempts):
                began = self._loop.time()
                reading = await self._once(data, began)
                if reading is not None:
                    self._tell(Report(kind=Kind.ANSWERED, began=began, detail=request or ""))
                    return reading
                if self.lost:
                    raise self._link_lost()
        finally:
            self._request = None
        raise self._failure(attempts)

    async def _once(self, data: bytes, began: float) -> Reading | None:
        """Send the request once; return the reading, or None when it was damaged, too late, or the link is lost."""
        self._reading, self._over = None, False
        heard = self._refused
        timing = self._timing
        self._last_byte = 0.0
        if data and not self.lost:
            try:
                async with asyncio.timeout(timing.send):
                    await self._link.write(data)
            except TimeoutError as error:
                raise LinkLost(f"{self._link.address}: the request was not sent within {timing.send:.0f} s") from error
        sent = self._loop.time()
        if self._last_byte == 0.0:
            self._last_byte = sent + (timing.answer - timing.silence if data else 0.0)
        while self._waits():
            now = self._loop.time()
            said = data or (self._open_ended and self._assembler.pending)
            silence = timing.silence if said else timing.unasked
            deadline = min(self._last_byte + silence, sent + timing.whole_answer)
            if now >= deadline:
                self._end(torn=now - self._last_byte < silence)
                if self._refused == heard and self._reading is None:
                    self._tell(Report(kind=Kind.NO_ANSWER, began=began, detail=self._request or ""))
                break
            if self._paused and self._assembler.pending:
                deadline = min(deadline, self._last_byte + self._pause)
                if now >= deadline:
                    self._end()
                    continue
            self._waiter = self._loop.create_future()
            try:
                async with asyncio.timeout_at(deadline):
                    await self._waiter
            except TimeoutError:
                pass  # the deadline may have moved meanwhile: the loop looks again
        return self._reading

    def _waits(self) -> bool:
        """Return whether the answer may still come: no reading, no whole frame that was refused, no disconnect."""
        return self._reading is None and not self.lost and not self._over

    def _link_lost(self) -> LinkLost:
        self._tell(Report(kind=Kind.LINK_LOST))
        damage = f" ({self._reasons[-1]})" if self._reasons else ""
        return LinkLost(f"{self._link.address}: the link broke while waiting for an answer{damage}")

    def _failure(self, attempts: int) -> CorruptAnswer | NoAnswer:
        address, times = self._link.address, f", asked {attempts} times" if attempts > 1 else ""
        if self._reasons:
            reasons = "; ".join(self._reasons)
            return CorruptAnswer(f"{address} answered, but nothing valid{times}: {reasons}")
        if self._heard:
            return CorruptAnswer(f"{address} sent bytes, but no frame of {self._codec.id}{times}")
        return NoAnswer(f"{address} is connected but stays silent{times}")
