"""Where the history lies when nobody says otherwise."""

import os
import sys
from pathlib import Path

NAME = "history.sqlite3"
SERVICE = "/var/lib/bmsreader"


def default_store() -> Path:
    """Return the file: in systemd's state folder, in /var/lib as root on Linux, in the user's data folder otherwise."""
    state = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    if state:
        return Path(state) / NAME
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        return Path(SERVICE) / NAME
    return users_folder() / "bmsreader" / NAME


def users_folder() -> Path:
    """Return the folder where this system keeps the data of a user's programs."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
