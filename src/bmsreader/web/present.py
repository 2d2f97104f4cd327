"""What the API says of the present: batteries, banks, the gateway, and the stream of what changes."""

from collections.abc import AsyncIterator, Callable
from datetime import tzinfo
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bmsreader.model.errors import UsageError
from bmsreader.publishers.feed import LONGEST_RELEASE
from bmsreader.web import asked
from bmsreader.web.answers import answer
from bmsreader.web.door import Guest
from bmsreader.web.hub import Visitor
from bmsreader.web.live import Live
from bmsreader.web.refusal import Refused
from bmsreader.web.shapes import Banks, Batteries, Done, Health
from bmsreader.web.text import iso

MOST_STREAMS = 100
"""Browsers at the stream at once."""


class Present:
    """Answers about the present."""

    def __init__(self, live: Live, stays: Callable[[Guest], bool]) -> None:
        """``stays`` says whether somebody who was let in is still welcome."""
        self._live = live
        self._stays = stays
        self._house = live.house

    async def batteries(self, request: Request) -> Response:
        """Return every battery and bank."""
        found = await self._live.batteries(self._house.gateway.snapshots(), asked.zone(request))
        shown: Batteries = {"at": iso(self._house.gateway.now()), "batteries": found}
        return answer(request, shown)

    async def battery(self, request: Request) -> Response:
        """Return one."""
        snapshot = self._house.snapshot(request.path_params["slug"])
        found = await self._live.batteries([snapshot], asked.zone(request))
        return answer(request, found[0])

    async def banks(self, request: Request) -> Response:
        """Return the banks alone."""
        banks = [one for one in self._house.gateway.snapshots() if one.info.kind == "bank"]
        shown: Banks = {"banks": await self._live.batteries(banks, asked.zone(request))}
        return answer(request, shown)

    async def gateway(self, request: Request) -> Response:
        """Return how the gateway is doing."""
        return answer(request, self._live.gateway())

    async def health(self, request: Request) -> Response:
        """Return whether everything works; 503 when the gateway itself does not: a broker that is away is no reason."""
        gateway = self._house.gateway
        known = gateway.health()
        others = [one for one in (known.store, known.page) if one is not None]
        problems = [one.problem or "not ok" for one in (*known.publishers, *known.adapters, *others) if not one.ok]
        works = gateway.alive() and (known.store is None or known.store.ok)
        if not gateway.alive():
            problems.append("a battery's task does not move any more")
        shown: Health = {"ok": not problems, "version": known.version, "problems": problems}
        return answer(request, shown, status=HTTPStatus.OK if works else HTTPStatus.SERVICE_UNAVAILABLE)

    async def refresh(self, request: Request) -> Response:
        """Read a battery now."""
        info = self._house.snapshot(request.path_params["slug"]).info
        done: Done = {"battery": info.slug, "done": self._house.gateway.refresh(info.slug)}
        return answer(request, done)

    async def release(self, request: Request) -> Response:
        """Let a battery go for some minutes."""
        info = self._house.snapshot(request.path_params["slug"]).info
        minutes = asked.field(await asked.body(request), "minutes", (int, float), default=10)
        if not 0 <= minutes <= LONGEST_RELEASE:
            raise UsageError(f"a battery is released for 0 to {LONGEST_RELEASE:.0f} minutes")
        done: Done = {"battery": info.slug, "done": self._house.gateway.release(info.slug, minutes)}
        return answer(request, done)

    async def stream(self, request: Request) -> Response:
        """Return what changes, as it changes."""
        if len(self._live.hub) >= MOST_STREAMS:
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{MOST_STREAMS} browsers look at the stream already",
                headers={"Retry-After": "5"},
            )
        headers = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
        zone = asked.zone(request)
        if request.method == "HEAD":
            return Response(headers=headers, media_type="text/event-stream")
        texts = self._texts(zone, request.scope["guest"])
        return StreamingResponse(texts, headers=headers, media_type="text/event-stream")

    async def _texts(self, zone: tzinfo, guest: Guest) -> AsyncIterator[bytes]:
        visitor: Visitor = await self._live.enter(zone)
        try:
            async for text in visitor.texts():
                if not self._stays(guest):
                    break  # logged out, or the password is another one: who comes again is asked for it
                yield text
        finally:
            self._live.hub.leave(visitor)
