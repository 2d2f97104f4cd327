"""The progress of a scan, on standard error."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from bmsreader.cli.words import count

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bmsreader.cli.terminal import Terminal
    from bmsreader.session.discovery import Found


class Listening:
    """A bar that fills while the program listens, and then names what it asks."""

    def __init__(self, terminal: "Terminal", seconds: float, *, probe: bool) -> None:
        self._terminal = terminal
        self._seconds = seconds
        self._probe = probe
        self._progress: Progress | None = None
        self._task: TaskID

    def __enter__(self) -> "Listening":
        if self._terminal.shows_progress:
            self._progress = _progress(self._terminal)
            self._task = self._progress.add_task("listening", total=self._seconds, found="")
            self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def heard(self, all_heard: "Collection[Found]", latest: "Found") -> None:
        """Show how many were heard, and which one was asked last."""
        if self._progress is None:
            return
        batteries = sum(found.is_battery for found in all_heard)
        text = f"{count(batteries, 'battery', 'batteries')}, {count(len(all_heard), 'device')}"
        if latest.proved or latest.problem:
            text += f"; asked {latest.name or latest.address}"
        self._progress.update(self._task, found=text)


def _progress(terminal: "Terminal") -> "Progress":
    """Return a bar that follows the clock."""
    from rich.progress import Progress, ProgressColumn, Task, TextColumn
    from rich.progress_bar import ProgressBar

    class Clock(ProgressColumn):
        """A bar of the time that is over."""

        def render(self, task: "Task") -> ProgressBar:
            return ProgressBar(total=task.total, completed=min(task.elapsed or 0.0, task.total or 0.0), width=24)

    return Progress(
        TextColumn("{task.description}"),
        Clock(),
        TextColumn("{task.fields[found]}"),
        console=terminal.err,
        transient=True,
    )
