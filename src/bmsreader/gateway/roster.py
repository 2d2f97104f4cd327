"""The batteries as they were configured or heard: their identities, names and the descriptions to try."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from bmsreader.configuration.banks import known_names
from bmsreader.configuration.settings import BatterySettings, Configuration
from bmsreader.configuration.slugs import slug_of, unique_slug
from bmsreader.gateway.wanted import Wanted, WantedBank
from bmsreader.model.arrangement import parse_arrangement
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import ConfigurationError
from bmsreader.protocol.codec import Codec
from bmsreader.session.opening import is_address

SIMULATED = "simulated"


def listed(configuration: Configuration, codecs: Sequence[Codec]) -> tuple[Wanted, ...]:
    """Return the batteries that the configuration lists and has enabled."""
    interval = configuration.gateway.interval
    return tuple(_listed(one, interval, codecs) for one in configuration.batteries if one.enabled)


def _listed(settings: BatterySettings, interval: float, codecs: Sequence[Codec]) -> Wanted:
    chosen = tuple(codec for codec in codecs if settings.protocol in (None, codec.id))
    if not chosen:
        raise ConfigurationError(
            f"battery {settings.name!r}: there is no description {settings.protocol!r}",
            advice="`bmsreader protocols` lists them.",
        )
    return Wanted(
        info=BatteryInfo(
            id=settings.id or identity_of(settings.address),
            name=settings.name,
            slug=slug_of(settings.name),
            address=_real(settings.address),
            cells=settings.cells,
            simulated=settings.address.startswith(SIMULATED),
        ),
        address=settings.address,
        codecs=chosen,
        interval=settings.interval or interval,
        keep=settings.link == "keep",
        cells=settings.cells,
        adapter=settings.adapter,
    )


def banked(configuration: Configuration) -> tuple[WantedBank, ...]:
    """Return the banks that the configuration has; raise ConfigurationError for one that makes no sense."""
    ids = {slug_of(one.name): one.id or identity_of(one.address) for one in configuration.batteries}
    simulated = all(one.address.startswith(SIMULATED) for one in configuration.batteries)
    known = known_names(one.name for one in configuration.batteries)
    found = []
    for bank in configuration.banks:
        arrangement = parse_arrangement(bank.arrangement, known)
        slug = slug_of(bank.name)
        info = BatteryInfo(
            id=f"bank:{slug}", name=bank.name, slug=slug, kind="bank", maker=str(arrangement), simulated=simulated
        )
        members = tuple(ids[pack] for pack in arrangement.packs)
        found.append(WantedBank(info=info, arrangement=arrangement, members=members, interval=bank.interval))
    return tuple(found)


def wired(configuration: Configuration) -> list[set[int]]:
    """Return the numbers of the simulated batteries of each bank: these share chargers and loads."""
    numbers = {
        slug_of(one.name): int(one.address.partition(":")[2] or 1)
        for one in configuration.batteries
        if one.enabled and one.address.startswith(SIMULATED)
    }
    return [{numbers[pack] for pack in bank.arrangement.packs if pack in numbers} for bank in banked(configuration)]


def strangers(
    configuration: Configuration, codecs: Sequence[Codec], *, simulated: bool = False
) -> Callable[[str, str | None], Wanted] | None:
    """Return what makes a battery that was only heard one to read; None when the owner wants listed ones only.

    Whoever lists simulated batteries wants these and no others: they are heard under other names than listed.
    """
    if not configuration.gateway.discover or any(one.address.startswith(SIMULATED) for one in configuration.batteries):
        return None

    def wanted(address: str, name: str | None) -> Wanted:
        called = name or address
        return Wanted(
            info=BatteryInfo(
                id=identity_of(address), name=called, slug=slug_of(called), address=_real(address), simulated=simulated
            ),
            address=address,
            codecs=tuple(codecs),
            interval=configuration.gateway.interval,
            guessed=True,
        )

    return wanted


def unlike(wanted: Wanted, others: Iterable[BatteryInfo]) -> Wanted:
    """Return a heard battery under a slug of its own: two batteries may advertise the same name."""
    slug = unique_slug(wanted.info.name, {one.slug for one in others})
    return replace(wanted, info=replace(wanted.info, slug=slug))


def matches(names: Collection[str], address: str, name: str | None) -> bool:
    """Return whether one of these addresses, names and beginnings of names means this battery."""
    called = (name or "").casefold()
    return address.casefold() in names or any(called.startswith(one) for one in names)


def as_now(guest: Wanted, stranger: Callable[[str, str | None], Wanted]) -> Wanted:
    """Return how a battery that nobody listed is to be read from now on; its name stays."""
    return replace(guest, interval=stranger(guest.address, guest.info.name).interval)


def identity_of(address: str) -> str:
    """Return the key of a battery's history: its address, always written in the same way."""
    return address.upper() if is_address(address) else address


def _real(address: str) -> str | None:
    """Return a Bluetooth address that other programs know, too: not the UUID that macOS gives instead."""
    return address.upper() if is_address(address) and len(address) == 17 else None
