"""Shell completion."""

import pytest

from tests.cli.surroundings import invoke, lines_of


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    script = invoke("completion", shell).stdout

    assert "_BMSREADER_COMPLETE" in script
    assert lines_of(invoke("completion", shell, "--json"))[0]["script"].strip() == script.strip()


def test_commands_complete_with_their_help() -> None:
    result = invoke(_BMSREADER_COMPLETE="bash_complete", COMP_WORDS="bmsreader re", COMP_CWORD="1")

    wanted = {"read", "record", "release", "reload", "replay"}
    assert set(result.stdout.split()) == {f"plain,{name}" for name in wanted}


def test_protocols_complete() -> None:
    result = invoke(_BMSREADER_COMPLETE="bash_complete", COMP_WORDS="bmsreader protocols e", COMP_CWORD="2")

    assert result.stdout.split() == ["plain,ej", "plain,ej2"]
