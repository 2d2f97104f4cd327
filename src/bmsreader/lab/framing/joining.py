"""Take kinds of answers together again that only values told apart."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bmsreader.lab.evidence import Kind


def together(one: Kind, other: Kind) -> Kind:
    """Return two kinds as one, its frames in the order of time."""
    pairs = sorted(
        zip(one.frames + other.frames, one.payloads + other.payloads, strict=True), key=lambda pair: pair[0].at
    )
    return replace(
        one,
        request=one.request or other.request,
        frames=tuple(frame for frame, _ in pairs),
        payloads=tuple(payload for _, payload in pairs),
        by_request=False,
    )


def told_by_values(one: Kind, other: Kind, values: Iterable[int]) -> bool:
    """Return whether answers of one size to one request differ in nothing that stands still, apart from values.

    ``values`` are the offsets of bytes that got a meaning in either: what told the kinds apart was one of these.
    """
    if one.size != other.size or one.columns or other.columns or one.by_request or other.by_request:
        return False
    if one.request != other.request or not one.payloads or not other.payloads:
        return False
    used = set(values)
    sizes = {len(payload) for payload in one.payloads + other.payloads}
    columns = [
        ({payload[at] for payload in one.payloads}, {payload[at] for payload in other.payloads})
        for at in range(min(sizes))
        if at not in used
    ]
    return not any((len(mine) == 1 or len(theirs) == 1) and not mine & theirs for mine, theirs in columns)


def rejoined(kinds: Sequence[Kind], values: Sequence[frozenset[int]]) -> list[Kind]:
    """Return the kinds, those together that only values told apart; ``values`` holds the offsets of each one's."""
    found: list[Kind] = []
    used: list[frozenset[int]] = []
    for kind, mine in zip(kinds, values, strict=True):
        for index, twin in enumerate(found):
            if told_by_values(twin, kind, mine | used[index]):
                found[index] = together(twin, kind)
                used[index] |= mine
                break
        else:
            found.append(kind)
            used.append(mine)
    return found
