"""Whom the gateway hears: batteries by name, and batteries that nobody listed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bmsreader.gateway.wanted import Wanted
from bmsreader.links.radio import Heard
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import NotHeard, UsageError
from bmsreader.model.reading import Reading
from bmsreader.protocol.codec import Codec
from bmsreader.session.hints import likelihood
from bmsreader.session.opening import is_address


class Known(Protocol):
    """What is known of a battery of the gateway; a poller, seen from here."""

    wanted: Wanted
    info: BatteryInfo
    reading: Reading | None
    signal: int | None


def address_of(battery: str, heard: Sequence[Heard]) -> str:
    """Return the address of a battery that is called by its address, its name, or the beginning of its name.

    Raise NotHeard when nobody of this name advertises, UsageError when several do.
    """
    if is_address(battery) or battery.startswith("simulated"):
        return battery
    wanted = battery.casefold()
    named = [one for one in heard if (one.name or "").casefold() == wanted]
    matches = named or [one for one in heard if (one.name or "").casefold().startswith(wanted)]
    addresses = {one.address for one in matches}
    if not addresses:
        raise NotHeard(f"no battery called {battery!r} is on the air")
    if len(addresses) > 1:
        known = ", ".join(sorted(f"{one.name} ({one.address})" for one in matches))
        raise UsageError(f"{battery!r} is not unique: {known}", advice="Put the address into the configuration.")
    return addresses.pop()


def looks_like_a_battery(heard: Heard, codecs: Sequence[Codec]) -> bool:
    """Return whether name or manufacturer id hint at a known battery; its answer decides later."""
    return any(likelihood(codec, name=heard.name, manufacturer_ids=heard.manufacturer_ids) for codec in codecs)


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheAir:
    """Something that advertises, or that is being read without anybody having named it."""

    address: str
    name: str | None
    signal: int | None
    """dBm."""
    supported: bool | None
    """Whether it is a battery that can be read: it proved it; None: nothing is known but what its name hints at."""
    likely: bool
    """Whether its name or manufacturer hint at a known battery."""
    named: bool
    """Whether the configuration lists it."""


def in_the_air(
    heard: Sequence[Heard], known: Iterable[Known], refused: Collection[str], codecs: Sequence[Codec]
) -> list[InTheAir]:
    """Return who is there, the likely batteries first and then by signal.

    ``known`` are the batteries of the gateway, ``refused`` the addresses that proved to be none.
    """
    batteries = list(known)
    found = {one.address: one for one in map(_of_known, batteries) if one.address}
    there = {name.casefold() for one in batteries for name in _names(one)}
    for one in heard:
        if one.address.casefold() in there or (one.name or "").casefold() in there - {""}:
            continue
        found[one.address] = InTheAir(
            address=one.address,
            name=one.name,
            signal=one.signal,
            supported=False if one.address in refused else None,
            likely=looks_like_a_battery(one, codecs),
            named=False,
        )
    return sorted(found.values(), key=lambda one: (not one.supported, not one.likely, -(one.signal or -200)))


def _names(one: Known) -> set[str]:
    """Return under what a battery of the gateway may be heard."""
    own = {one.info.id, one.info.address or "", one.wanted.address}
    return own if one.wanted.guessed else own | {one.info.name}


def _of_known(one: Known) -> InTheAir:
    return InTheAir(
        address=one.wanted.address if one.wanted.guessed else (one.info.address or one.wanted.address),
        name=one.info.name,
        signal=one.signal,
        supported=True if one.reading is not None else None,
        likely=True,
        named=not one.wanted.guessed,
    )
