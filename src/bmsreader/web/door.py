"""Who gets in: the rules of the owner, applied to one request."""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Scope

from bmsreader.configuration.settings import WebSettings
from bmsreader.web.endpoint import Access
from bmsreader.web.passwords import is_token
from bmsreader.web.patience import Patience
from bmsreader.web.refusal import Refused
from bmsreader.web.sessions import Sessions
from bmsreader.web.visitor import Network, Origin, is_welcome, networks, origin, split_host

DAY = 86_400.0
TOKEN = "x-csrf-token"  # noqa: S105 - the name of a header


def needs_password(settings: WebSettings) -> bool:
    """Return whether others than this computer can reach the page."""
    host = settings.host.strip("[]").lower()
    if host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def refusal_to_serve(settings: WebSettings) -> str:
    """Return why the page must not be served like this; empty when it may."""
    if settings.password or settings.token or settings.ingress or not needs_password(settings):
        return ""
    return f"the page is not served: with host = {settings.host!r} everybody in the network would get in"


ADVICE_TO_SERVE = "`bmsreader web password` sets a password; host = 127.0.0.1 in [web] serves this computer only."


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One request, and what its sender may do."""

    origin: Origin
    name: str | None
    """What the browser's cookie says."""
    logged_in: bool
    """By session, token or ingress, or because no password is needed."""
    token: str | None = None
    """The hash of the token that was shown; None when none was, or a wrong one."""


class Door:
    """Lets in whom the owner wants to be let in. Changed settings are in effect with the next request."""

    def __init__(self, settings: WebSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.sessions = Sessions(clock, lifetime=settings.session_days * DAY)
        self.patience = Patience(clock)
        self._proxies: tuple[Network, ...] = ()
        self.settings = settings
        self.adopt(settings)

    def adopt(self, settings: WebSettings) -> None:
        """Take other settings into use; another password logs everybody out."""
        if settings.password != self.settings.password:
            self.sessions.end_all()
        self.settings = settings
        self.sessions.lifetime = settings.session_days * DAY
        self._proxies = networks(settings.proxies)

    @property
    def required(self) -> bool:
        """Whether a password is needed."""
        settings = self.settings
        return bool(settings.password) or settings.ingress or needs_password(settings)

    @property
    def cookie(self) -> str:
        """Name of the cookie: browsers do not tell the ports of a computer apart."""
        return f"bmsreader_{self.settings.port}"

    def guest(self, scope: Scope) -> Guest:
        """Return who asks; raise Refused when the page is called by a foreign name."""
        headers = Headers(scope=scope)
        found = origin(scope, headers, proxies=self._proxies, ingress=self.settings.ingress)
        self._check_name(found, scope)
        name = _cookie(headers.get("cookie", ""), self.cookie)
        scheme, _, word = headers.get("authorization", "").partition(" ")
        by_token = scheme.lower() == "bearer" and is_token(self.settings.token, word.strip())
        token = self.settings.token if by_token else None
        inside = not self.required or found.ingress or by_token or self.sessions.knows(name)
        return Guest(origin=found, name=name, logged_in=inside, token=token)

    def stays(self, guest: Guest) -> bool:
        """Return whether somebody who was let in is still welcome, as one who looks at the stream; it counts as use."""
        if not self.required:
            return True
        if guest.token is not None:
            return guest.token == self.settings.token
        return (guest.origin.ingress and self.settings.ingress) or self.sessions.knows(guest.name)

    def _check_name(self, found: Origin, scope: Scope) -> None:
        if found.ingress:
            return
        server = (scope.get("server") or ("", 0))[0]
        if not is_welcome(found.host, listens=self.settings.host, server=server, hosts=self.settings.hosts):
            name = split_host(found.host)
            advice = f'If you call this computer so: hosts = ["{name}"] in [web].' if name else ""
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, "this page is not known under that name", advice=advice)

    def admit(self, guest: Guest, scope: Scope, access: Access) -> None:
        """Return when this may be asked; raise Refused when it may not."""
        if access is Access.OWNER and not guest.logged_in:
            raise Refused(
                HTTPStatus.UNAUTHORIZED, "log in first", advice="The password is the one of `bmsreader web password`."
            )
        if scope["method"] not in ("GET", "HEAD") and guest.token is None:
            self._check_token(guest, Headers(scope=scope))

    def _check_token(self, guest: Guest, headers: Headers) -> None:
        """Raise Refused when another page's script may be behind a request."""
        said = headers.get("origin")
        if said is not None and not _is_of(said, guest.origin.host):
            raise Refused(HTTPStatus.FORBIDDEN, "another page's script sent this")
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise Refused(HTTPStatus.FORBIDDEN, "another page's script sent this")
        if not self.sessions.is_token(guest.name, headers.get(TOKEN)):
            raise Refused(
                HTTPStatus.FORBIDDEN,
                "the header X-CSRF-Token is missing or of an earlier session",
                advice="GET api/v1/session says it; send it with the cookie that came with it.",
            )

    def cookie_header(self, guest: Guest, name: str, *, root: str, days: float | None = None) -> str:
        """Return the header that makes a browser remember its name."""
        path = f"{guest.origin.prefix}{root}/"
        age = "" if days is None else f"; Max-Age={round(days * DAY)}"
        secure = "; Secure" if guest.origin.secure else ""
        return f"{self.cookie}={name}; Path={path}; HttpOnly; SameSite=Strict{secure}{age}"


def _is_of(origin: str, host: str) -> bool:
    """Return whether the page that a browser names as a request's origin is this one."""
    place = origin.partition("://")[2].lower()  # of "null", nothing
    return bool(place) and place == host.lower()


def _cookie(header: str, name: str) -> str | None:
    for part in header.split(";"):
        key, equals, value = part.strip().partition("=")
        if equals and key == name:
            return value[:200] or None
    return None
