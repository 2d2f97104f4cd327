"""`bmsreader web`: a password for the dashboard, and a token for programs."""

import os
import sys
from pathlib import Path

import click

from bmsreader.cli import options
from bmsreader.cli.jsontext import encode

MODE_HELP = "Only print the hash: for a file of its own, or a variable."
file = click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
only_print = click.option("--print", "only_print", is_flag=True, help=MODE_HELP)


@click.group()
def command() -> None:
    """Set the password of the dashboard, or a token for programs that ask its API.

    `bmsreader run` serves the dashboard at http://127.0.0.1:8099/, for this computer only. Once there is a password,
    host = "0.0.0.0" in [web] serves it to the whole network.

    \b
    bmsreader web password
    bmsreader web token
    """


@command.command()
@file
@only_print
@options.as_json
def password(file: Path | None, only_print: bool, as_json: bool) -> None:
    """Set the password of the dashboard: its hash is written into FILE, or the file that is in use.

    It is asked for twice, or read from standard input.

    \b
    bmsreader web password
    pwgen 20 1 | bmsreader web password
    """
    from bmsreader.web.passwords import checked, hashed

    if sys.stdin.isatty():
        given = click.prompt("New password", hide_input=True, confirmation_prompt="Again", err=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    found = hashed(checked(given))
    place = None if only_print else written(file, "password", found)
    if as_json:
        print(encode({"hash": found, "file": place and str(place)}))
    elif place is None:
        print(found)
    else:
        print(f"{place}: the password is set; `bmsreader reload` takes it into use")


@command.command()
@file
@only_print
@options.as_json
def token(file: Path | None, only_print: bool, as_json: bool) -> None:
    """Make a token for programs, and print it once; its hash is written into FILE, or the file that is in use.

    A token that was there before is no longer good.

    \b
    bmsreader web token
    curl -H "Authorization: Bearer bms_..." http://127.0.0.1:8099/api/v1/batteries
    """
    from bmsreader.web.passwords import hashed_token, new_token

    fresh = new_token()
    found = hashed_token(fresh)
    place = None if only_print else written(file, "token", found)
    if as_json:
        print(encode({"token": fresh, "hash": found, "file": place and str(place)}))
        return
    print(fresh)
    if place is None:
        print(found)
    else:
        print(f"{place}: its hash is set; `bmsreader reload` takes it into use", file=sys.stderr)


def written(file: Path | None, key: str, value: str) -> Path:
    """Write a setting of [web] into the owner's file; return which one. Raise ConfigurationError."""
    from bmsreader.configuration import load
    from bmsreader.configuration.editing import Draft
    from bmsreader.configuration.layers import BY_NAME
    from bmsreader.configuration.replacing import content, place_for, replace, text_of

    path = place_for(os.environ, file)
    draft = Draft(text_of(path, content(path)))
    draft.change(BY_NAME["web"], 0, {key: value, f"{key}_file": None})
    replace(path, draft.text, check=lambda new: (load(new, environment={}, credentials=None), None)[1])
    return path
