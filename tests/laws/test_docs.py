"""What a person can use is in the documentation: every command, every option and every battery protocol."""

import re
import tomllib
from pathlib import Path

import click

from tests.laws.source import text_of, tracked

FEWEST_COMMANDS = 8
FEWEST_DESCRIPTIONS = 2
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
"""A link to a file; mkdocs looks after those within docs/."""


def documentation() -> str:
    return "\n".join(text_of(path) for path in tracked() if path.parts[0] == "docs" and path.suffix == ".md")


def commands() -> dict[str, click.Command]:
    from bmsreader.cli import main

    assert isinstance(main, click.Group)
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None and not command.hidden}


def test_each_command_is_in_the_documentation() -> None:
    text = documentation()

    assert len(commands()) >= FEWEST_COMMANDS
    assert [name for name in commands() if f"bmsreader {name}" not in text] == []


def test_each_option_is_in_the_documentation() -> None:
    text = documentation()
    options = {
        f"{name} {option}"
        for name, command in commands().items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }

    assert sorted(option for option in options if option.partition(" ")[2] not in text) == []


def test_each_shipped_description_is_in_the_documentation() -> None:
    folder = Path("src/bmsreader/descriptions")
    files = [path for path in tracked() if path.parent == folder and path.suffix == ".toml"]
    text = documentation()

    assert len(files) >= FEWEST_DESCRIPTIONS
    for path in files:
        description = tomllib.loads(text_of(path))
        assert description["id"] in text
        assert description["name"] in text


def test_each_link_of_the_pages_beside_the_documentation_leads_somewhere() -> None:
    files = {str(path) for path in tracked()}
    folders = {str(parent) for path in tracked() for parent in path.parents}
    linked = [link for page in ("README.md", "CONTRIBUTING.md") for link in LINK.findall(text_of(Path(page)))]

    assert [link for link in linked if link.rstrip("/") not in files | folders] == []
