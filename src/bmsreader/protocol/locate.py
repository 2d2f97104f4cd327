"""Where a key stands in a description file, so that an error can name its line."""

import re
from collections.abc import Sequence

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r'^\s*("[^"]+"|[\w-]+)\s*(?:\.[\w.-]+\s*)?=')


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the 1-based line of the key that ``path`` names, or of the nearest table or key above it."""
    wanted = [str(part) for part in path]
    table: list[str] = []
    arrays: dict[str, int] = {}
    best_line, best_score = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE.match(line):
            table = _table_path(match, arrays)
            here = table
        elif match := _KEY.match(line):
            here = [*table, match.group(1).strip('"')]
        else:
            continue
        score = len(here) if wanted[: len(here)] == here else 0
        if score > best_score:
            best_line, best_score = number, score
    return best_line


def _table_path(match: re.Match[str], arrays: dict[str, int]) -> list[str]:
    name = match.group(2)
    path = [part.strip().strip('"') for part in name.split(".")]
    if match.group(1) == "[[":
        arrays[name] = arrays.get(name, -1) + 1
        path.append(str(arrays[name]))
    return path
