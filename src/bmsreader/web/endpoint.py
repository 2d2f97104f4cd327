"""One row of the table that the API is made of: what can be asked where, by whom, and what it answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]


class Access(Enum):
    """Who may ask."""

    ANYBODY = "anybody"
    """Also who has not logged in."""
    OWNER = "owner"
    """Who has logged in, or shows the token; everybody, where no password is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that can be said with a request."""

    name: str
    text: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    where: str = "query"
    """``query``, ``path`` or ``header``."""
    example: Any = None

    @property
    def required(self) -> bool:
        """Whether it has to be said."""
        return self.where == "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What comes back."""

    text: str
    shape: Any = None
    """Type of the JSON; None: see ``kinds``."""
    kinds: tuple[str, ...] = ("application/json",)
    """Media types; all but JSON are described as text or bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One thing that can be asked of the page."""

    method: str
    path: str
    """Relative to the page, such as ``/api/v1/batteries/{slug}``."""
    name: str
    """Unique word, the ``operationId``."""
    text: str
    """What it does, in a sentence."""
    handler: Handler
    group: str
    """Heading in the documentation."""
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Any] | None = None
    """JSON Schema of what is sent."""
    answer: Answer = field(default_factory=lambda: Answer(text="Done."))
    refusals: tuple[HTTPStatus, ...] = ()
    """Numbers that it may answer with beside 200, and beside those that concern everything."""
    access: Access = Access.OWNER
    status: HTTPStatus = HTTPStatus.OK

    @property
    def is_unsafe(self) -> bool:
        """Whether it changes something: then it needs the token against foreign pages."""
        return self.method not in ("GET", "HEAD")
