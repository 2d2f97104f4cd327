"""The page of the HTTP API, made of the table that the server is made of."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from bmsreader.web.openapi import document
from bmsreader.web.page import endpoints_of

HEAD = """\
# HTTP API

Everything that the [dashboard](dashboard.md) shows can be asked by programs. Below is each thing that can be asked; the
same as an OpenAPI document, for tools that make clients of it, is at `/api/v1/openapi.json`.

{description}

## With curl

On the computer of the gateway, as long as no password is set:

```sh
curl http://127.0.0.1:8099/api/v1/batteries
curl "http://127.0.0.1:8099/api/v1/batteries/house/history?fields=soc,power&points=200"
curl "http://127.0.0.1:8099/api/v1/batteries/house/history?fields=cells&start=2026-11-21T00:00:00Z&points=0&format=csv"
curl "http://127.0.0.1:8099/api/v1/batteries/house/energy?days=7&tz=Europe/Berlin"
curl --no-buffer http://127.0.0.1:8099/api/v1/stream
```

Where a password is set, programs show a token instead. `bmsreader web token` makes one:

```sh
curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8099/api/v1/alarms
curl -H "Authorization: Bearer $TOKEN" -X POST http://127.0.0.1:8099/api/v1/batteries/house/refresh
```

Without a token, whatever changes something (`POST`, `PUT`, `DELETE`) needs the header `X-CSRF-Token`, also where no
password is set: it keeps other web pages, open in the same browser, from doing it.

```sh
token=$(curl -s -c jar http://127.0.0.1:8099/api/v1/session | sed 's/.*"csrf":"\\([0-9a-f]*\\)".*/\\1/')
curl -b jar -H "X-CSRF-Token: $token" -X POST http://127.0.0.1:8099/api/v1/batteries/house/refresh
```

## Refusals

What is refused has an `error`, a sentence, and an `advice`, the next step (or nothing).

| number | meaning |
| --- | --- |
"""
STREAM = """\
The stream sends `: hello` at once, then every battery, then what changes, and `: beat` each 15 s. A browser that is
slow misses what is old: it gets the newest of each battery.

| event | data |
| --- | --- |
| `battery` | a Battery, without its sparkline |
| `gone` | `{"slug": "house"}`: it was removed, or has another name now |
| `alarm` | an Alarm that was raised, cleared or acknowledged |
| `gateway` | how the gateway is doing |
"""


def api() -> Iterator[tuple[str, str]]:
    """Yield the page."""
    nobody: Any = SimpleNamespace(house=None, stays=None)
    described = document(endpoints_of(nobody, nobody, nobody, nobody))
    yield "api.md", "".join(_page(described))


def _page(described: Mapping[str, Any]) -> Iterator[str]:
    yield HEAD.format(description=described["info"]["description"])
    yield from _refusals(described)
    for tag in described["tags"]:
        yield f"\n## {tag['name']}\n"
        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                if operation["tags"] == [tag["name"]]:
                    yield from _operation(method.upper(), path, operation)
    yield "\n## Shapes\n"
    for name, schema in described["components"]["schemas"].items():
        yield from _shape(name, schema)


def _refusals(described: Mapping[str, Any]) -> Iterator[str]:
    words: dict[str, str] = {}
    for methods in described["paths"].values():
        for operation in methods.values():
            words |= {number: one["description"] for number, one in operation["responses"].items() if number >= "4"}
    for number, text in sorted(words.items()):
        yield f"| {number} | {text} |\n"


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n### {method} {path}\n\n{operation['summary']}\n"
    rows = [one for one in operation["parameters"] if one["in"] != "header"]
    if rows:
        yield "\n| parameter | meaning |\n| --- | --- |\n"
        for one in rows:
            yield f"| `{one['name']}` | {one['description']}{_limits(one['schema'])} |\n"
    if "requestBody" in operation:
        yield f"\nSend: {_fields(operation['requestBody']['content']['application/json']['schema'])}\n"
    answers = [(number, one) for number, one in operation["responses"].items() if number < "4"]
    for number, one in answers:
        kinds = ", ".join(f"`{kind}`" for kind in one["content"])
        shape = one["content"].get("application/json", {}).get("schema", {})
        shown = f": {_type(shape)}" if "$ref" in shape else ""
        yield f"\nAnswer {number}: {one['description'].rstrip('.')}{shown}. As {kinds}.\n"
    if operation["operationId"] == "stream":
        yield f"\n{STREAM}"


def _limits(schema: Mapping[str, Any]) -> str:
    said = []
    if "enum" in schema:
        said.append(" or ".join(f"`{one}`" for one in schema["enum"]))
    if "minimum" in schema:
        said.append(
            f"{schema['minimum']} to {schema['maximum']}" if "maximum" in schema else f"from {schema['minimum']}"
        )
    if "default" in schema:
        said.append(f"default `{schema['default']}`")
    return f" ({', '.join(said)})" if said else ""


def _fields(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    names = [f"`{name}`{'' if name in required else ' (may be left out)'}" for name in schema["properties"]]
    return ", ".join(names)


def _shape(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n### {name} object\n\n{schema['description']}\n\n| key | type |\n| --- | --- |\n"
    for key, one in schema["properties"].items():
        yield f"| `{key}` | {_type(one)} |\n"


def _type(schema: Mapping[str, Any]) -> str:
    """Return a type in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()}-object)"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(one)}`" for one in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    kind: str | Sequence[str] = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    if kind == "object" and "additionalProperties" in schema:
        return f"object of {_type(schema['additionalProperties'])}"
    return kind if isinstance(kind, str) else " or ".join(kind)
