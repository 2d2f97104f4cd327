"""Batteries that nobody listed: who of those that are heard is one, and who was one in an earlier run."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bmsreader.gateway.ears import looks_like_a_battery
from bmsreader.gateway.roster import matches, unlike
from bmsreader.gateway.wanted import Plan, Wanted
from bmsreader.model.battery import BatteryInfo

if TYPE_CHECKING:
    from bmsreader.links.radio import Heard
    from bmsreader.store import Store

REMEMBERED = timedelta(days=7)
"""How long a battery that nobody listed is expected back."""


def guest(
    heard: "Heard", plan: Plan, *, read: Iterable[Wanted], taken: Iterable[BatteryInfo], refused: Collection[str]
) -> Wanted | None:
    """Return how to read somebody who is heard; None who is read already, is not wanted, or looks like no battery.

    ``taken`` are those whose names topics are made of; ``refused`` are addresses that proved to be no batteries.
    """
    if plan.stranger is None or heard.address in refused:
        return None
    names = {one.address.casefold() for one in read} | plan.left_alone
    if matches(names, heard.address, heard.name):
        return None
    wanted = plan.stranger(heard.address, heard.name)
    if wanted.info.simulated or looks_like_a_battery(heard, wanted.codecs):
        return unlike(wanted, taken)
    return None


def remembered(store: "Store | None", plan: Plan, now: datetime) -> list[Wanted]:
    """Return the batteries that were found by earlier runs and may come back."""
    if store is None or plan.stranger is None:
        return []
    listed = {one.info.id for one in plan.batteries}
    found = []
    for info in store.infos():
        last = store.last(info.id)
        recent = last is not None and now - last[1].taken_at < REMEMBERED
        if info.address is None or info.simulated or matches(plan.left_alone, info.address, info.name):
            continue
        if info.id not in listed and recent:
            found.append(plan.stranger(info.address, info.name))
    return found
