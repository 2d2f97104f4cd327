"""The OpenAPI document, made of the table that the server is made of, and of the types that its answers have."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from bmsreader import __version__
from bmsreader.web.endpoint import Access, Answer, Endpoint, Parameter
from bmsreader.web.setting_shapes import SettingsProblem
from bmsreader.web.shapes import Problem

JSON = "application/json"
DESCRIPTION = (
    "Everything that the dashboard shows, for programs. Units are V, A, W, Ah, Wh, %, s and °C; positive current "
    "charges the battery. Times are ISO 8601 in UTC; `stamps` are milliseconds since 1970. `null` means: not known, or "
    "not reported by this battery. Additions do not change the version; what is taken away, or means another thing, "
    "makes it `/api/v2`."
)
WORDS = {
    HTTPStatus.BAD_REQUEST: "The question does not make sense as it is asked.",
    HTTPStatus.UNAUTHORIZED: "The password, or a token, is needed.",
    HTTPStatus.FORBIDDEN: "The header X-CSRF-Token is missing, or another page's script is behind it.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.CONFLICT: "The settings file cannot be changed, or was changed meanwhile.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too much was sent.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Something else than JSON was sent.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Settings are wrong; `problems` says which.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too often; the header Retry-After says when again.",
    HTTPStatus.NOT_IMPLEMENTED: "This needs a package that is not installed.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not now: too much to do, or something does not work.",
}
"""What the numbers of refusals mean."""
ALWAYS = (HTTPStatus.BAD_REQUEST,)
OF_OWNER = (HTTPStatus.UNAUTHORIZED,)
OF_UNSAFE = (HTTPStatus.FORBIDDEN,)
OF_BODY = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
CSRF = Parameter(
    name="X-CSRF-Token",
    where="header",
    text="What `GET /api/v1/session` says as `csrf`, together with the cookie that came with it. With a bearer token "
    "it is not needed.",
)


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the document."""
    shapes = Shapes()
    paths: dict[str, dict[str, Any]] = {}
    for one in endpoints:
        paths.setdefault(one.path.removeprefix("/"), {})[one.method.lower()] = _operation(one, shapes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "bmsreader", "version": __version__, "description": DESCRIPTION},
        "servers": [{"url": "../../", "description": "Relative to this document: the page may lie below a path."}],
        "tags": [{"name": group} for group in dict.fromkeys(one.group for one in endpoints)],
        "paths": {f"/{path}": methods for path, methods in paths.items()},
        "components": {
            "schemas": shapes.known,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "As `bmsreader web token` shows it."},
                "session": {"type": "apiKey", "in": "cookie", "name": "bmsreader_8099", "description": "After login."},
            },
        },
    }


def refusals_of(one: Endpoint) -> tuple[HTTPStatus, ...]:
    """Return every number that an endpoint may refuse with."""
    found = [*ALWAYS, *one.refusals]
    if one.access is Access.OWNER:
        found += OF_OWNER
    if one.is_unsafe:
        found += OF_UNSAFE
    if one.body is not None:
        found += OF_BODY
    return tuple(sorted(set(found)))


def _operation(one: Endpoint, shapes: "Shapes") -> dict[str, Any]:
    parameters = [*one.parameters, *((CSRF,) if one.is_unsafe else ())]
    found: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.group],
        "summary": one.text,
        "parameters": [_parameter(parameter) for parameter in parameters],
        "responses": {
            str(int(one.status)): _answer(one.answer, shapes),
            **{str(int(status)): _refusal(status, shapes) for status in refusals_of(one)},
        },
        "security": [{}] if one.access is Access.ANYBODY else [{}, {"token": []}, {"session": []}],
    }
    if one.body is not None:
        required = bool(one.body.get("required"))
        found["requestBody"] = {"required": required, "content": {JSON: {"schema": one.body}}}
    return found


def _parameter(one: Parameter) -> dict[str, Any]:
    found = {"name": one.name, "in": one.where, "description": one.text, "required": one.required, "schema": one.schema}
    return found if one.example is None else {**found, "example": one.example}


def _answer(answer: Answer, shapes: "Shapes") -> dict[str, Any]:
    content = {}
    for kind in answer.kinds:
        schema = shapes.of(answer.shape) if kind == JSON and answer.shape is not None else {"type": "string"}
        content[kind] = {"schema": schema}
    return {"description": answer.text, "content": content}


def _refusal(status: HTTPStatus, shapes: "Shapes") -> dict[str, Any]:
    shape = SettingsProblem if status is HTTPStatus.UNPROCESSABLE_ENTITY else Problem
    return {"description": WORDS[status], "content": {JSON: {"schema": shapes.of(shape)}}}


class Shapes:
    """JSON Schemas of types; each object is described once, and referred to."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}

    def of(self, hint: Any) -> dict[str, Any]:
        """Return the schema of a type; raise TypeError for one that JSON does not have."""
        simple = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null", dict: "object"}
        if hint is Any:
            return {}
        if hint in simple:
            return {"type": simple[hint]}
        if is_typeddict(hint):
            return self._object(hint)
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Literal:
            return {"enum": [*arguments]}
        if origin in (Union, UnionType):
            return _either([self.of(one) for one in arguments])
        if origin is list:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"{hint!r} has no schema")

    def _object(self, hint: Any) -> dict[str, Any]:
        name = hint.__name__.removesuffix("Shape")
        if name not in self.known:
            self.known[name] = {}  # it may contain itself
            properties = {key: self.of(one) for key, one in get_type_hints(hint).items()}
            self.known[name] = {
                "type": "object",
                "description": (hint.__doc__ or "").strip(),
                "properties": properties,
                "required": sorted(hint.__required_keys__),
            }
        return {"$ref": f"#/components/schemas/{name}"}


def _either(schemas: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a choice; of plain types a list of their names."""
    found = [dict(one) for one in schemas]
    if all(set(one) == {"type"} for one in found):
        return {"type": [one["type"] for one in found]}
    return {"anyOf": found}
