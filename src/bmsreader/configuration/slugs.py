"""The short name of a battery, for topics, labels and file names."""

import hashlib
import re
import unicodedata
from collections.abc import Collection

LONGEST = 40
RESERVED = frozenset({"bridge", "health", "all"})
"""Words that stand for the gateway itself in topics and addresses; no battery is called so there."""

_SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "þ": "th"})


def slug_of(name: str) -> str:
    """Return a name as ``[a-z0-9-]+``, always the same for the same name; accents are dropped, blanks become ``-``.

    A name without a letter or digit of the Latin alphabet becomes ``battery-`` and a short checksum.
    """
    spelled = unicodedata.normalize("NFKD", name.lower().translate(_SPELLED))
    plain = "".join(character for character in spelled if not unicodedata.combining(character))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")
    if not slug:
        return f"battery-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
    return f"battery-{slug}" if slug in RESERVED else slug


def unique_slug(name: str, taken: Collection[str]) -> str:
    """Return the name's slug, with a number behind it where another battery has it already."""
    slug = slug_of(name)
    number, unique = 1, slug
    while unique in taken:
        number += 1
        unique = f"{slug}-{number}"
    return unique
