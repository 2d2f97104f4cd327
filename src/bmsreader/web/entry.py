"""Coming in and going out: who am I, log in, log out."""

import asyncio
from http import HTTPStatus
from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.web import asked
from bmsreader.web.answers import answer
from bmsreader.web.door import Door, Guest
from bmsreader.web.house import House
from bmsreader.web.passwords import matches
from bmsreader.web.refusal import Refused
from bmsreader.web.shapes import Session

TRIES_AT_ONCE = 1
"""Passwords that are compared at once: each one takes 19 MB for a moment."""


class Entry:
    """Answers about who is logged in."""

    def __init__(self, house: House, door: Door) -> None:
        self._house = house
        self._door = door
        self._turn = asyncio.Semaphore(TRIES_AT_ONCE)

    async def session(self, request: Request) -> Response:
        """Say who asks; a browser that has no name yet gets one, and one that has logged in keeps it for longer."""
        guest: Guest = request.scope["guest"]
        name = guest.name or self._door.sessions.anonymous()
        response = answer(request, self._shown(name, logged_in=guest.logged_in))
        if self._door.sessions.knows(name):
            self._remember(response, request, name, days=self._door.settings.session_days)
        elif guest.name is None:
            self._remember(response, request, name)
        return response

    def _shown(self, name: str, *, logged_in: bool) -> Session:
        house = self._house
        inside = logged_in
        return {
            "required": self._door.required,
            "logged_in": inside,
            "csrf": self._door.sessions.token(name),
            "version": house.version if inside else "",
            "demo": bool(house.demo) and inside,
            "problem": house.problem if inside else "",
            "writable": inside and not house.why_not_writable(),
            "why_not_writable": house.why_not_writable() if inside else "",
        }

    def _remember(self, response: Response, request: Request, name: str, *, days: float | None = None) -> None:
        guest: Guest = request.scope["guest"]
        header = self._door.cookie_header(guest, name, root=self._door.settings.path, days=days)
        response.headers["Set-Cookie"] = header

    async def login(self, request: Request) -> Response:
        """Let in whoever knows the password, under a new name."""
        guest: Guest = request.scope["guest"]
        known = self._door.settings.password
        if not known:
            raise Refused(
                HTTPStatus.NOT_FOUND,
                "no password is set" if self._door.required else "no password is needed",
                advice="`bmsreader web password` sets one.",
            )
        password = asked.field(await asked.body(request), "password", str)
        async with self._turn:
            self._check_patience(guest.origin.address)
            right = await asyncio.to_thread(matches, known, password)
            if not right:
                self._door.patience.failed(guest.origin.address)
                self._house.note_login(guest.origin.address)
                raise Refused(HTTPStatus.UNAUTHORIZED, "this is not the password")
        self._door.patience.succeeded(guest.origin.address)
        self._door.sessions.end(guest.name)
        name = self._door.sessions.begin()
        response = answer(request, self._shown(name, logged_in=True))
        self._remember(response, request, name, days=self._door.settings.session_days)
        return response

    def _check_patience(self, address: str) -> None:
        wait = ceil(self._door.patience.wait(address))
        if wait:
            raise Refused(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"too many wrong passwords: try again in {wait} s",
                headers={"Retry-After": str(wait)},
            )

    async def logout(self, request: Request) -> Response:
        """End the session; the browser gets another name."""
        guest: Guest = request.scope["guest"]
        self._door.sessions.end(guest.name)
        name = self._door.sessions.anonymous()
        response = answer(request, self._shown(name, logged_in=not self._door.required))
        self._remember(response, request, name)
        return response
