"""What stands in a request, checked: numbers, times, words, bodies."""

import json
from datetime import UTC, datetime, timedelta, tzinfo
from http import HTTPStatus
from typing import Any

from starlette.requests import ClientDisconnect, Request

from bmsreader.model.errors import UsageError
from bmsreader.web.refusal import Refused
from bmsreader.web.zones import zone_of

LARGEST_BODY = 1 << 16
"""Bytes."""
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def text(request: Request, name: str, *, longest: int = 200) -> str | None:
    """Return a parameter; None when it is not there or empty. Raise UsageError when it is there twice or too long."""
    found = request.query_params.getlist(name)
    if len(found) > 1:
        raise UsageError(f"{name} is there {len(found)} times")
    if not found or not found[0]:
        return None
    if len(found[0]) > longest or not found[0].isprintable():
        raise UsageError(f"{name} must be at most {longest} visible characters")
    return found[0]


def whole(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number; raise UsageError."""
    found = text(request, name, longest=20)
    if found is None:
        return default
    if not (found.isascii() and found.isdecimal()) or not least <= int(found) <= most:
        raise UsageError(f"{name} must be a whole number from {least} to {most}")
    return int(found)


def words(request: Request, name: str) -> list[str]:
    """Return what is separated by commas; raise UsageError."""
    found = text(request, name, longest=4000) or ""
    return list(dict.fromkeys(word.strip() for word in found.split(",") if word.strip()))


def moment(request: Request, name: str) -> datetime | None:
    """Return a time that is given as ISO 8601 or as milliseconds since 1970; raise UsageError."""
    found = text(request, name, longest=40)
    if found is None:
        return None
    problem = UsageError(
        f"{name} must be a time with its offset, such as 2026-03-01T18:00:00Z, or milliseconds since 1970",
    )
    try:
        if found.isascii() and found.lstrip("-").isdecimal():
            when = EARLIEST + timedelta(milliseconds=int(found))
        else:
            when = datetime.fromisoformat(found.replace(" ", "+"))  # a plus sign in a URL reads as a blank
            if when.tzinfo is None:
                raise problem
            when = when.astimezone(UTC)
    except (ValueError, OverflowError):
        raise problem from None
    if not EARLIEST <= when <= LATEST:
        raise UsageError(f"{name} must be between {EARLIEST:%Y} and {LATEST:%Y}")
    return when


def zone(request: Request) -> tzinfo:
    """Return the time zone that decides when a day begins: that of this computer if none is given. Raise UsageError."""
    return zone_of(text(request, "tz", longest=60))


async def body(request: Request) -> dict[str, Any]:
    """Return the JSON object that was sent; raise Refused or UsageError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await read(request)
    if not content:
        return {}
    if kind != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON, with Content-Type: application/json")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise UsageError("this is not JSON") from None
    if not isinstance(found, dict):
        raise UsageError("send a JSON object")
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise UsageError("the text in it holds half a character") from None
    return found


async def read(request: Request) -> bytes:
    """Return the body; raise Refused when it is too large, UsageError when the visitor goes away."""
    content = bytearray()
    try:
        async for part in request.stream():
            content += part
            if len(content) > LARGEST_BODY:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"send at most {LARGEST_BODY} bytes")
    except ClientDisconnect:
        raise UsageError("the visitor went away") from None
    return bytes(content)


def field(values: dict[str, Any], name: str, kind: type | tuple[type, ...], *, default: Any = ...) -> Any:
    """Return one value of a body; raise UsageError when it is missing or of another kind."""
    found = values.get(name, default)
    if found is ...:
        raise UsageError(f"{name} is missing")
    if found is not default and (not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool)):
        raise UsageError(f"{name} is of another kind than it should be")
    return found
