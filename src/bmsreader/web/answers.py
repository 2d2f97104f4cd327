"""How an answer leaves the page: JSON, packed where that helps."""

import gzip
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.web.static import takes_gzip
from bmsreader.web.text import as_json

WORTH_PACKING = 1400
"""Bytes; what is shorter fits into one packet anyway."""
QUICK = 1
"""gzip's level: numbers shrink to a third with it, in a quarter of the time of the best one."""


def answer(request: Request, value: Any, *, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return a value as JSON."""
    return of_bytes(request, as_json(value), "application/json", status=status)


def of_bytes(
    request: Request,
    content: bytes,
    kind: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return text or data, packed for whoever takes it so."""
    sent = {"Cache-Control": "no-store", "Vary": "Accept-Encoding", **(headers or {})}
    if len(content) > WORTH_PACKING and takes_gzip(request):
        content = gzip.compress(content, QUICK, mtime=0)
        sent["Content-Encoding"] = "gzip"
    return Response(content, status, sent, kind)
