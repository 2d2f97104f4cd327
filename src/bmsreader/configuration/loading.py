"""Load the configuration: all layers put together and checked, and all that is wrong said at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bmsreader.configuration.about import Row, Section
from bmsreader.configuration.crosschecks import ADDRESS, findings
from bmsreader.configuration.layers import Given, Layers, Place, Problem
from bmsreader.configuration.places import find
from bmsreader.configuration.secretfiles import credential, credential_names, is_public, readable_problem, secret_in
from bmsreader.configuration.settings import SECTIONS, Configuration
from bmsreader.configuration.values import value_of
from bmsreader.model.errors import ConfigurationError


def load(
    path: Path | None,
    *,
    environment: Mapping[str, str],
    credentials: Path | None,
    overrides: Mapping[str, str] | None = None,
    protocols: Collection[str] | None = None,
) -> Configuration:
    """Return the configuration: the command's ``overrides`` before environment, credentials, file and defaults.

    ``path`` None means the usual places, and the defaults when there is no file. ``overrides`` are texts by name, such
    as ``{"mqtt.host": "broker"}``, ``protocols`` the ids of the known descriptions, by default of those shipped.
    Raise ConfigurationError; its message has one line for each problem, with file, line and key.
    """
    path = find(environment) if path is None else path
    layers = Layers()
    if path is not None:
        layers.add_file(path)
    layers.add_environment(environment)
    layers.add_overrides(overrides or {})
    for section in SECTIONS:
        if not section.optional:
            layers.tables.setdefault((section.name, 0), Given(raw={}, origin=str(path or "defaults")))
    return _Loading(layers=layers, path=path, credentials=credentials).configuration(protocols)


@dataclass(slots=True, kw_only=True)
class _Loading:
    """The state of one loading: values by place, and where they came from."""

    layers: Layers
    path: Path | None
    credentials: Path | None
    values: dict[Place, Any] = field(default_factory=dict)
    origins: dict[Place, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def configuration(self, protocols: Collection[str] | None) -> Configuration:
        for section in SECTIONS:
            for number in range(self.layers.count(section.name)):
                self._table(section, number)
        self._check_between(protocols)
        self._warn_of_public_file()
        self._raise_problems()
        settings = {section.attribute: self._settings(section) for section in SECTIONS}
        return Configuration(
            source=str(self.path) if self.path else "defaults",
            origins={self._name(place): origin for place, origin in self.origins.items()},
            warnings=tuple(self.warnings),
            **settings,
        )

    def _table(self, section: Section, number: int) -> None:
        """Find the values of one table: defaults, what was given, and secrets from their files."""
        for row in section.rows:
            place = section.name, number, row.key
            given = self.layers.given.get(place)
            if given is not None:
                self._take(row, place, given)
            elif row.required:
                head = self.layers.tables[section.name, number]
                self._wrong(head, place, f"is missing; {section.head} needs it")
            else:
                self.values[place] = row.default
        for row in section.rows:
            if row.about.secret:
                self._take_credential(section, row, (section.name, number, row.key))
            if row.about.reads:
                self._read_secret(row.about.reads, (section.name, number, row.key))

    def _take(self, row: Row, place: Place, given: Given) -> None:
        try:
            value = value_of(row, given.raw, folder=given.folder)
            if row.about.exists and (problem := readable_problem(value)):
                raise ConfigurationError(problem)
        except ConfigurationError as error:
            self._wrong(given, place, str(error))
            return
        self.values[place] = value.upper() if row.key == "address" and ADDRESS.fullmatch(value) else value
        self.origins[place] = given.origin

    def _take_credential(self, section: Section, row: Row, place: Place) -> None:
        """Let a credential of systemd win over the file, but not over environment and command."""
        given = self.layers.given.get(place)
        if self.credentials is None or (given is not None and not given.line):
            return
        where = given or Given(raw="", origin=f"credentials in {self.credentials}")
        try:
            found = credential(self.credentials, credential_names(*place, many=section.many))
            if found is None:
                return
            where = Given(raw=found[1], origin=f"credential {found[0]}")
            self.values[place] = value_of(row, found[1], folder=Path())
            self.origins[place] = where.origin
        except ConfigurationError as error:
            self._wrong(where, place, str(error))

    def _read_secret(self, key: str, place: Place) -> None:
        """Read the secret that another setting names the file of."""
        section, number, _ = place
        file, secret = self.values.get(place), (section, number, key)
        if file is None:
            return
        given = self.layers.given[place]
        other = self.layers.given.get(secret)
        if other is not None:
            self._wrong(given, place, f"the same secret is given by {section}.{key} too ({other.origin}): keep one")
            return
        if secret in self.origins:  # a credential
            return
        try:
            row = next(row for one in SECTIONS if one.name == section for row in one.rows if row.key == key)
            self.values[secret] = value_of(row, secret_in(file), folder=Path())
            self.origins[secret] = f"file {file}"
        except ConfigurationError as error:
            self._wrong(given, place, str(error))
            return
        if is_public(file):
            self._warn(given, place, f"every user of this computer can read {file}: chmod 600 {file}")

    def _check_between(self, protocols: Collection[str] | None) -> None:
        """Look at what belongs together."""
        if protocols is None:
            from bmsreader.descriptions.catalogue import shipped_ids

            protocols = shipped_ids()
        tables = {section.name: self._tables_of(section) for section in SECTIONS}
        for finding in findings(tables, protocols=protocols):
            place = finding.section, finding.number, finding.key
            where = self.layers.given.get(place) or self.layers.tables[finding.section, finding.number]
            if place in self.origins and place not in self.layers.given:
                where = Given(raw=None, origin=self.origins[place])
            note = self._warn if finding.is_warning else self._wrong
            note(where, place, finding.words)

    def _warn_of_public_file(self) -> None:
        """Say so when passwords stand in a file that everybody can read."""
        if self.path is None or not is_public(self.path):
            return
        for section in SECTIONS:
            for (name, number, key), given in self.layers.given.items():
                row = next((row for row in section.rows if row.key == key and row.about.secret), None)
                if name == section.name and row is not None and given.line:
                    words = "every user of this computer can read this file: put the secret into a file of its own"
                    self._warn(given, (name, number, key), f"{words} ({key}_file)")

    def _tables_of(self, section: Section) -> list[dict[str, Any]]:
        return [
            {
                row.key: self.values[place]
                for row in section.rows
                if (place := (section.name, number, row.key)) in self.values
            }
            for number in range(self.layers.count(section.name))
        ]

    def _settings(self, section: Section) -> Any:
        built = tuple(section.settings(**values) for values in self._tables_of(section))
        return built if section.many else built[0] if built else None

    def _wrong(self, where: Given, place: Place, words: str) -> None:
        words = f"{self._name(place)}: {words}"
        self.layers.problems.append(Problem(origin=where.origin, line=where.line, words=words))

    def _warn(self, where: Given, place: Place, words: str) -> None:
        self.warnings.append(f"{where.origin}: {self._name(place)}: {words}")

    @staticmethod
    def _name(place: Place) -> str:
        """Return the name of a setting as the command and error messages have it: ``mqtt.host``, ``battery.0.name``."""
        section, number, key = place
        many = next(one.many for one in SECTIONS if one.name == section)
        return f"{section}.{number}.{key}" if many else f"{section}.{key}"

    def _raise_problems(self) -> None:
        if self.layers.problems:
            problems = sorted(self.layers.problems, key=lambda problem: problem.line)
            raise ConfigurationError("\n".join(map(str, problems)))
