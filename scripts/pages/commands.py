"""The reference of the command line, made from the commands themselves."""

import re
from collections.abc import Iterator

import click

from bmsreader.cli.program import COMMANDS, main

HEAD = """# Commands

```text
bmsreader COMMAND [OPTIONS] [ARGUMENTS]
```

`bmsreader --help` lists the commands, `bmsreader COMMAND --help` explains one, `bmsreader --version` says the version.

**BATTERY** is a Bluetooth address (on macOS the UUID that stands for one), a name or the unique beginning of one, a
serial port (`/dev/ttyUSB0`, `COM3`), or `simulated` (also `simulated:1`, `simulated:2`): with a simulated battery every
command can be tried without Bluetooth, over the same code path.

**Streams.** Results go to standard output, everything else to standard error. With `--json` standard output holds JSON
and nothing else, one object in each line. A value that a battery does not report is `null`. Colours and live tables
appear on a terminal only; `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` are respected.

**Exit codes**

| code | meaning |
| --- | --- |
| 0 | a reading (`scan`: a battery was found; `decode`: at least one line was a reading; `doctor`: all is well) |
| 1 | a bug of bmsreader; `BMSREADER_DEBUG=1` in the environment adds the traceback to the report |
| 2 | wrong usage |
| 3 | nothing found: no battery, no running gateway |
| 4 | a battery was found but gave no valid answer |
| 5 | no Bluetooth that could be used |
| 6 | a disk or a server fails |
| 130, 143 | interrupted by Ctrl-C, terminated |
| 141 | the program that read the output went away |

**Your own battery descriptions** are tried before the shipped ones when given with `--description FILE`. Those in the
folder `~/.config/bmsreader/descriptions` (Windows: `%APPDATA%\\bmsreader\\descriptions`, macOS:
`~/Library/Application Support/bmsreader/descriptions`) always count, and one with the id of a shipped one replaces it.
"""


def commands() -> Iterator[tuple[str, str]]:
    """Yield the page of all commands."""
    context = click.Context(main, info_name="bmsreader")
    parts = [HEAD]
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        parts.append(section(name, command, context))
    yield "commands.md", "\n".join(parts)


def section(name: str, command: click.Command, parent: click.Context) -> str:
    """Return the section of one command, and below it those of its own commands."""
    context = click.Context(command, info_name=name, parent=parent)
    path = context.command_path
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    text, examples = explained(command.help or "")
    options = [row for parameter in command.get_params(context) if (row := option_row(parameter, context))]
    table = "\n".join(["| option | meaning |", "| --- | --- |", *options, ""]) if options else ""
    head = "#" * path.count(" ") + "#"
    own = command.commands if isinstance(command, click.Group) else {}
    below = "\n".join(["", *(section(one, sub, context) for one, sub in own.items())]) if own else ""
    return f"{head} {path}\n\n```text\n{usage}\n```\n\n{text}\n\n```sh\n{examples}\n```\n\n{table}{below}"


def explained(help_text: str) -> tuple[str, str]:
    """Return what a command's help says, and its examples."""
    text, _, examples = help_text.partition("\b\n")
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]
    return "\n\n".join(paragraphs), "\n".join(line.strip() for line in examples.strip().splitlines())


def option_row(parameter: click.Parameter, context: click.Context) -> str | None:
    """Return the row of an option; None for an argument."""
    record = parameter.get_help_record(context)
    if record is None or "--help" in parameter.opts or isinstance(parameter, click.Argument):
        return None
    names, meaning = (re.sub(r"\s+", " ", part).replace("|", "\\|") for part in record)
    meaning = re.sub(r"( \[|; )[0-9.]*<?=?x[<>][0-9.=]*", r"\1", meaning).replace("; ]", "]").replace(" []", "")
    return f"| `{names}` | {meaning} |"
