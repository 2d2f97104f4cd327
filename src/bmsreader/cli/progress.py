"""A bar on standard error for work that takes its time; nothing where nobody looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmsreader.cli.terminal import Terminal

Progress = Callable[[float, float], None]
"""Called with how much is done, and of how much; 0 when that is not known."""


@contextmanager
def progress_bar(terminal: "Terminal", text: str) -> Iterator[Progress]:
    """Show a bar as long as the work goes on; it is gone afterwards."""
    if not terminal.shows_progress:
        yield lambda _done, _whole: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=terminal.err, transient=True) as bar:
        task = bar.add_task(text, total=None)

        def tell(done: float, whole: float) -> None:
            bar.update(task, completed=done, total=whole or None)

        yield tell
