"""What an advertisement hints at; never proof, only the order in which descriptions are tried."""

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

from bmsreader.protocol.codec import Codec


def likelihood(codec: Codec, *, name: str | None = None, manufacturer_ids: Collection[int] = ()) -> int:
    """Return how strongly a name and manufacturer ids hint at a description: 0 not at all, 1 or 2."""
    hints = codec.description.hints
    plain = (name or "").strip().lower()
    named = bool(plain) and any(fnmatchcase(plain, pattern.lower()) for pattern in hints.names)
    made = not hints.manufacturer_ids.isdisjoint(manufacturer_ids)
    return int(named) + int(made)


def by_likelihood(
    codecs: Sequence[Codec], *, name: str | None = None, manufacturer_ids: Collection[int] = ()
) -> tuple[Codec, ...]:
    """Return the descriptions: those that a person named, then the likeliest; those alike stay in their order."""

    def rank(codec: Codec) -> tuple[bool, int]:
        return not codec.preferred, -likelihood(codec, name=name, manufacturer_ids=manufacturer_ids)

    return tuple(sorted(codecs, key=rank))
