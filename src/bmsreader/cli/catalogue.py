"""Which battery descriptions count: those given in the command, the owner's own, the shipped ones."""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bmsreader.protocol.codec import Codec


def owners_folder() -> str:
    """Return the folder for the owner's own descriptions, where this system keeps such things."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA", "~\\AppData\\Roaming")
    elif sys.platform == "darwin":
        base = "~/Library/Application Support"
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return os.path.join(os.path.expanduser(base), "bmsreader", "descriptions")  # noqa: PTH111, PTH118 - pathlib is slow to import


def lazy_codecs(descriptions: Sequence[str] = ()) -> Iterable["Codec"]:
    """Yield the descriptions in the order in which they are tried, each compiled only when its turn has come."""
    if descriptions or os.path.isdir(owners_folder()):  # noqa: PTH112
        yield from codecs(descriptions)
        return
    from bmsreader.descriptions.catalogue import load, shipped_ids

    yield from map(load, shipped_ids())


def codecs(descriptions: Sequence[str] = ()) -> "tuple[Codec, ...]":
    """Return all descriptions: a file given in the command comes first, the owner's folder overrides the shipped ones.

    Raise DescriptionError that names file, line and key.
    """
    from pathlib import Path

    from bmsreader.descriptions.catalogue import load_file, load_folder

    given = {codec.id: codec for codec in map(load_file, descriptions)}
    for codec in given.values():
        codec.preferred = True
    rest = (codec for codec in load_folder(Path(owners_folder())) if codec.id not in given)
    return (*given.values(), *rest)
