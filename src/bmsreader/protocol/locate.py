"""Where a key stands in a description file, so that an error can name its line."""

import re
from collections.abc import Sequence

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"""^\s*("[^"]+"|'[^']+'|[\w-]+)\s*(?:\.[\w.-]+\s*)?=""")
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{},\n]|[^\s\[\]{},#"\']+')


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the 1-based line of the key that ``path`` names, or of the nearest table or key above it."""
    wanted = [str(part) for part in path]
    table: list[str] = []
    arrays: dict[str, int] = {}
    best_line, best_score = 1, 0
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if match := _TABLE.match(line):
            table = _table_path(match, arrays)
            here = table
        elif match := _KEY.match(line):
            here = [*table, match.group(1).strip("\"'")]
        else:
            continue
        score = len(here) if wanted[: len(here)] == here else 0
        if score > best_score:
            best_line, best_score = number, score
    if best_score < len(path) and isinstance(path[best_score], int) and best_score:
        rest = "\n".join(lines[best_line - 1 :])
        return best_line + _lines_to_item(rest, int(path[best_score]))
    return best_line


def _table_path(match: re.Match[str], arrays: dict[str, int]) -> list[str]:
    name = match.group(2)
    path = [part.strip().strip("\"'") for part in name.split(".")]
    if match.group(1) == "[[":
        arrays[name] = arrays.get(name, -1) + 1
        path.append(str(arrays[name]))
    return path


def _lines_to_item(text: str, item: int) -> int:
    """Return how many lines below a key the wanted item of its list begins; 0 where it is no list."""
    depth = lines = items = 0
    fresh = False  # the next word or bracket begins an item
    for match in _TOKEN.finditer(text[text.find("=") + 1 :]):
        word = match.group()
        if word == "\n":
            lines += 1
            if depth == 0:
                break
        elif word == "," and depth == 1:
            items, fresh = items + 1, True
        elif not word.startswith("#") and word != ",":
            if fresh and items == item and word not in "]}":
                return lines
            opens = word in ("[", "{")
            fresh = opens and depth == 0
            depth += 1 if opens else -1 if word in ("]", "}") else 0
    return 0
