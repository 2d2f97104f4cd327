"""What the checks between settings find."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]
"""The settings of one table that are right; a required one that is missing or wrong is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong or odd between settings."""

    section: str
    number: int
    key: str
    words: str
    is_warning: bool = False
