"""JSON as the page sends it."""

import json
from datetime import datetime
from typing import Any


def as_json(value: Any) -> bytes:
    """Return a value as JSON, without blanks; what is not a number in JSON (infinity) is our bug and raises.

    Half a character, as a hostile name may hold, becomes a question mark.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode(
        errors="replace"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def iso(moment: datetime) -> str:
    """Return a time in UTC as ISO 8601 with a Z."""
    return moment.isoformat().replace("+00:00", "Z")
