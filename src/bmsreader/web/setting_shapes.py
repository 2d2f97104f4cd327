"""The shapes of what the API answers about settings; see ``shapes``."""

from typing import Any, TypedDict

from bmsreader.web.shapes import Number


class SettingProblem(TypedDict):
    """One wrong setting."""

    key: str
    text: str


class SettingsProblem(TypedDict):
    """Why settings were refused."""

    error: str
    advice: str
    problems: list[SettingProblem]


class RowShape(TypedDict):
    """One setting: everything that there is to know about it."""

    key: str
    kind: str
    choices: list[str]
    optional: bool
    required: bool
    default: Any
    text: str
    unset: str
    secret: bool
    least: Number
    above: Number
    most: Number
    example: Any
    toml: str


class SectionShape(TypedDict):
    """One table of the configuration."""

    name: str
    head: str
    many: bool
    optional: bool
    testable: bool
    text: str
    rows: list[RowShape]
    tables: list[dict[str, Any]]
    origins: list[dict[str, str]]


class SettingsShape(TypedDict):
    """The whole configuration as it is in effect."""

    file: str
    stamp: str
    writable: bool
    why_not_writable: str
    warnings: list[str]
    sections: list[SectionShape]
