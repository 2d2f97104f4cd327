"""The files that the laws look at: everything that git tracks, or would track once it is added."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("src", "tests", "scripts", "benchmarks", "examples")
GIT_LIST = ("git", "ls-files", "--cached", "--others", "--exclude-standard")


@cache
def tracked() -> tuple[Path, ...]:
    """Return all files of the repository, relative to its root, without those that git ignores."""
    listed = subprocess.run(GIT_LIST, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(path for path in map(Path, listed.splitlines()) if (ROOT / path).is_file()))


def python_files() -> tuple[Path, ...]:
    return tuple(path for path in tracked() if path.suffix == ".py" and path.parts[0] in CODE_FOLDERS)


def package_files() -> tuple[Path, ...]:
    """Return the modules of the package itself, relative to src/bmsreader."""
    package = Path("src/bmsreader")
    return tuple(path.relative_to(package) for path in python_files() if path.is_relative_to(package))


def text_of(path: Path) -> str:
    """Return a file's text; bytes that are no text (a capture, a picture) come out as replacement characters."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")
