"""Where results and remarks go: results to standard output, everything else to standard error."""

import sys
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.status import Status

    from bmsreader.session.event import Event

PLAIN_WIDTH = 120
"""Columns of a table that goes to a file or another program."""


class Terminal:
    """Standard output and standard error under the wishes of the owner: JSON or not, quiet, verbose."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False, verbose: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.verbose = verbose
        if verbose:
            _show_logs()

    @cached_property
    def out(self) -> "Console":
        """The console for tables: colours only on a terminal, and as NO_COLOR, FORCE_COLOR and TERM=dumb wish."""
        return console(sys.stdout)

    @cached_property
    def err(self) -> "Console":
        """The console for progress."""
        return console(sys.stderr)

    @property
    def shows_progress(self) -> bool:
        """Whether progress may be drawn."""
        return not self.quiet and not self.verbose and sys.stderr.isatty() and not self.err.is_dumb_terminal

    @property
    def is_live(self) -> bool:
        """Whether a table on standard output can be drawn again and again."""
        return not self.as_json and self.out.is_terminal and not self.out.is_dumb_terminal

    def show(self, drawing: "RenderableType") -> None:
        """Print a table or panel as result."""
        self.out.print(drawing)
        sys.stdout.flush()

    def line(self, text: str) -> None:
        """Print a line as result, at once."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def folded(self, text: str, *, indent: int) -> None:
        """Print a line as result; on a terminal what does not fit goes on below, so many columns from the left."""
        if self.out.is_terminal and len(text) > self.out.width:
            import textwrap

            below = " " * min(indent, self.out.width // 3)
            text = textwrap.fill(text, self.out.width, subsequent_indent=below, break_on_hyphens=False)
        self.line(text)

    def json(self, item: Any) -> None:
        """Print an object as one line of JSON, at once."""
        from bmsreader.cli.jsontext import encode

        self.line(encode(item))

    def remark(self, text: str) -> None:
        """Tell something that is no result, unless the owner wants quiet."""
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def warn(self, text: str) -> None:
        """Tell what went wrong, also to an owner who wants quiet."""
        print(f"bmsreader: {text}", file=sys.stderr, flush=True)

    def working(self, text: str) -> "AbstractContextManager[Status | None]":
        """Show that something takes its time, as long as it does; the text can be updated meanwhile."""
        return self.err.status(f"{text} ...", spinner="line") if self.shows_progress else nullcontext()

    def event(self, event: "Event", battery: str = "") -> None:
        """Tell what a session did, if the owner wants to know."""
        if not self.verbose:
            return
        took = "" if event.duration is None else f" ({event.duration:.2f} s)"
        detail = f": {event.detail}" if event.detail else ""
        print(f"{event.at:9.3f} s  {battery}  {event.kind}{took}{detail}", file=sys.stderr, flush=True)


def console(stream: Any) -> "Console":
    """Return a console on a stream; into a file or pipe it writes plain text of a fixed width."""
    from rich.console import Console

    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def _show_logs() -> None:
    """Show what the libraries log, on standard error."""
    import logging

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(relativeCreated)9.0f ms  %(name)s  %(message)s"
    )
