"""The page as a program that answers requests: the table of routes, the files, and the guard before both."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from bmsreader.web.door import Door
from bmsreader.web.endpoint import Endpoint
from bmsreader.web.guard import Guard
from bmsreader.web.refusal import Refused, not_found
from bmsreader.web.static import Files

AT_THE_TOP = {
    "/": "index.html",
    "/manifest.webmanifest": "manifest.webmanifest",
    "/service-worker.js": "service-worker.js",
}
"""Files that lie beside the page: a service worker serves the folder that it is in."""


def app(endpoints: Sequence[Endpoint], door: Door, files: Files, *, root: str, encrypted: bool) -> ASGIApp:
    """Return the page; ``root`` is the path below which it lies."""
    routes = [_route(path, methods, door) for path, methods in _by_path(endpoints).items()]
    routes += [Route(path, _Any(_file(files, name))) for path, name in AT_THE_TOP.items()]
    routes.append(Route("/static/{name:path}", _Any(_file(files))))
    return Guard(_Below(Router(routes, redirect_slashes=False, default=_nothing), root), door, encrypted=encrypted)


def _by_path(endpoints: Sequence[Endpoint]) -> dict[str, dict[str, Endpoint]]:
    found: dict[str, dict[str, Endpoint]] = {}
    for one in endpoints:
        found.setdefault(one.path, {})[one.method] = one
    return dict(sorted(found.items(), key=lambda item: item[0].count("{")))  # what is written out comes first


def _route(path: str, methods: dict[str, Endpoint], door: Door) -> Route:
    """Return what answers at one path, whatever the method."""

    async def handle(request: Request) -> Response:
        one = methods.get("GET" if request.method == "HEAD" else request.method)
        if one is None:
            raise _wrong_method(request, methods)
        door.admit(request.scope["guest"], request.scope, one.access)
        return await one.handler(request)

    return Route(path, _Any(handle))


class _Any:
    """An endpoint that gets every method: Starlette's own answer to a wrong one is no JSON."""

    def __init__(self, handle: Callable[[Request], Awaitable[Response]]) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = await self._handle(request)
        await response(scope, receive, send)


def _wrong_method(request: Request, allowed: Iterable[str]) -> Refused:
    words = f"{request.method} is not possible here"
    return Refused(HTTPStatus.METHOD_NOT_ALLOWED, words, headers={"Allow": ", ".join(allowed)})


def _file(files: Files, name: str | None = None) -> Callable[[Request], Awaitable[Response]]:
    """Return what sends a file; without ``name``, the one that stands in the path."""

    async def handle(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise _wrong_method(request, ["GET"])
        return files.answer(request, name or request.path_params["name"])

    return handle


async def _nothing(*_request: object) -> None:
    raise not_found("there is nothing here", advice="The API begins at /api/v1; /api/v1/openapi.json describes it.")


class _Below:
    """Takes off the path below which a reverse proxy offers the page."""

    def __init__(self, inner: ASGIApp, root: str) -> None:
        self._inner = inner
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._root:
            path = scope["path"]
            if path == self._root:  # what the page loads is relative to the slash
                await RedirectResponse(f"{self._root.rpartition('/')[2]}/")(scope, receive, send)
                return
            if not path.startswith(f"{self._root}/"):
                raise not_found(f"the page lies below {self._root}/")
            scope["path"] = path.removeprefix(self._root)
        await self._inner(scope, receive, send)
