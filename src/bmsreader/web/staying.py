"""Settings that would shut out the owner who changes them on the page: found before they are written."""

from collections.abc import Iterator
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from bmsreader.configuration.settings import WebSettings
from bmsreader.model.errors import ConfigurationError, PublishError
from bmsreader.web.door import ADVICE_TO_SERVE, Door, needs_password, refusal_to_serve
from bmsreader.web.listener import Place, listening, server_of
from bmsreader.web.refusal import Refused

BY_HAND = "If that is what you want, write it into the file, and `bmsreader reload`."


def check(now: WebSettings, wanted: WebSettings, scope: Scope | None = None) -> None:
    """Raise ConfigurationError when the page could not be opened any more by who opened it just ``now``.

    ``scope`` is the request that asks for the change.
    """
    if wanted.enabled and wanted != now:
        for key, words, advice in _reasons(now, wanted, scope):
            raise ConfigurationError(f"the page: web.{key}: {words}", advice=advice)


def _reasons(now: WebSettings, wanted: WebSettings, scope: Scope | None) -> Iterator[tuple[str, str, str]]:
    if problem := refusal_to_serve(wanted):
        yield "host", problem.partition(": ")[2], ADVICE_TO_SERVE
    if now.password and not wanted.password and needs_password(wanted) and not wanted.ingress:
        yield "password", "without it no browser gets in, a token is for programs", ADVICE_TO_SERVE
    try:
        yield from _out_of_place(Place.of(now), Place.of(wanted))
    except PublishError as error:
        yield "port", str(error), error.advice
    if scope is not None:
        try:
            Door(wanted).guest(scope)
        except Refused:
            yield "hosts", "the name under which you opened this page would be refused", BY_HAND


def _out_of_place(now: Place, wanted: Place) -> Iterator[tuple[str, str, str]]:
    """Try the certificate, the address and the port; raise PublishError when these cannot be had."""
    if wanted == now:
        return
    try:
        server_of(_nothing, wanted)
    except PublishError as error:
        yield "certificate_file", str(error), error.advice
    if (wanted.host, wanted.port) != (now.host, now.port):
        port = wanted.port if wanted.port != now.port else 0  # this page has its own port already
        for one in listening(replace(wanted, port=port)):
            one.close()


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answer nothing: the server is not started."""
