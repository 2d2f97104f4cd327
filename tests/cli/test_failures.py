"""One sentence, one next step, an exit code, and never a traceback."""

import click
import pytest

from bmsreader.cli.failures import report
from bmsreader.model import errors
from tests.cli.executable import run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("no"), 2),
        (errors.DescriptionError("no"), 2),
        (errors.NothingFound("no"), 3),
        (errors.NoAnswer("no"), 4),
        (errors.CorruptAnswer("no"), 4),
        (errors.LinkLost("no"), 4),
        (errors.NoBluetooth("no"), 5),
        (errors.WriteRefused("no"), 1),
        (ZeroDivisionError("division by zero"), 1),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.BadParameter("no such thing"), 2),
        (FileNotFoundError(2, "No such file", "night.jsonl"), 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_each_failure_has_its_exit_code(error: BaseException, code: int) -> None:
    assert report(error) == code


def test_the_owner_gets_one_sentence_and_one_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    report(errors.BatteryBusy("02:00:07:00:00:01 refuses the connection"))

    sentence, advice = capsys.readouterr().err.splitlines()
    assert sentence == "bmsreader: 02:00:07:00:00:01 refuses the connection."
    assert "phone app" in advice


def test_what_failed_first_in_several_tasks_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(ExceptionGroup("tasks", [errors.NoAnswer("silent"), ValueError()])) == 4
    assert "silent" in capsys.readouterr().err


def test_a_bug_says_that_it_is_one_and_shows_its_traceback_only_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report(ZeroDivisionError("division by zero"))
    calm = capsys.readouterr().err
    monkeypatch.setenv("BMSREADER_DEBUG", "1")
    report(ZeroDivisionError("division by zero"))

    assert "this is a bug of bmsreader: ZeroDivisionError: division by zero" in calm
    assert "Traceback" not in calm
    assert "ZeroDivisionError" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("read", "--no-such-option"), ("no-such-command",), ("replay", "/nonexistent")])
@pytest.mark.slow
def test_wrong_usage_is_a_sentence_and_a_hint(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 2
    assert result.stderr.startswith("bmsreader: ")
