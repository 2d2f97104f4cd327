"""Change the owner's settings from the page: checked as the file is, written as a whole, and taken into use at once."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.types import Scope

from bmsreader.configuration import renaming
from bmsreader.configuration.about import Row, Section
from bmsreader.configuration.editing import Draft
from bmsreader.configuration.layers import BY_NAME
from bmsreader.configuration.replacing import content, replace, stamp_of, text_of
from bmsreader.configuration.values import value_of
from bmsreader.configuration.writing import HIDDEN, origin_of, shown, tables_of
from bmsreader.model.errors import ConfigurationError, OwnerError
from bmsreader.web import staying
from bmsreader.web.house import House
from bmsreader.web.passwords import checked, hashed, is_hash
from bmsreader.web.refusal import Refused

CHANGED_BY_HAND = "the settings file was changed meanwhile"
LOOK_AGAIN = "`bmsreader reload` takes it into use; then look at it again, and change it."
PROBLEM = re.compile(r"(?P<origin>.*?): (?P<name>[a-z]+(?:\.\d+)?\.[a-z_]+): (?P<words>.*)")
"""A line of what the check of a file says."""

MASKED = f"has {HIDDEN} where a secret was: write the secret there again"
ELSEWHERE = ("environment ", "credential ", "--set ")
"""How the origins of settings begin that stand in no file."""

Edit = Callable[[Draft], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A table of the file, as a request names it."""

    section: Section
    number: int = 0

    def name(self, key: str) -> str:
        """Return the name of a setting as the configuration's messages have it."""
        return f"{self.section.name}.{self.number}.{key}" if self.section.many else f"{self.section.name}.{key}"


