"""Every dependency is locked to one version with its hashes, and the lock agrees with what the project asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.laws.source import text_of

PROJECT = tomllib.loads(text_of(Path("pyproject.toml")))
RUNTIME = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
EXTRAS = PROJECT["project"]["optional-dependencies"]
WANTED = {
    "runtime": RUNTIME,
    "dev": [*RUNTIME, *EXTRAS["simulator"], *EXTRAS["dev"]],
    "bench": [*RUNTIME, *EXTRAS["simulator"], *EXTRAS["bench"]],
}


def locked(name: str) -> set[tuple[str, Version]]:
    """Return package and version of each pin; a package has several where its versions differ between systems."""
    pins = re.findall(r"^([a-z0-9._-]+)==(\S+)", text_of(Path(f"requirements/{name}.txt")), flags=re.MULTILINE)
    return {(package, Version(version)) for package, version in pins}


@pytest.mark.parametrize("name", WANTED)
def test_the_lock_has_all_that_the_project_asks_for(name: str) -> None:
    pins = locked(name)
    wanted = [Requirement(line) for line in WANTED[name] if not line.startswith("bmsreader")]

    assert len(wanted) >= len(PROJECT["project"]["dependencies"])
    assert [str(one) for one in wanted if not any(one.name == p and v in one.specifier for p, v in pins)] == []


@pytest.mark.parametrize("name", WANTED)
def test_each_locked_package_has_hashes(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text_of(Path(f"requirements/{name}.txt")))[1:]

    assert len(entries) == len(locked(name))
    assert [entry.partition("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ["dev", "bench"])
def test_all_environments_run_the_same_versions(name: str) -> None:
    assert locked("runtime") <= locked(name)
