"""`bmsreader lab`: the group of commands, and that it never talks to a battery."""

import ast
from pathlib import Path

import pytest

import bmsreader.lab
from tests.cli.surroundings import invoke

COMMANDS = ("check", "label", "analyse", "show", "diff", "describe", "report", "export")


def test_the_lab_has_its_commands() -> None:
    result = invoke("lab", "--help")

    assert result.exit_code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in result.stdout] == []


@pytest.mark.slow
def test_the_lab_cannot_write_to_a_battery() -> None:
    """Nothing of it, and of its commands, imports what talks to batteries."""
    folder = Path(bmsreader.lab.__file__).parent
    files = [*folder.rglob("*.py"), *folder.parent.glob("cli/lab*.py")]
    imported = {
        name
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }

    assert len(files) > 50
    talking = ("bmsreader.links", "bmsreader.session", "bmsreader.simulator", "bmsreader.gateway", "bleak", "asyncio")
    assert [name for name in imported if name.startswith(talking)] == []
