"""Results go to standard output, everything else to standard error."""

from typing import Any

import pytest
from rich.console import Console

from bmsreader.cli.terminal import Terminal
from bmsreader.session.event import Event, Kind
from tests.cli.executable import run
from tests.cli.surroundings import invoke


def test_results_and_remarks_go_separate_ways(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.line("13.0 V")
    terminal.json({"soc": 17})
    terminal.remark("by the way")

    out, err = capsys.readouterr()
    assert out.splitlines() == ["13.0 V", '{"soc": 17}']
    assert err == "by the way\n"


def test_quiet_leaves_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(quiet=True)
    terminal.remark("by the way")
    terminal.warn("watch out")

    assert capsys.readouterr().err == "bmsreader: watch out\n"


def test_events_are_told_to_those_who_ask(capsys: pytest.CaptureFixture[str]) -> None:
    event = Event(at=1.5, kind=Kind.ANSWERED, duration=0.31, detail="status")
    Terminal().event(event)
    Terminal(verbose=True).event(event, "LT-12V")

    assert capsys.readouterr().err == "    1.500 s  LT-12V  answered (0.31 s): status\n"


@pytest.mark.parametrize(
    ("terminal", "shown"),
    [(True, "  current  byte 11, x\n        0.1, sure\n"), (False, "  current  byte 11, x 0.1, sure\n")],
)
def test_what_a_terminal_has_no_room_for_goes_on_below(
    terminal: bool, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    narrow = Terminal()
    narrow.__dict__["out"] = Console(force_terminal=terminal, width=24)
    narrow.folded("  current  byte 11, x 0.1, sure", indent=11)

    assert capsys.readouterr().out == shown


def test_no_colour_reaches_a_pipe() -> None:
    assert "\x1b" not in invoke("read", "simulated").stdout


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["FORCE_COLOR", "NO_COLOR", "dumb terminal"],
)
def test_colours_follow_the_environment(environment: dict[str, Any], coloured: bool) -> None:
    result = invoke("protocols", "ej", **environment)

    assert ("\x1b[3" in result.stdout) is coloured


@pytest.mark.slow
def test_a_terminal_without_unicode_gets_ascii_bars() -> None:
    result = run("read", "simulated", environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

    assert result.returncode == 0
    assert result.stdout.isascii()
    assert "####" in result.stdout
