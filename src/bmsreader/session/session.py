"""One conversation with one battery: connect, identify, ask, retry, assemble a reading."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil

from bmsreader.links.link import GattTable, Link
from bmsreader.model.errors import (
    CorruptAnswer,
    LinkLost,
    NoAnswer,
    NoBluetooth,
    NotHeard,
    NotRecognised,
    NoValidAnswer,
    ServicesMissing,
    Unreachable,
    UsageError,
)
from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile
from bmsreader.session.asking import Asking, Report
from bmsreader.session.deadline import within
from bmsreader.session.debounce import Debounce
from bmsreader.session.event import Event, Kind, OnEvent, ignore
from bmsreader.session.hints import by_likelihood
from bmsreader.session.timing import Timing

NOT_COMPLETED = "the battery did not send its capacities this time"
"""Note of a reading whose second request was not answered, or not credibly."""

FRESH = 1.0
"""How old, s, the answer that identified a battery may be to count as its first reading."""


def utc_now() -> datetime:
    """Return the time of this machine's clock, UTC."""
    return datetime.now(UTC)


class Session:
    """A conversation over a link; it connects when first read and again whenever the link was lost.

    ``identity`` is the battery's name in readings (default: the link's address), ``cells`` the number of cells if
    the owner knows it, ``now`` the clock that stamps readings, ``on_event`` is told of every radio action.
    """

    def __init__(
        self,
        link: Link,
        codecs: Sequence[Codec],
        *,
        identity: str | None = None,
        cells: int = 0,
        timing: Timing | None = None,
        now: Callable[[], datetime] = utc_now,
        on_event: OnEvent = ignore,
    ) -> None:
        self.link = link
        self.timing = timing or Timing()
        self.identity = identity or link.address
        self.codec: Codec | None = codecs[0] if len(codecs) == 1 else None
        """The description that the battery answered to; None before it is identified."""
        self.rejected = 0
        """Frames that were not believed, since the session was made."""
        self._codecs = tuple(codecs)
        self._profile: BleProfile | None = None
        self._now = now
        self._on_event = on_event
        self._debounce = Debounce(cells=cells)
        self._loop = asyncio.get_running_loop()
        self._born = self._loop.time()
        self._asking: Asking | None = None
        self._greeting: tuple[Reading | None, float] = (None, 0.0)
        self._distrusts_services = False

    async def __aenter__(self) -> "Session":
        await self.open()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    @property
    def connected(self) -> bool:
        """Whether the link is up and somebody who answers was found on it."""
        return self._asking is not None and not self._asking.lost

    def forget_services(self) -> None:
        """Have the next connection discover the battery's services anew, whatever this machine remembers of them."""
        self._distrusts_services = True

    async def open(self) -> None:
        """Connect and identify the battery; raise what prevents it. Does nothing when connected."""
        if self.connected:
            return
        if self._asking is not None:
            await self.close()  # the battery dropped the link: let go of what is left of it first
        for attempt in range(1, self.timing.connect_attempts + 1):
            try:
                await self._connect_and_identify()
                return
            except NoValidAnswer as error:
                await self.close()
                if attempt == self.timing.connect_attempts or isinstance(error, (NotRecognised, NotHeard)):
                    raise
                await asyncio.sleep(self.timing.pause)
            except BaseException:
                await self.close()
                raise

    async def read(self) -> Reading:
        """Return one reading; connect first if need be, and once more when the link breaks meanwhile.

        An alarm or switch that changed is confirmed by a second answer before it shows.
        """
        await self.open()
        try:
            return await self._read()
        except LinkLost:
            await self.close()
            await asyncio.sleep(self.timing.pause)
            await self.open()
            return await self._read()

    async def readings(self, every: float = 10.0, *, patience: float | None = None) -> AsyncIterator[Reading]:
        """Yield a reading each ``every`` seconds, for months: what fails is reported as event and tried again.

        While the battery stays away, the pause between attempts grows up to ``timing.longest_pause``. With
        ``patience``, give up and raise the last error after so many seconds without any reading.
        """
        if not every > 0:
            raise UsageError(f"readings come every so many seconds, more than 0, not {every}")
        read = False
        due = heard = self._loop.time()
        pause = self.timing.pause
        while True:
            try:
                reading = await self.read()
            except (NoValidAnswer, NoBluetooth) as error:
                if isinstance(error, NoBluetooth) and not read:
                    raise  # there never was an adapter; one that goes away and comes back is waited for
                await self.close()
                if patience is not None and self._loop.time() - heard >= patience:
                    raise
                await asyncio.sleep(pause)
                pause = min(2 * pause, self.timing.longest_pause)
                continue
            yield reading
            read = True
            heard, pause = self._loop.time(), self.timing.pause
            due += every * max(1, ceil((heard - due) / every))  # keep the beat; what was missed is not made up for
            await asyncio.sleep(due - heard)

    async def close(self) -> None:
        """Let the battery go; never takes longer than its deadline, even when the radio hangs."""
        if self._asking is not None:
            self._asking.stop()
            self._asking = None
        began = self._loop.time()
        try:
            await within(self.timing.disconnect, self.link.disconnect())
        except TimeoutError:
            self._tell(Kind.DISCONNECT_HUNG, began=began)
        else:
            self._tell(Kind.DISCONNECTED, began=began)

    # ---- connect and identify

    async def _connect_and_identify(self) -> None:
        table = await self._connect(fresh=self._distrusts_services)
        self._distrusts_services = False
        candidates = self._candidates(table)
        if table is not None and not candidates:
            self._tell(Kind.NO_SERVICES, detail="asking again, without what the host remembers")
            await self.close()
            table = await self._connect(fresh=True)
            candidates = self._candidates(table)
            if not candidates:
                if table is not None and table.services:
                    raise NotRecognised(f"{self.link.address} offers none of the services of a known battery")
                raise ServicesMissing(f"{self.link.address} is connected, but service discovery found nothing")
        await self._identify(candidates)

    async def _connect(self, *, fresh: bool = False) -> GattTable | None:
        began = self._loop.time()
        limit = self.timing.connect + self.link.search
        try:
            table = await within(limit, self.link.connect(fresh=fresh))
        except TimeoutError as error:
            self._tell(Kind.CONNECT_FAILED, began=began, detail="no connection in time")
            raise Unreachable(f"{self.link.address}: no connection within {limit:.0f} s") from error
        except (NoValidAnswer, NoBluetooth) as error:
            self._tell(Kind.CONNECT_FAILED, began=began, detail=str(error))
            raise
        self._tell(Kind.CONNECTED, began=began)
        return table

    def _candidates(self, table: GattTable | None) -> list[tuple[Codec, BleProfile | None]]:
        """Return which descriptions, over which characteristics, the battery might speak: the likeliest first."""
        codecs = (self.codec,) if self.codec else by_likelihood(self._codecs, name=self.link.name)
        if table is None:
            return [(codec, None) for codec in codecs]
        offered = [(c, p) for c in codecs for p in c.description.profiles if table.offers(p)]
        known = [(codec, profile) for codec, profile in offered if profile == self._profile]
        return [*known, *offered] if known else [*offered]

    async def _identify(self, candidates: Sequence[tuple[Codec, BleProfile | None]]) -> None:
        """Find out what the battery speaks by what it answers; names and ids were only hints for the order."""
        began = self._loop.time()
        failure: NoValidAnswer = NoAnswer(f"{self.link.address} is connected but stays silent, whatever it is asked")
        for _ in range(self.timing.attempts):
            for codec, profile in candidates:
                try:
                    self._greeting = (await self._greet(codec, profile), self._loop.time())
                except NoAnswer:
                    continue
                except CorruptAnswer as error:
                    failure = error
                    continue
                self._tell(Kind.IDENTIFIED, began=began, detail=codec.id)
                return
        self._tell(Kind.NOT_IDENTIFIED, began=began, detail=str(failure))
        raise failure

    async def _greet(self, codec: Codec, profile: BleProfile | None) -> Reading:
        """Ask once under a description; when that is answered, it is the one."""
        asking = Asking(
            self.link,
            codec,
            self.timing,
            self._report,
            battery=self.identity,
            now=self._now,
            cells=self._debounce.cells,
        )
        self.link.on_disconnect = asking.on_disconnect
        try:
            async with asyncio.timeout(self.timing.subscribe):
                await self.link.subscribe(profile, asking.receive)
        except TimeoutError as error:
            raise LinkLost(
                f"{self.link.address}: notifications were not enabled within {self.timing.subscribe:.0f} s"
            ) from error
        reading = await asking.ask(_first_request(codec), attempts=1)
        self.codec, self._profile, self._asking = codec, profile, asking
        return reading

    # ---- read

    async def _read(self) -> Reading:
        reading = await self._ask()
        for _ in range(2):
            if not self._debounce.take(reading):
                return self._debounce.settled(reading)
            reading = await self._ask()
        self._debounce.take(reading)
        return self._debounce.settled(reading)

    async def _ask(self) -> Reading:
        """Ask until a plausible answer comes, and for what completes it."""
        asking = self._asking
        if asking is None or self.codec is None:
            raise LinkLost(f"{self.link.address}: the link is closed")
        asking.cells = self._debounce.cells
        reading = self._take_greeting() or await asking.ask(_first_request(self.codec), attempts=self.timing.attempts)
        parts = [asking.opened]
        while (then := self.codec.completion(parts[-1].message)) is not None:
            try:
                await asking.ask(then.request, attempts=max(1, self.timing.attempts - 1), message=then.name)
            except LinkLost:
                raise
            except NoValidAnswer:
                return replace(reading, notes=(*reading.notes, NOT_COMPLETED))
            parts.append(asking.opened)
        if len(parts) == 1:
            return reading
        whole = self.codec.reading(parts, battery=self.identity, taken_at=self._now(), cells=self._debounce.cells)
        if isinstance(whole, FrameRejected):
            self._report(Report(kind=Kind.REJECTED, detail=whole.reason, frame=whole.frame))
            return replace(reading, notes=(*reading.notes, NOT_COMPLETED))
        return whole

    def _take_greeting(self) -> Reading | None:
        """Return the answer by which the battery was identified, once, while it is fresh: no need to ask again."""
        (reading, at), self._greeting = self._greeting, (None, 0.0)
        return reading if self._loop.time() - at < FRESH else None

    # ---- events

    def _report(self, report: Report) -> None:
        self.rejected += report.kind is Kind.REJECTED
        self._tell(report.kind, began=report.began, detail=report.detail, frame=report.frame)

    def _tell(self, kind: Kind, *, began: float | None = None, detail: str = "", frame: bytes = b"") -> None:
        now = self._loop.time()
        duration = None if began is None else round(now - began, 6)
        self._on_event(Event(at=round(now - self._born, 6), kind=kind, duration=duration, detail=detail, frame=frame))


def _first_request(codec: Codec) -> str | None:
    """Return the request that every conversation in this protocol begins with."""
    return next(iter(codec.description.messages.values())).request
