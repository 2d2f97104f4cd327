"""What a reload changes: as little as possible, so that healthy links stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bmsreader.gateway.wanted import Outlet, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to do with batteries or outlets; each is one the gateway has, or one of the new plan."""

    start: tuple[Wanted, ...] = ()
    stop: tuple[str, ...] = ()
    """Keys of the running ones."""
    adjust: tuple[Wanted, ...] = ()
    """Only name or interval changed: the link stays."""


def differences(running: Mapping[str, Wanted], wanted: Iterable[Wanted]) -> Change:
    """Return how to get from the running batteries, by id, to those of a new plan."""
    fresh = {one.info.id: one for one in wanted}
    stop = [key for key in running if key not in fresh]
    start, adjust = [], []
    for key, one in fresh.items():
        before = running.get(key)
        if before is None:
            start.append(one)
        elif not _same_conversation(before, one):
            stop.append(key)
            start.append(one)
        elif _is_other(before, one):
            adjust.append(one)
    return Change(start=tuple(start), stop=tuple(stop), adjust=tuple(adjust))


def _is_other(before: Wanted, after: Wanted) -> bool:
    """Return whether the owner wants something else; what was learned of the battery meanwhile is no wish."""
    named = (before.info.name, before.info.slug) != (after.info.name, after.info.slug)
    return named or replace(before, info=after.info) != after


def _same_conversation(one: Wanted, other: Wanted) -> bool:
    """Return whether two differ at most in what does not concern the link."""
    return replace(one, info=other.info, interval=other.interval, keep=other.keep, guessed=other.guessed) == other


def in_words_of(before: Wanted, after: Wanted) -> str:
    """Return what an adjustment changes, for the owner."""
    changes = []
    if before.info.name != after.info.name:
        changes.append(f"called {after.info.name} now")
    if before.interval != after.interval:
        changes.append(f"read every {after.interval:g} s")
    if before.keep != after.keep:
        changes.append("its link is kept" if after.keep else "connected for each reading")
    return f"{before.info.name}: {', '.join(changes) or 'adjusted'}"


def outlets_to_change(running: Iterable[Outlet], wanted: Iterable[Outlet]) -> tuple[list[Outlet], list[Outlet]]:
    """Return the running outlets to stop and the new ones to start; equal settings stay."""
    before, after = list(running), list(wanted)
    return [one for one in before if one not in after], [one for one in after if one not in before]
