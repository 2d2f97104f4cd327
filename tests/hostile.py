"""Descriptions with one thing changed, as by somebody who means no good, or who mistyped."""

import json
import math
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

CODE = "0).__class__.__base__.__subclasses__()"
TEXTS = [
    CODE,
    "x\nimport os",
    "__import__('os')",
    "",
    "a" * 300,
    "soc",
    "u16",
    "read",
    "\x1b[2J",
    ":0005~",
    "'",
    '"',
    "{",
    "\\",
    "[0]",
    "C[{0..3}]",
    "V.x[9999]",
]
NUMBERS = [-1, 0, 1, 3, 255, 256, 65_536, 2**32, 2**70, 0.0, 1e-320, 1e300, -0.5, math.inf, -math.inf, math.nan]


def shipped_tree(name: str) -> dict[str, Any]:
    """Return a shipped description as plain tables."""
    return deepcopy(_tree(name))


def documented_tree(ident: str) -> dict[str, Any]:
    """Return an example of docs/descriptions.md as plain tables: ``volta`` is binary, ``scribe`` text."""
    page = (Path(__file__).resolve().parents[1] / "docs/descriptions.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    return tomllib.loads(next(text for text in examples if f'"{ident}"' in text))


@cache
def _tree(name: str) -> dict[str, Any]:
    return tomllib.loads(files("bmsreader.descriptions").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def as_toml(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return json.dumps(value, ensure_ascii=True) if isinstance(value, (str, bool, int)) else repr(value)


def document(tree: dict[str, Any]) -> str:
    """Return tables as a TOML document, one line per key."""
    return "\n".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in tree.items())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything below the root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


hostile_values = (
    st.sampled_from(TEXTS)
    | st.sampled_from(NUMBERS)
    | st.booleans()
    | st.text(max_size=8).filter(lambda text: text.isascii())
    | st.integers(-300, 70_000)
    | st.sampled_from([[], {}, [CODE], [1, 2], [[1]], {"x": 1}, [{"bit": 1}], [{}]])
)


@st.composite
def changed_descriptions(draw: st.DrawFn) -> str:
    """Return a description, shipped or documented, with one to three things replaced, removed or renamed."""
    name = draw(st.sampled_from(["ej", "ej2", "volta", "scribe"]))
    tree = shipped_tree(name) if name.startswith("ej") else documented_tree(name)
    for _ in range(draw(st.integers(1, 3))):
        paths = list(places(tree))
        path = paths[draw(st.integers(0, len(paths) - 1))]
        parent = tree
        for key in path[:-1]:
            parent = parent[key]
        change = draw(st.sampled_from(["replace", "replace", "remove", "rename"]))
        if change == "replace":
            parent[path[-1]] = deepcopy(draw(hostile_values))
        elif change == "remove":
            del parent[path[-1]]
        elif isinstance(parent, dict):
            parent[draw(st.sampled_from([*TEXTS, "default", "count", "if", "max", "battery"]))] = parent.pop(path[-1])
    return document(tree)
