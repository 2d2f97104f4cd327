"""Where the configuration is looked for."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

FILE = "bmsreader.toml"
SYSTEM = Path("/etc/bmsreader") / FILE
CREDENTIALS = "CREDENTIALS_DIRECTORY"


def places(environment: Mapping[str, str], *, system: Path = SYSTEM, platform: str = sys.platform) -> Iterator[Path]:
    """Yield where the file may be, in the order in which it is looked for, when nobody names it."""
    if folder := environment.get("CONFIGURATION_DIRECTORY"):
        yield Path(folder.partition(":")[0]) / FILE  # systemd sets it; several are separated by colons
    if platform != "win32":
        yield system
    if folder := users_folder(environment, platform):
        yield Path(folder) / "bmsreader" / FILE


def users_folder(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Return where programs keep the settings of the user; None where the user has no home."""
    home = environment.get("HOME")
    if platform == "win32":
        return environment.get("APPDATA")
    if platform == "darwin":
        return f"{home}/Library/Application Support" if home else None
    return environment.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else None)


def find(environment: Mapping[str, str], *, system: Path = SYSTEM, platform: str = sys.platform) -> Path | None:
    """Return the file: what $BMSREADER_CONFIG names, else the first that is there; None when there is none."""
    if named := environment.get("BMSREADER_CONFIG"):
        return Path(named)
    return next((path for path in places(environment, system=system, platform=platform) if _is_there(path)), None)


def credentials_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder in which systemd puts the credentials of this service."""
    folder = environment.get(CREDENTIALS)
    return Path(folder) if folder else None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True  # it cannot be looked at: whoever reads it says why
