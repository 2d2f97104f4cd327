"""What the page answers when it cannot do what it was asked: a sentence, the next step, and HTTP's number for it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from bmsreader.model.errors import BmsReaderError, OwnerError, StoreError, UsageError
from bmsreader.web.text import as_json

JSON = "application/json"


class Refused(OwnerError):
    """The page refuses a request; ``status`` is HTTP's number."""

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        *,
        advice: str = "",
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """``headers`` are sent with the answer, ``more`` stands in it beside the sentences."""
        super().__init__(message, advice=advice)
        self.status = status
        self.headers = headers or {}
        self.more = more or {}


def not_found(message: str, *, advice: str = "") -> Refused:
    """Return the refusal of what is not there."""
    return Refused(HTTPStatus.NOT_FOUND, message, advice=advice)


def status_of(error: BmsReaderError) -> HTTPStatus:
    """Return HTTP's number for an error."""
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, UsageError):
        return HTTPStatus.BAD_REQUEST
    if isinstance(error, StoreError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, OwnerError) else HTTPStatus.INTERNAL_SERVER_ERROR


def refusal(error: BmsReaderError) -> Response:
    """Return the answer that an error becomes."""
    headers, more = (error.headers, error.more) if isinstance(error, Refused) else ({}, {})
    body = as_json({"error": str(error), "advice": error.advice, **more})
    return Response(body, status_of(error), dict(headers), JSON)
