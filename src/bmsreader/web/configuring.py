"""What the API says of the settings, and how they are changed; and the first battery that an owner names."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.configuration.about import Row, Section
from bmsreader.configuration.editing import Draft
from bmsreader.configuration.settings import SECTIONS, BatterySettings, Configuration
from bmsreader.configuration.writing import example_of, origin_of, shown, tables_of, toml
from bmsreader.model.errors import ConfigurationError, UsageError
from bmsreader.web import asked
from bmsreader.web.answers import answer
from bmsreader.web.editor import Editor, Target, section_of
from bmsreader.web.house import House
from bmsreader.web.refusal import not_found
from bmsreader.web.setting_shapes import RowShape, SectionShape, SettingsShape
from bmsreader.web.shapes import Changed, FoundList
from bmsreader.web.trying import TRIES, settings_of, tried

BATTERY = section_of("battery")


class Configuring:
    """Answers about settings."""

    def __init__(self, house: House, editor: Editor) -> None:
        self._house = house
        self._editor = editor

    async def settings(self, request: Request) -> Response:
        """Return every setting with its meaning, and its value in effect; secrets are not in it."""
        why_not = self._house.why_not_writable()
        configuration = self._house.configuration
        found: SettingsShape = {
            "file": str(self._editor.path),
            "stamp": self._house.stamp,
            "writable": not why_not,
            "why_not_writable": why_not,
            "warnings": [*configuration.warnings],
            "sections": [section_shape(configuration, one) for one in SECTIONS],
        }
        return answer(request, found)

    async def change(self, request: Request) -> Response:
        """Change settings of a table."""
        body = await asked.body(request)
        target, values = self._target(request), _values(body)
        changed = await self._editor.change(target, values, stamp=_stamp(body), scope=request.scope)
        return answer(request, _changed(changed))

    async def add(self, request: Request) -> Response:
        """Add a table."""
        body = await asked.body(request)
        section = section_of(request.path_params["section"])
        changed = await self._editor.add(section, _values(body), stamp=_stamp(body))
        return answer(request, _changed(changed), status=HTTPStatus.CREATED)

    async def remove(self, request: Request) -> Response:
        """Take out a table."""
        body = await asked.body(request)
        changed = await self._editor.remove(self._target(request), stamp=_stamp(body), scope=request.scope)
        return answer(request, _changed(changed))

    async def test(self, request: Request) -> Response:
        """Try settings that are not saved yet."""
        section = section_of(request.path_params["section"])
        if section.settings not in TRIES:
            raise not_found(f"{section.head} has nothing that could be tried")
        body = await asked.body(request)
        number = asked.field(body, "number", int, default=0)
        tables = tables_of(self._house.configuration, section)
        before = tables[number] if 0 <= number < len(tables) else None
        try:
            wanted = settings_of(section, before, _values(body), folder=self._editor.path.parent)
        except ConfigurationError as error:
            return answer(request, {"ok": False, "text": str(error), "advice": ""})
        return answer(request, await tried(wanted))

    # ---- the first battery

    async def found(self, request: Request) -> Response:
        """Return what is in the air."""
        shown: FoundList = {
            "found": [
                {
                    "address": one.address,
                    "name": one.name,
                    "signal": one.signal,
                    "supported": one.supported,
                    "likely": one.likely,
                    "named": one.named,
                }
                for one in self._house.gateway.heard(self._house.codecs)
            ]
        }
        return answer(request, shown)

    async def keep(self, request: Request) -> Response:
        """Name a battery, and keep it."""
        body = await asked.body(request)
        address, name = asked.field(body, "address", str), asked.field(body, "name", str).strip()
        listed = self._house.configuration.batteries
        number = next((at for at, one in enumerate(listed) if one.address.casefold() == address.casefold()), None)
        if number is not None:
            changed = await self._editor.change(Target(section=BATTERY, number=number), {"name": name}, stamp=None)
        elif address.upper() in self._house.simulated:
            changed = await self._keep_simulated(address.upper(), name)
        else:
            changed = await self._editor.add(BATTERY, {"name": name, "address": address}, stamp=None)
        return answer(request, _changed(changed), status=HTTPStatus.CREATED)

    async def _keep_simulated(self, address: str, name: str) -> list[str]:
        """Name a simulated battery; the others are listed too: whoever lists one gets the listed ones only."""
        listed = self._house.configuration.batteries
        names = {one.info.address: one.info.name for one in self._house.gateway.snapshots()}
        tables = []
        for other, number in self._house.simulated.items():
            at = next((at for at, one in enumerate(listed) if _is_simulated(one, other, number)), None)
            if at is not None and other == address:
                return await self._editor.change(Target(section=BATTERY, number=at), {"name": name}, stamp=None)
            if at is None:
                called = name if other == address else names.get(other) or f"Demo {number}"
                tables.append({"name": called, "address": f"simulated:{number}", "id": other})

        def edit(draft: Draft) -> None:
            for table in tables:
                draft.add(BATTERY, table)

        return await self._editor.edit(edit, Target(section=BATTERY, number=len(listed)))

    @staticmethod
    def _target(request: Request) -> Target:
        section = section_of(request.path_params["section"])
        number = request.path_params.get("number")
        if section.many and number is None:
            raise UsageError(f"say which {section.head}: its number, from 0 on, stands behind the name")
        if number is not None and not (number.isascii() and number.isdecimal() and len(number) < 4):
            raise UsageError("a table is named by its number, from 0 on")
        return Target(section=section, number=int(number or 0))


def _is_simulated(one: BatterySettings, address: str, number: int) -> bool:
    return (one.id or "").upper() == address or one.address == f"simulated:{number}"


def section_shape(configuration: Configuration, section: Section) -> SectionShape:
    """Return a table of the configuration with all that is known of it."""
    tables = tables_of(configuration, section)
    named = [f"{section.name}.{number}" if section.many else section.name for number in range(len(tables))]
    return {
        "name": section.name,
        "head": section.head,
        "many": section.many,
        "optional": section.optional,
        "testable": section.settings in TRIES,
        "text": section.text,
        "rows": [row_shape(row) for row in section.rows],
        "tables": [table_values(section, one) for one in tables],
        "origins": [{row.key: origin_of(configuration, f"{name}.{row.key}") for row in section.rows} for name in named],
    }


def row_shape(row: Row) -> RowShape:
    """Return what there is to know about a setting."""
    about = row.about
    return {
        "key": row.key,
        "kind": row.kind,
        "choices": [*row.choices],
        "optional": row.optional,
        "required": row.required,
        "default": None if row.required else _plain(row.default),
        "text": about.text,
        "unset": about.unset,
        "secret": about.secret,
        "least": about.least,
        "above": about.above,
        "most": about.most,
        "example": _plain(example_of(row)),
        "toml": toml(example_of(row)),
    }


def table_values(section: Section, table: Any) -> dict[str, Any]:
    """Return the values of a table; a secret is only said to be there."""
    found: dict[str, Any] = {}
    for row in section.rows:
        value = getattr(table, row.key)
        if row.about.secret:
            found[row.key] = None
            found[f"{row.key}_is_set"] = value is not None
        else:
            found[row.key] = _plain(shown(row, value))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.as_posix()
    return [*value] if isinstance(value, tuple) else value


def _values(body: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = asked.field(dict(body), "values", dict)
    return values


def _stamp(body: Mapping[str, Any]) -> str | None:
    found: str | None = asked.field(dict(body), "stamp", str, default=None)
    return found


def _changed(changed: list[str]) -> Changed:
    return {"changed": changed}
