"""`bmsreader config`: every setting explained, a file checked, and what is in effect."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmsreader.configuration.settings import Configuration

overrides = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    help="A setting that wins over file and environment, such as gateway.interval=5. May be given several times.",
)
file = click.argument("file", required=False, type=click.Path(path_type=Path))


@click.group()
def command() -> None:
    """Show every setting with its meaning, check a file, or show what is in effect and why.

    The settings are in one file, `bmsreader.toml`. It is looked for where BMSREADER_CONFIG says, in /etc/bmsreader and
    in the user's configuration folder; without any file the defaults hold. Variables such as
    BMSREADER__MQTT__HOST win over the file, and `--set` wins over both.

    \b
    bmsreader config example > bmsreader.toml
    bmsreader config check bmsreader.toml
    bmsreader config show
    """


@command.command()
def example() -> None:
    """Print a file with every setting, its meaning and its default, ready to be changed.

    \b
    bmsreader config example > bmsreader.toml
    """
    from bmsreader.configuration import writing

    print(writing.example(), end="")


@command.command()
def schema() -> None:
    """Print the JSON Schema of the file, for editors that check while you type.

    \b
    bmsreader config schema > bmsreader.schema.json
    """
    import json

    from bmsreader.configuration.schema import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))


@command.command()
@file
@overrides
@options.as_json
@options.quiet
def check(file: Path | None, overrides: "Sequence[str]", as_json: bool, quiet: bool) -> None:
    """Check FILE, or the file that would be used, and say everything that is wrong with it, with its line.

    Ends with 0 when it can be used, also when there are warnings, else with 2.

    \b
    bmsreader config check
    bmsreader config check bmsreader.toml
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.model.errors import ConfigurationError

    terminal = Terminal(as_json=as_json, quiet=quiet)
    problems: list[str] = []
    warnings: tuple[str, ...] = ()
    source = str(file)
    try:
        configuration = load(file, overrides)
        source, warnings = configuration.source, configuration.warnings
    except ConfigurationError as error:
        problems = str(error).splitlines()
    if as_json:
        terminal.json({"file": source, "ok": not problems, "problems": problems, "warnings": warnings})
    else:
        for warning in warnings:
            terminal.warn(f"warning: {warning}")
        for problem in problems:
            terminal.warn(problem)
        if not problems and not quiet:
            terminal.line(f"{source}: {'all is well' if not warnings else 'can be used'}")
    if problems:
        raise SystemExit(ConfigurationError.exit_code)


@command.command()
@file
@overrides
@options.as_json
def show(file: Path | None, overrides: "Sequence[str]", as_json: bool) -> None:
    """Show every setting in effect and where it came from; passwords and tokens are shown as ***.

    \b
    bmsreader config show
    bmsreader config show --json
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.configuration import writing

    configuration = load(file, overrides)
    terminal = Terminal(as_json=as_json)
    for warning in configuration.warnings:
        terminal.warn(f"warning: {warning}")
    if as_json:
        terminal.json(writing.as_data(configuration))
    else:
        terminal.line(writing.as_toml(configuration).rstrip("\n"))


def load(file: Path | None, overrides: "Sequence[str]" = ()) -> "Configuration":
    """Return the configuration of this run: the command before environment, credentials, file and defaults.

    Raise ConfigurationError, or UsageError where ``overrides`` are no ``KEY=VALUE``.
    """
    import os

    from bmsreader.cli.catalogue import lazy_codecs, owners_folder
    from bmsreader.configuration import loading, places
    from bmsreader.descriptions.catalogue import shipped_ids
    from bmsreader.model.errors import UsageError

    pairs = [one.partition("=") for one in overrides]
    wrong = next((key for key, equals, _ in pairs if not equals), None)
    if wrong is not None:
        raise UsageError(f"--set {wrong}: a value is missing", advice=f"Write --set {wrong}=VALUE.")
    own = Path(owners_folder()).is_dir()
    return loading.load(
        file,
        environment=os.environ,
        credentials=places.credentials_folder(os.environ),
        overrides={key.strip(): value.strip() for key, _, value in pairs},
        protocols=[codec.id for codec in lazy_codecs()] if own else shipped_ids(),
    )