@dataclass(slots=True, kw_only=True)
class Editor:
    """The owner's file. One change after the other."""

    house: House
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def path(self) -> Path:
        """The file."""
        return self.house.file

    async def change(
        self, target: Target, values: Mapping[str, Any], *, stamp: str | None, scope: Scope | None = None
    ) -> list[str]:
        """Set settings of a table, or take them out (None). Return what changed, in words; raise Refused.

        ``scope`` is the request that asks for it: its sender must not be shut out.
        """
        values = await self._checked(target, values)
        return await self._write(
            lambda draft: renaming.change(draft, target.section, target.number, values), target, stamp, scope
        )

    async def add(self, section: Section, values: Mapping[str, Any], *, stamp: str | None) -> list[str]:
        """Add a table. Return what changed, in words; raise Refused."""
        number = self._count(section)
        target = Target(section=section, number=number)
        self._check_origin(section, number)
        values = await self._checked(target, values)
        return await self._write(lambda draft: _add(draft, section, values), target, stamp)

    def _check_origin(self, section: Section, count: int) -> None:
        """Raise Refused where tables come from the environment: their numbers would meet those of the file."""
        for number in range(count):
            for row in section.rows:
                origin = origin_of(self.house.configuration, Target(section=section, number=number).name(row.key))
                if origin.startswith(("environment ", "--set ")):
                    raise refused({}, f"{section.head} is set by {origin}: add one there")

    async def remove(self, target: Target, *, stamp: str | None, scope: Scope | None = None) -> list[str]:
        """Take out a table, as ``change`` does settings. Return what changed, in words; raise Refused."""
        self._check_origin(target.section, self._count(target.section))
        return await self._write(lambda draft: draft.remove(target.section, target.number), target, stamp, scope)

    async def edit(self, edit: Edit, target: Target) -> list[str]:
        """Change the file in a way of one's own."""
        return await self._write(edit, target, None)

    def _count(self, section: Section) -> int:
        found: Any = getattr(self.house.configuration, section.attribute)
        return len(found) if section.many else 0

    # ---- before it is written

    async def _checked(self, target: Target, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as the file has them; raise Refused with all that is wrong with single ones."""
        rows = {row.key: row for row in target.section.rows}
        found: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for key, raw in values.items():
            row = rows.get(key)
            if row is None:
                problems[key] = "there is no such setting"
                continue
            if is_hidden(row, raw, self._before(target)):
                continue
            try:
                found[key] = await self._value(target, row, raw)
            except OwnerError as error:
                problems[key] = str(error)
        if problems:
            raise refused(problems)
        return found

    def _before(self, target: Target) -> Any:
        """Return the settings of a table as they are in effect; None when there is no such table."""
        tables = tables_of(self.house.configuration, target.section)
        return tables[target.number] if target.number < len(tables) else None

    async def _value(self, target: Target, row: Row, raw: Any) -> Any:
        origin = origin_of(self.house.configuration, target.name(row.key))
        if origin.startswith(ELSEWHERE):
            raise ConfigurationError(f"is set by {origin}: it cannot be changed here")
        if is_masked(row, raw):
            raise ConfigurationError(MASKED)
        if raw is None:
            if row.required:
                raise ConfigurationError("must be set")
            return None
        if target.section.name == "web" and row.key == "password" and isinstance(raw, str) and not is_hash(raw):
            return await asyncio.to_thread(hashed, checked(raw))
        value_of(row, raw, folder=self.path.parent)
        return raw

    # ---- writing

    async def _write(self, edit: Edit, target: Target, stamp: str | None, scope: Scope | None = None) -> list[str]:
        async with self._turn:
            if problem := self.house.why_not_writable():
                raise Refused(HTTPStatus.CONFLICT, problem, advice=advice_to_write(self.path))
            before = content(self.path)
            if stamp_of(before) != self.house.stamp or stamp not in (None, self.house.stamp):
                raise Refused(HTTPStatus.CONFLICT, CHANGED_BY_HAND, advice=LOOK_AGAIN)
            try:
                draft = Draft(text_of(self.path, before))
                edit(draft)
                await asyncio.to_thread(replace, self.path, draft.text, check=partial(self._check, scope))
            except ConfigurationError as error:
                raise refused(*_problems(str(error), target), advice=error.advice) from error
            try:
                return list(await self.house.reload())
            except OwnerError as error:
                await asyncio.to_thread(self._put_back, before)
                raise refused({}, str(error), advice=error.advice) from error

    def _check(self, scope: Scope | None, path: Path) -> None:
        staying.check(self.house.configuration.web, self.house.check(path).web, scope)

    def _put_back(self, before: bytes | None) -> None:
        if before is None:
            self.path.unlink(missing_ok=True)
        else:
            replace(self.path, before.decode(), check=lambda _: None)


def _add(draft: Draft, section: Section, values: Mapping[str, Any]) -> None:
    draft.add(section, values)


def advice_to_write(path: Path) -> str:
    """Return what an owner can do about a file that cannot be changed."""
    return (
        f"Change {path} yourself and `bmsreader reload`. A systemd service may change it once the file and its folder "
        f"belong to the service's user, and ReadWritePaths={path.parent} is set (`systemctl edit bmsreader`)."
    )


def refused(problems: Mapping[str, str], error: str = "", *, advice: str = "") -> Refused:
    """Return the refusal of settings."""
    listed = [{"key": key, "text": text} for key, text in problems.items()]
    words = error or "; ".join(f"{key} {text}" for key, text in problems.items())
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, words, advice=advice, more={"problems": listed})


def _problems(message: str, target: Target) -> tuple[dict[str, str], str]:
    """Return what the check of a file says of each setting of a table, and what it says besides."""
    own: dict[str, str] = {}
    others: list[str] = []
    for line in message.splitlines():
        found = PROBLEM.fullmatch(line)
        if found is None:
            others.append(line)
        elif found["name"].rpartition(".")[0] == target.name("").rstrip("."):
            own[found["name"].rpartition(".")[2]] = found["words"]
        else:
            others.append(f"{found['name']}: {found['words']}")
    return own, "; ".join([*(f"{key} {text}" for key, text in own.items()), *others])


def section_of(name: str) -> Section:
    """Return a table of the configuration; raise Refused."""
    section = BY_NAME.get(name)
    if section is None:
        raise Refused(HTTPStatus.NOT_FOUND, f"there is no table {name[:60]!r}")
    return section


def is_hidden(row: Row, raw: Any, before: Any) -> bool:
    """Return whether this is what the page was shown instead of a secret: then the secret stays."""
    return before is not None and isinstance(raw, str) and HIDDEN in raw and raw == shown(row, getattr(before, row.key))


def is_masked(row: Row, raw: Any) -> bool:
    """Return whether an address still hides the secret of another one: then nobody knows what it should be."""
    return row.key == "url" and not row.about.secret and isinstance(raw, str) and HIDDEN in raw
