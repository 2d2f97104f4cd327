"""Whom the gateway hears: batteries by name, and batteries that nobody listed."""

from collections.abc import Sequence

from bmsreader.links.radio import Heard
from bmsreader.model.errors import NotHeard, UsageError
from bmsreader.protocol.codec import Codec
from bmsreader.session.hints import likelihood
from bmsreader.session.opening import is_address


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
