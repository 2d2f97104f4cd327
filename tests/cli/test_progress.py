"""A bar while something takes its time."""

import io
from functools import cached_property

from rich.console import Console

from bmsreader.cli.progress import progress_bar
from bmsreader.cli.terminal import Terminal


class Watched(Terminal):
    """A terminal that somebody looks at."""

    @property
    def shows_progress(self) -> bool:
        return True

    @cached_property
    def err(self) -> Console:
        return Console(file=io.StringIO(), force_terminal=True, width=80)


def test_who_looks_sees_how_far_it_is() -> None:
    terminal = Watched()
    with progress_bar(terminal, "exporting") as tell:
        tell(5, 10)
        tell(5, 0)

    assert isinstance(terminal.err.file, io.StringIO)
    assert "exporting" in terminal.err.file.getvalue()


def test_nobody_looks_at_a_file() -> None:
    with progress_bar(Terminal(), "exporting") as tell:
        tell(1, 2)
