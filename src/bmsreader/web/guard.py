"""What stands before every request: who asks, may they, and the headers that tell a browser to be careful."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bmsreader.model.errors import BmsReaderError, Bug
from bmsreader.web.door import Door, Guest
from bmsreader.web.listener import LARGEST_HEAD
from bmsreader.web.refusal import Refused, refusal

log = logging.getLogger(__name__)

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
"""What the page may load: only its own files. ``data:`` and ``blob:`` are for charts that are saved as pictures."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
LONGEST_QUERY = 8192
"""Bytes of what stands behind the question mark."""


def headers_of(*, framed: bool, secure: bool) -> Mapping[str, str]:
    """Return the headers of every answer; ``framed``: Home Assistant shows the page within its own."""
    ancestors = "'self'" if framed else "'none'"
    policy = "; ".join(f"{name} {what}" for name, what in {**POLICY, "frame-ancestors": ancestors}.items())
    found = {**HEADERS, "Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN" if framed else "DENY"}
    return found | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})


class Guard:
    """Looks at every request before anything else does, and at every answer after."""

    def __init__(self, app: ASGIApp, door: Door, *, encrypted: bool) -> None:
        """``encrypted``: the page has a certificate of its own."""
        self._app = app
        self._door = door
        self._encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = False
        headers = headers_of(framed=self._door.settings.ingress, secure=self._encrypted)

        async def careful(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                sent = MutableHeaders(raw=message["headers"])
                for name, value in headers.items():
                    sent.setdefault(name, value)
                sent.setdefault("Cache-Control", "no-store")
                message["headers"] = sent.raw
            await send(message)

        try:
            scope["guest"] = self._guest(scope)
            await self._app(scope, receive, careful)
        except BmsReaderError as error:
            await self._refuse(error, scope, receive, careful, begun=begun)
        except ConnectionError:
            pass  # the visitor went away
        except OSError as error:
            log.warning("the page could not answer %r: %s", scope["path"], error)
            words = f"this computer could not do it: {error.strerror or error}"
            await self._refuse(Refused(HTTPStatus.SERVICE_UNAVAILABLE, words), scope, receive, careful, begun=begun)
        except Exception:  # one request that fails by our mistake ends no other one
            log.exception("the page failed at %r", scope["path"])
            bug = Bug("this failed by a mistake of ours; the log says more")
            await self._refuse(bug, scope, receive, careful, begun=begun)

    def _guest(self, scope: Scope) -> Guest:
        if len(scope["query_string"]) > LONGEST_QUERY:
            raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, "what stands behind the question mark is too long")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head of the request is too long")
        return self._door.guest(scope)

    @staticmethod
    async def _refuse(error: BmsReaderError, scope: Scope, receive: Receive, send: Send, *, begun: bool) -> None:
        if not begun:
            with suppress(OSError):
                await refusal(error)(scope, receive, send)
