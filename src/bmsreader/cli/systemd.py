"""What `bmsreader service` needs of systemd and of this computer's folders."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bmsreader.cli.unit import NAME
from bmsreader.model.errors import UsageError

HIDDEN_FOLDERS = (Path("/home"), Path("/root"), Path("/run/user"))
"""What a unit with ProtectHome does not see."""
USER = "bmsreader"
"""Of the service; its group may open the control socket."""
TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - looked at, not written to
OPEN = stat.S_IROTH | stat.S_IXOTH

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a program and return what it said."""
    return subprocess.run(command, capture_output=True, text=True, check=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Systemd:
    """The systemd of the computer, or of one user."""

    user: bool = False
    root: Path = Path("/")
    """Where the file system begins; tests have their own."""
    home: Path = Path()
    """The user's folder for settings."""
    is_root: bool = False
    run: Run = run

    @classmethod
    def here(cls, environment: Mapping[str, str], *, user: bool) -> "Systemd":
        """Return the one of this computer."""
        home = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return cls(user=user, home=Path(home), is_root=hasattr(os, "geteuid") and os.geteuid() == 0)

    @property
    def unit(self) -> Path:
        """The unit file."""
        folder = self.home / "systemd/user" if self.user else self.root / "etc/systemd/system"
        return folder / NAME

    @property
    def settings(self) -> Path:
        """The folder of the configuration."""
        return self.home / "bmsreader" if self.user else self.root / "etc/bmsreader"

    @property
    def command(self) -> tuple[str, ...]:
        """The beginning of each systemctl command."""
        return ("systemctl", "--user") if self.user else ("systemctl",)

    def check(self, program: Path, what: str) -> None:
        """Raise UsageError where systemd does not run, or this user may not do it."""
        if not (self.root / "run/systemd/system").is_dir():
            raise UsageError(
                "systemd does not run here, so there is nothing to install the service into",
                advice="Start `bmsreader run` by what starts programs on this system; docs/service.md has examples, "
                "also for containers.",
            )
        if not self.user and not self.is_root:
            raise UsageError(
                f"only root may {what} a service of the computer",
                advice=f"`sudo {program} service {what}`, or `--user` for a service of your own.",
            )
        if self.user and self.is_root:
            raise UsageError("--user is for ordinary users", advice="Leave it out: root installs for the computer.")

    def make_user(self) -> bool:
        """Make the system user of the service if there is none; return whether it was made. Raise UsageError."""
        if self.run(("id", "-u", USER)).returncode == 0:
            return False
        command = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER)
        try:
            done = self.run(command)
        except FileNotFoundError as error:
            raise UsageError("useradd is not installed here", advice=f"Make a system user called {USER}.") from error
        if done.returncode:
            raise UsageError(f"the user {USER} cannot be made: {done.stderr.strip()}")
        return True

    def call(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Call systemctl; raise UsageError with its own words when it refuses."""
        done = self.ask(*arguments)
        if done.returncode:
            unit = "--user -u bmsreader" if self.user else "-u bmsreader"
            raise UsageError(
                f"systemctl {' '.join(arguments)}: {done.stderr.strip() or 'failed'}",
                advice=f"`journalctl {unit} -n 20` says more.",
            )
        return done

    def ask(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Call systemctl and return what it said, whether it succeeded or not."""
        try:
            return self.run((*self.command, *arguments))
        except FileNotFoundError as error:
            raise UsageError("systemctl is not installed here") from error


def program_of_this() -> Path:
    """Return the installed `bmsreader` that runs now."""
    beside = Path(sys.executable).parent / "bmsreader"
    return beside if beside.exists() else Path(sys.argv[0]).absolute()


def folders_of_this() -> tuple[Path, ...]:
    """Return the folders in which Python, its packages and this program lie."""
    import bmsreader

    package = Path(bmsreader.__file__).parents[1]
    return tuple(Path(folder).absolute() for folder in (sys.prefix, sys.base_prefix, package))


def homes_among(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Return those folders that ProtectHome would hide, without those inside another."""
    hidden = {folder for folder in folders if any(folder.is_relative_to(home) for home in HIDDEN_FOLDERS)}
    return tuple(
        sorted(one for one in hidden if not any(one != other and one.is_relative_to(other) for other in hidden))
    )


def check_lasting(folders: Iterable[Path]) -> None:
    """Raise UsageError where the program lies among temporary files: the service has its own."""
    for folder in folders:
        if any(folder.is_relative_to(place) for place in TEMPORARY):
            raise UsageError(f"the program lies in {folder}, which the service does not see", advice=ADVICE)


def check_readable(folders: Iterable[Path], homes: Sequence[Path]) -> None:
    """Raise UsageError where the service, which has a user of its own, could not read the program.

    A folder in a home is shown to the service by itself, so only its own mode counts; else all above it count too.
    """
    for folder in folders:
        inside = next((home for home in homes if folder.is_relative_to(home)), None)
        above = [one for one in (folder, *folder.parents) if inside is None or one.is_relative_to(inside)]
        for one in above:
            if one.exists() and one.stat().st_mode & OPEN != OPEN:
                raise UsageError(
                    f"the service runs as a user of its own and cannot read {one}",
                    advice=f"`chmod o+rx {one}`, or install the program where all may read it: {ADVICE}",
                )


ADVICE = "`sudo python3 -m venv /opt/bmsreader`, then install it there; docs/service.md has the commands."
