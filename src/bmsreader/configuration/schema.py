"""The JSON Schema of the configuration, for editors and other programs."""

from typing import Any

from bmsreader.configuration.about import Row, Section
from bmsreader.configuration.settings import SECTIONS

ID = "https://bmsreader.invalid/configuration.schema.json"
"""A name, not a place: .invalid is no domain and never will be."""

_TYPES = {"flag": "boolean", "number": "number", "whole": "integer", "texts": "array"}


def schema() -> dict[str, Any]:
    """Return the schema; it allows what the check of a single setting allows, and nothing else."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "bmsreader.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {section.name: _of_section(section) for section in SECTIONS},
    }


def _of_section(section: Section) -> dict[str, Any]:
    required = [row.key for row in section.rows if row.required]
    table: dict[str, Any] = {
        "type": "object",
        "description": section.text,
        "additionalProperties": False,
        "properties": {row.key: of_row(row) for row in section.rows},
        **({"required": required} if required else {}),
    }
    return {"type": "array", "description": section.text, "items": table} if section.many else table


def of_row(row: Row) -> dict[str, Any]:
    """Return the schema of one setting."""
    about = row.about
    unset = f" Not set: {about.unset}." if about.unset else ""
    found: dict[str, Any] = {"type": _TYPES.get(row.kind, "string"), "description": about.text + unset}
    if row.choices:
        found["enum"] = list(row.choices)
    for name, limit in (("minimum", about.least), ("exclusiveMinimum", about.above), ("maximum", about.most)):
        if limit is not None:
            found[name] = int(limit) if row.kind == "whole" else limit
    text: dict[str, Any] = {"type": "string", "pattern": f"^(?:{about.form.pattern})$"} if about.form else {}
    if row.kind == "texts":
        found["items"] = text
    elif row.kind == "path":
        found["minLength"] = 1
    else:
        found |= text
    if row.default is not None and not row.required:
        found["default"] = list(row.default) if row.kind == "texts" else row.default
    if about.secret:
        found["writeOnly"] = True
    return found
