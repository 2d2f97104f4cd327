"""What the owner is told when something fails: one sentence, one next step, and an exit code for scripts."""

import errno
import os
import sys

import click

from bmsreader.model.errors import BmsReaderError, ConfigurationError

INTERRUPTED = 130
BROKEN_PIPE = 141
"""What a shell reports of programs whose reader went away; 128 + SIGPIPE."""
USAGE = 2
BUG = 1


def report(error: BaseException) -> int:
    """Tell the owner what went wrong on standard error, and return the exit code."""
    error = _first(error)
    if isinstance(error, BrokenPipeError):
        return _silence()
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return USAGE
    if isinstance(error, click.UsageError):
        where = error.ctx.command_path if error.ctx is not None else "bmsreader"
        tell(error.format_message(), f"`{where} --help` lists what is possible.")
        return USAGE
    if isinstance(error, click.ClickException):
        tell(error.format_message(), "")
        return USAGE
    if isinstance(error, BmsReaderError):
        *others, last = _problems(error)
        for problem in others:
            tell(problem, "")
        tell(last, error.advice)
        _explain(error)
        return error.exit_code
    if isinstance(error, OSError) and error.filename is not None:
        tell(f"{error.filename}: {error.strerror}", "")
        return USAGE
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
        tell(f"the output cannot be written: {error.strerror}", "Make room, or write somewhere else.")
        return USAGE
    tell(
        f"this is a bug of bmsreader: {type(error).__name__}: {error}",
        "Please report it with the command that you gave, and what `BMSREADER_DEBUG=1` in its environment adds.",
    )
    _explain(error)
    return BUG


def tell(problem: str, advice: str) -> None:
    """Print a problem and its next step on standard error."""
    sentence = problem.strip().rstrip(".").replace("\n", " ")
    print(f"bmsreader: {sentence}{'' if sentence.endswith('?') else '.'}", file=sys.stderr)
    if advice:
        print(advice, file=sys.stderr)


def _problems(error: BmsReaderError) -> list[str]:
    """Return what is wrong; a configuration has one line for each problem."""
    lines = str(error).splitlines() if isinstance(error, ConfigurationError) else []
    return lines or [str(error)]


def _first(error: BaseException) -> BaseException:
    """Return what went wrong first, where several tasks failed together."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _explain(error: BaseException) -> None:
    """Show where in the program it went wrong, for those who asked for it."""
    if os.environ.get("BMSREADER_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)


def _silence() -> int:
    """Let nothing more be written to a reader that went away, the interpreter's own last flush included."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        pass  # standard output is no file here
    return BROKEN_PIPE
