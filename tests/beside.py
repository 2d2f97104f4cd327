"""What takes minutes and mostly waits runs beside the tests, from their beginning on; who judges it comes last.

A test file has such a program as its ``BESIDE``; `tests/conftest.py` begins those of all tests that were chosen.
"""

import enum
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_begun: "list[Beside]" = []


class Turn(enum.IntEnum):
    """When a program runs, and who goes first when all want the processor; the number is its niceness."""

    FIRST = -15
    """At once: it judges times, so that no other machine may run beside it."""
    NEXT = -5
    """When the first ones have ended."""
    WHENEVER = 5
    """At once, behind everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a program."""

    status: int
    told: str
    """What it printed, errors included."""
    folder: Path
    """Its own, with what it left there."""


class Beside:
    """A program beside the tests; its command is made when it begins, for the folder that it is given."""

    def __init__(self, command: Callable[[Path], Sequence[str | Path]], *, turn: Turn) -> None:
        self.turn = turn
        self._command = command
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Its folder, which is locked as long as it runs and somebody waits for its end."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="beside-")
        return Path(self._folder.name)

    def begin(self, after: Iterable[Path] = ()) -> None:
        """Start it, unless it runs; it waits until these folders are locked no more."""
        if self._process is not None:
            return
        command = [*self._command(self.folder)]
        for folder in after:
            command = ["flock", "--shared", folder, *command]
        held = (locked(self.folder),) if self.turn is Turn.FIRST else ()
        with (self.folder / "console").open("wb") as console:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | {"TMPDIR": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=held,
            )
        _begun.append(self)
        for descriptor in held:  # from here on the program alone keeps the lock
            os.close(descriptor)
        give_way(self._process.pid, self.turn)

    def outcome(self) -> Outcome:
        """Wait for its end."""
        self.begin()
        assert self._process is not None
        status = self._process.wait()
        return Outcome(status=status, told=(self.folder / "console").read_text(errors="replace"), folder=self.folder)

    def end(self) -> None:
        """Stop it, if nobody waited for it, and forget its folder."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._folder is not None:
            self._folder.cleanup()
        self._process = self._folder = None


def begin(programs: Iterable[Beside]) -> None:
    """Begin all of them, each in its turn."""
    ordered = sorted(programs, key=lambda one: one.turn)
    first = [one.folder for one in ordered if one.turn is Turn.FIRST]
    for one in ordered:
        one.begin(first if one.turn is Turn.NEXT else ())


def end() -> None:
    """Stop what still runs."""
    while _begun:
        _begun.pop().end()


def locked(folder: Path) -> int:
    """Lock a folder as long as somebody has the file that is returned open."""
    import fcntl  # not on Windows, where none of these programs run

    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def give_way(process: int, niceness: int) -> None:
    """Say who goes first: among the processes of a session, and among sessions where the kernel groups by them.

    Only root, as in CI, may let something go before others; for others it is one among all.
    """
    try:
        os.setpriority(os.PRIO_PGRP, process, niceness)
        Path(f"/proc/{process}/autogroup").write_text(str(niceness))
    except OSError:
        pass
