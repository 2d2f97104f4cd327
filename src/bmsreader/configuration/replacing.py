"""The owner's file on disk: which one it is, whether it may be changed, and how it is replaced as a whole."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bmsreader.configuration.places import find, places
from bmsreader.model.errors import ConfigurationError

NEW_FILE = """\
# Settings of bmsreader, made on its page. `bmsreader config example` prints every setting with its meaning.
"""
OWN_MODE = 0o600
"""A new file may come to hold passwords: nobody but its owner reads it."""


def place_for(environment: Mapping[str, str], named: Path | None = None) -> Path:
    """Return the file that is in use, or the one to make: where it will be looked for, and can be written."""
    found = named or find(environment)
    if found is not None:
        return found
    candidates = list(places(environment))
    fit = (path for path in candidates if not why_not_writable(path))
    return next(fit, candidates[-1])


def why_not_writable(path: Path) -> str:
    """Return why a file cannot be changed by this program, in a sentence; empty when it can."""
    path = _real(path)
    try:
        folder = path.parent
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        if path.exists() and not path.is_file():
            return f"{path} is no file"
        if not folder.is_dir():
            return f"{folder} is no folder"
        if not os.access(folder, os.W_OK | os.X_OK):
            return f"this program may not write in {folder}"
        if path.exists() and not os.access(path, os.W_OK):
            return f"this program may not change {path}"
        if _is_read_only(folder):
            return f"{folder} is on a read-only file system"
    except OSError as error:
        return f"{path} cannot be reached: {error.strerror}"
    return ""


def _real(path: Path) -> Path:
    """Return the file that a link leads to: the link itself stays."""
    return Path(os.path.realpath(path))


def _is_read_only(folder: Path) -> bool:
    """Return whether a file system takes no changes: root may write everywhere else, and access() says so."""
    look = getattr(os, "statvfs", None)
    return look is not None and bool(look(folder).f_flag & os.ST_RDONLY)


def content(path: Path) -> bytes | None:
    """Return what is in a file; None when there is none. Raise ConfigurationError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error


def text_of(path: Path, found: bytes | None) -> str:
    """Return what a file says, or the beginning of a new one; raise ConfigurationError when it is no text."""
    if found is None:
        return NEW_FILE
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 text", advice="Save it as UTF-8.") from error


def stamp_of(found: bytes | None) -> str:
    """Return what tells one state of a file from another."""
    return "none" if found is None else hashlib.sha256(found).hexdigest()[:32]


def replace(path: Path, text: str, *, check: Callable[[Path], None]) -> None:
    """Replace a file by another text, or make it; whoever reads it meanwhile sees the one or the other.

    Mode and owner stay. ``check`` looks at the new file before it gets its name, and raises what is wrong with it.
    Raise ConfigurationError when the file cannot be written.
    """
    path = _real(path)
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            _as_before(path, file.fileno(), temporary)
            os.fsync(file.fileno())
        check(temporary)
        temporary.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be changed: {error.strerror or error}", advice="Change it as its owner, in an editor."
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _as_before(path: Path, handle: int, temporary: Path) -> None:
    """Give the new file the mode and the owner of the old one."""
    try:
        before = path.stat()
    except FileNotFoundError:
        temporary.chmod(OWN_MODE)
        return
    temporary.chmod(stat.S_IMODE(before.st_mode))
    now = temporary.stat()
    if hasattr(os, "fchown") and (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        os.fchown(handle, before.st_uid, before.st_gid)


def _sync(folder: Path) -> None:
    """Have the new name on disk, where the system can be asked for it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
