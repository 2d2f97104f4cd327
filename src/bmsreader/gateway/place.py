"""Where a gateway's control socket lies: for the gateway that makes it, and for commands that look for it."""

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bmsreader.model.errors import UsageError

NAME = "control.sock"
SERVICE = Path("/run/bmsreader") / NAME
"""Where the service has it."""


def default_socket(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where a gateway that is started here has its control socket, unless it is told otherwise.

    The folder that systemd made for it, /run/bmsreader for root, the user's runtime folder, or a folder of the user's
    own among the temporary files.
    """
    from_systemd = environment.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    if from_systemd:
        return Path(from_systemd) / NAME
    user = os.getuid() if hasattr(os, "getuid") else None
    if user == 0:
        return SERVICE
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "bmsreader" / NAME
    return _temporary(user)


def places(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return where to look for a running gateway: the owner's own first, then the service's."""
    return tuple(dict.fromkeys((default_socket(environment), SERVICE)))


def refuse_foreign_folder(path: Path) -> None:
    """Make the folder of a socket among the temporary files private; raise UsageError if it belongs to another user.

    Everybody may make a folder there, also one that is named after somebody else.
    """
    folder = path.parent
    if not hasattr(os, "getuid") or path != _temporary(os.getuid()):
        return
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise UsageError(f"{folder} belongs to another user", advice="Name another control socket with --control.")
    folder.chmod(0o700)


def _temporary(user: int | None) -> Path:
    owner = "" if user is None else f"-{user}"
    return Path(tempfile.gettempdir()) / f"bmsreader{owner}" / NAME
