"""The files that the laws look at: everything that git tracks, or would track once it is added."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("src", "tests", "scripts", "benchmarks", "examples")
GIT_LIST = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
MADE_BY_MAKE = {"__pycache__", "build", "dist"}


@cache
def tracked() -> tuple[Path, ...]:
    """Return all files of the repository, relative to its root, without those that git ignores."""
    listed = listed_by_git() if shutil.which("git") and (ROOT / ".git").exists() else found_in_folders()
    return tuple(sorted(path for path in listed if (ROOT / path).is_file()))


def listed_by_git() -> list[Path]:
    listed = subprocess.run(GIT_LIST, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in listed.splitlines()]


def found_in_folders() -> list[Path]:
    """Return what git would list, on a machine without git or in a source archive."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    hidden = {".ci", ".gitignore"}
    return [
        path for path in found if not any(part in MADE_BY_MAKE or part[0] == "." for part in {*path.parts} - hidden)
    ]


def python_files() -> tuple[Path, ...]:
    return tuple(path for path in tracked() if path.suffix == ".py" and path.parts[0] in CODE_FOLDERS)


def package_files() -> tuple[Path, ...]:
    """Return the modules of the package itself, relative to src/bmsreader."""
    package = Path("src/bmsreader")
    return tuple(path.relative_to(package) for path in python_files() if path.is_relative_to(package))


@cache
def text_of(path: Path) -> str:
    """Return a file's text; bytes that are no text (a capture, a picture) come out as replacement characters."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")
