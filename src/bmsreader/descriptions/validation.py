"""Check a description file against the published JSON Schema, and say what is wrong in words, with its line."""

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bmsreader.model.errors import DescriptionError
from bmsreader.protocol.locate import line_of
from bmsreader.protocol.parse import load_toml
from bmsreader.protocol.shape import suggestion

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a table",
    "string": "text",
}
_COMBINATIONS = {
    "requests": "a read has the bytes to `send` (or `send_hex`), a write is never sent and has a `pattern` only",
    "blocks": "needs either `{}`, or `plus` and `minus`",
}


@cache
def schema() -> dict[str, Any]:
    """Return the published JSON Schema of the description language."""
    text = files("bmsreader.descriptions").joinpath("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def validate(text: str, *, source: str) -> None:
    """Raise DescriptionError, naming file, line and key, when the text does not have the form of a description."""
    from jsonschema.exceptions import best_match, by_relevance

    data = load_toml(text, source)
    errors = _validator().iter_errors(data)
    # A mistyped key is both unknown and missing: the first says more.
    error = best_match(errors, key=by_relevance(strong=frozenset({"additionalProperties"})))
    if error is None:
        return
    path, problem = _in_words(error)
    key = ".".join(map(str, path)) or "file"
    raise DescriptionError(f"{source}:{line_of(text, path)}: {key}: {problem}")


def _in_words(error: "ValidationError") -> tuple[list[str | int], str]:
    """Return the path of the key and what is wrong with it."""
    path = list(error.absolute_path)
    wanted: Any = error.validator_value
    instance: Any = error.instance
    rules: Any = error.schema
    if "propertyNames" in error.absolute_schema_path:
        return [*path, instance], f"{instance!r} is no name: it must be lower-case words joined by _"
    match error.validator:
        case "additionalProperties":
            extra = next(key for key in instance if key not in rules["properties"])
            return [*path, extra], f"unknown key{suggestion(extra, rules['properties'])}"
        case "required":
            missing = next(key for key in wanted if key not in instance)
            return path, f"misses the key {missing!r}"
        case "enum":
            words = f"must be one of {', '.join(map(str, wanted))}"
            near = suggestion(instance, wanted) if isinstance(instance, str) else ""
            return path, words + (near if "did you mean" in near else "")
        case "type":
            return path, f"must be {_TYPES[wanted]}, not {instance!r}"
        case "minimum" | "maximum":
            return path, f"must be from {rules['minimum']:.12g} to {rules['maximum']:.12g}"
        case "oneOf" | "not" | "anyOf" if path and path[0] in _COMBINATIONS and isinstance(instance, dict):
            place = "path" if "path" in rules.get("properties", ()) else "at"
            return path, _COMBINATIONS[str(path[0])].format(place)
    about = rules.get("description", "")  # what the schema says about the key explains the rest
    return path, f"{instance!r} is not possible here{': ' if about else ''}{about}"
