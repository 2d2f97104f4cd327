"""A file is one idea, has a name that says which, and a test file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.source import package_files, python_files, text_of, tracked

MAXIMUM_LINES = 400
MAXIMUM_FUNCTION_LINES = 50
NAMES_THAT_SAY_NOTHING = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
FEWEST_FILES = 20  # a law that saw fewer files than this looked in the wrong place


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a file, those within other functions too; expressions hold none, and are not looked at."""
    waiting: list[ast.AST] = [ast.parse(text_of(path))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            inside = getattr(node, name, None)
            if isinstance(inside, list):
                waiting += inside


def test_the_laws_see_the_code() -> None:
    assert len(python_files()) >= FEWEST_FILES
    assert len(package_files()) >= FEWEST_FILES // 2


def test_a_file_has_at_most_400_lines() -> None:
    lengths = {str(path): len(text_of(path).splitlines()) for path in python_files()}

    assert {path: length for path, length in lengths.items() if length > MAXIMUM_LINES} == {}


@pytest.mark.slow
def test_a_function_has_at_most_50_lines() -> None:
    lengths = {
        f"{path}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in python_files()
        if len(text_of(path).splitlines()) > MAXIMUM_FUNCTION_LINES
        for function in functions(path)
    }

    assert {name: length for name, length in lengths.items() if length > MAXIMUM_FUNCTION_LINES} == {}


def test_no_module_is_a_dumping_ground() -> None:
    assert [str(path) for path in python_files() if NAMES_THAT_SAY_NOTHING & {*path.parts[:-1], path.stem}] == []


def test_each_module_has_its_test_file() -> None:
    modules = [path for path in package_files() if not path.stem.startswith("__")]
    expected = [Path("tests") / path.parent / f"test_{path.stem.lstrip('_')}.py" for path in modules]

    assert [str(path) for path in expected if path not in tracked()] == []
