"""`bmsreader completion`: what makes a shell complete commands and options."""

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead: the script under its shell's name.")
@click.pass_context
def command(ctx: click.Context, shell: str, as_json: bool) -> None:
    """Print what makes SHELL complete commands and options.

    \b
    bmsreader completion bash > ~/.local/share/bash-completion/completions/bmsreader
    bmsreader completion zsh > ~/.zfunc/_bmsreader
    bmsreader completion fish > ~/.config/fish/completions/bmsreader.fish
    """
    from click.shell_completion import ShellComplete, get_completion_class

    program = ctx.find_root()
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - the choices are those that click has
    # Not kind.source(): bash's runs bash to see how old it is.
    script = ShellComplete.source(kind(program.command, {}, "bmsreader", "_BMSREADER_COMPLETE"))
    if as_json:
        from bmsreader.cli.terminal import Terminal

        Terminal(as_json=True).json({"shell": shell, "script": script})
    else:
        print(script)
