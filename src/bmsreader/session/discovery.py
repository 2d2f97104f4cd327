"""Find batteries: by what they advertise, or, when asked to, by what they answer."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bmsreader.model.errors import NothingFound, NoValidAnswer, UsageError
from bmsreader.protocol.codec import Codec
from bmsreader.session.event import OnEvent, ignore
from bmsreader.session.hints import likelihood
from bmsreader.session.session import Session
from bmsreader.session.timing import Timing

if TYPE_CHECKING:
    from bmsreader.links.scan import Advertisement

PROBING = Timing(connect=15.0, connect_attempts=1, answer=2.0, attempts=1)
"""Patience with a stranger: one connection, one request of each description that fits."""

NAMESAKES = 2.0
"""How long to listen, s, for a second battery of the same name before a name counts as unique."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A peripheral that was heard, and how likely it is a battery."""

    address: str
    """Bluetooth address; on macOS a UUID that only this machine knows."""
    name: str | None
    signal: int
    """dBm."""
    likely: str | None
    """Id of the description that its name or manufacturer id hints at; None without a hint."""
    proved: str | None = None
    """Id of the description it answered to when probed; None when it was not probed or did not answer."""
    problem: str | None = None
    """Why probing gave no answer."""
    advertisement: "Advertisement"

    @property
    def is_battery(self) -> bool:
        """Whether it is a battery as far as is known."""
        return self.proved is not None or self.likely is not None


def judged(advertisement: "Advertisement", codecs: Sequence[Codec]) -> Found:
    """Return what an advertisement hints at."""
    ids = [identity for identity, _ in advertisement.manufacturer_data]
    best = max(codecs, key=lambda codec: likelihood(codec, name=advertisement.name, manufacturer_ids=ids))
    hinted = likelihood(best, name=advertisement.name, manufacturer_ids=ids) > 0
    return Found(
        address=advertisement.address,
        name=advertisement.name,
        signal=advertisement.signal,
        likely=best.id if hinted else None,
        advertisement=advertisement,
    )


async def listen(seconds: float, codecs: Sequence[Codec], *, adapter: str | None = None) -> AsyncGenerator[Found]:
    """Yield peripherals as they are heard, again whenever something new is known of one."""
    from bmsreader.links.scan import advertisements  # bleak: a third of a second to import

    seen: dict[str, Found] = {}
    async with aclosing(advertisements(seconds, adapter=adapter)) as heard:  # the scanner stops before we go on
        async for advertisement in heard:
            found = judged(advertisement, codecs)
            before = seen.get(found.address)
            if before is None or (before.name, before.likely) != (found.name, found.likely):
                seen[found.address] = found
                yield found


async def discover(
    seconds: float = 10.0,
    *,
    probe: bool = False,
    everything: bool = False,
    codecs: Sequence[Codec] | None = None,
    adapter: str | None = None,
    on_event: OnEvent = ignore,
    on_found: Callable[[Found], None] | None = None,
) -> list[Found]:
    """Return the batteries in range, strongest signal first.

    Names and manufacturer ids are hints. With ``probe``, each peripheral that was heard is connected to and asked by
    read requests only: a battery with an unknown name is found too. ``everything`` also returns what is no battery.
    Raise NoBluetooth where there is no adapter.
    """
    codecs = codecs or default_codecs()
    heard: dict[str, Found] = {}
    async for found in listen(seconds, codecs, adapter=adapter):
        heard[found.address] = found
        if on_found:
            on_found(found)
    ordered = sorted(heard.values(), key=lambda found: (found.likely is None, -found.signal))
    if probe:
        probed = []
        for found in ordered:
            probed.append(await probed_one(found, codecs, adapter=adapter, on_event=on_event))
            if on_found:
                on_found(probed[-1])
        ordered = probed
    return [found for found in ordered if everything or found.is_battery]


async def probed_one(
    found: Found, codecs: Sequence[Codec], *, adapter: str | None = None, on_event: OnEvent = ignore
) -> Found:
    """Connect to a peripheral and return what it proves to be; nothing but read requests is sent."""
    from bmsreader.links.ble import BleLink

    link = BleLink(
        found.address, codecs=codecs, name=found.name, device=found.advertisement.device, adapter=adapter, search=5.0
    )
    session = Session(link, codecs, timing=PROBING, on_event=on_event)
    try:
        await session.open()
    except NoValidAnswer as error:
        return replace(found, problem=str(error))
    finally:
        await session.close()
    return replace(found, proved=session.codec.id if session.codec else None)


async def find(
    battery: str, *, seconds: float = 10.0, codecs: Sequence[Codec] | None = None, adapter: str | None = None
) -> Found:
    """Return the battery with this address, unique name or unique beginning of a name; stop as soon as it is heard.

    Raise NothingFound, or UsageError when several names begin like this.
    """
    codecs = codecs or default_codecs()
    wanted = battery.casefold()
    exact: dict[str, Found] = {}
    similar: dict[str, Found] = {}
    try:
        async with asyncio.timeout(None) as limit, aclosing(listen(seconds, codecs, adapter=adapter)) as heard:
            async for found in heard:
                name, address = (found.name or "").casefold(), found.address.casefold()
                if address == wanted:
                    return found
                if name == wanted:
                    exact[found.address] = found
                    limit.reschedule(asyncio.get_running_loop().time() + NAMESAKES)
                elif name.startswith(wanted) or address.startswith(wanted):
                    similar[found.address] = found
    except TimeoutError:
        pass  # the name was heard, and nobody else answered to it
    matches = exact or similar
    if len(matches) > 1:
        names = ", ".join(sorted(f"{found.name} ({found.address})" for found in matches.values()))
        raise UsageError(f"{battery!r} is not unique: {names}", advice="Give the address.")
    if not matches:
        raise NothingFound(f"no battery called {battery!r} was heard within {seconds:.0f} s")
    return next(iter(matches.values()))


def default_codecs() -> tuple[Codec, ...]:
    """Return the shipped descriptions."""
    from bmsreader.descriptions.catalogue import shipped

    return shipped()
