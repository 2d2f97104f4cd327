"""Nothing half-done, nothing of one machine and no package registry's name is in the repository."""

import re
from pathlib import Path

import pytest

from tests.laws.source import text_of, tracked

FEWEST_FILES = 40

# Written in two parts each, so that this file obeys its own laws.
REGISTRY_HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "pi" + "wheels",
)
LEFTOVERS = ("TO" + "DO", "FIX" + "ME", "X" + "XX", "raise NotImplemented" + "Error", "not yet " + "implemented")
PATHS_OF_ONE_MACHINE = ("/" + "work/", "/" + "tmp/v/", "/" + "root/", "/" + "opt/pypi")


def files_with(words: tuple[str, ...]) -> list[str]:
    """Return "file: word" for each of the words that stands alone in a tracked file (LICENSE and locks included)."""
    patterns = {word: re.compile(rf"(?<!\w){re.escape(word)}(?![A-Z])") for word in words}
    return [
        f"{path}: {word}"
        for path in tracked()
        for word, pattern in patterns.items()
        if word in text_of(path) and pattern.search(text_of(path))
    ]


def test_the_laws_see_the_repository() -> None:
    assert len(tracked()) >= FEWEST_FILES
    assert {Path("Makefile"), Path("pyproject.toml"), Path("LICENSE"), Path("README.md")} <= set(tracked())


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(REGISTRY_HOSTS, id="package registry hosts"),
        pytest.param(LEFTOVERS, id="unfinished work"),
        pytest.param(PATHS_OF_ONE_MACHINE, id="paths of one machine"),
    ],
)
def test_no_file_contains(words: tuple[str, ...]) -> None:
    assert files_with(words) == []


def test_the_changelog_has_a_place_for_what_is_next() -> None:
    sections = re.findall(r"^## \[(.+?)\]", text_of(Path("CHANGELOG.md")), flags=re.MULTILINE)

    assert sections[:1] == ["Unreleased"]
