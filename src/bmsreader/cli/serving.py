"""Run the gateway as a program: configuration, signals, service manager, control socket, history."""

import asyncio
import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bmsreader.cli.catalogue import codecs
from bmsreader.cli.dashboard import Dashboard
from bmsreader.cli.plan import plan_of
from bmsreader.configuration import Configuration, load
from bmsreader.configuration.settings import LinesSettings
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.control import SUPPORTED, Control, default_socket
from bmsreader.gateway.gateway import Gateway
from bmsreader.gateway.lock import alone_with
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.notify import Notifier, Watchdog, watchdog_limit
from bmsreader.gateway.roster import wired
from bmsreader.model.errors import ConfigurationError, NoBluetooth, OwnerError, UsageError
from bmsreader.session.session import utc_now
from bmsreader.simulator.faults import Faults

if TYPE_CHECKING:
    from bmsreader.links.radio import Radio
    from bmsreader.protocol.codec import Codec
    from bmsreader.store import Store

log = logging.getLogger("bmsreader")

STATUS = 5.0
"""s between two looks at what the service manager shows."""
DEMO = 2
"""Simulated batteries on a machine without Bluetooth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command says."""

    config: Path | None = None
    store: Path | None = None
    keeps: bool = True
    """A history is kept."""
    control: Path | None = None
    simulated: int | None = None
    """So many simulated batteries are read; None = real ones."""
    faults: str = ""
    descriptions: tuple[str, ...] = ()
    as_json: bool = False
    """Every reading goes to standard output as a line of JSON."""
    quiet: bool = False
    verbose: bool = False

    def configuration(self, file: Path | None = None) -> Configuration:
        """Read the configuration, or another file in its place; the command's own wishes come first."""
        overrides = {}
        if self.store is not None:
            overrides["store.path"] = str(self.store.absolute())
        if not self.keeps:
            overrides["store.enabled"] = "false"
        if self.control is not None:
            overrides["gateway.control"] = str(self.control.absolute())
        credentials = os.environ.get("CREDENTIALS_DIRECTORY")
        configuration = load(
            file or self.config,
            environment=os.environ,
            credentials=Path(credentials) if credentials else None,
            overrides=overrides,
            protocols=[codec.id for codec in self.codecs()],
        )
        if self.as_json and configuration.lines is None:
            return replace(configuration, lines=LinesSettings())
        return configuration

    def codecs(self) -> "tuple[Codec, ...]":
        """Return the descriptions to try."""
        return codecs(self.descriptions)


async def serve(wishes: Wishes) -> None:
    """Run the gateway until SIGTERM, or until cancelled."""
    configuration = wishes.configuration()
    set_up_logs(configuration, wishes)
    warn(configuration)
    notifier = Notifier.of()
    with ExitStack() as stack:
        store = open_store(configuration, stack)
        logbook = Logbook(store, utc_now)
        known = store is not None and any(not info.simulated for info in store.infos())
        airing, simulated = await open_air(configuration, wishes, logbook, known=known)
        plan = plan_of(configuration, wishes.codecs(), simulated=simulated)
        writer = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="history"))
        gateway = Gateway(plan, radio=airing, store=store, in_writer=in_thread(writer), logbook=logbook)
        await _until_told(gateway, configuration, wishes, notifier, airing=airing, simulated=simulated)


async def _until_told(
    gateway: Gateway,
    configuration: Configuration,
    wishes: Wishes,
    notifier: Notifier,
    *,
    airing: Airing | None,
    simulated: bool,
) -> None:
    """Run the gateway with all that belongs to a service, until SIGTERM."""

    async def reload() -> Sequence[str]:
        notifier.reloading()
        try:
            fresh = wishes.configuration()
            told = gateway.reload(plan_of(fresh, wishes.codecs(), simulated=simulated))
            set_up_logs(fresh, wishes)
            warn(fresh)
            told += page.adopt(fresh)
            return [*told, *(f"{what} changes at the next start" for what in at_next_start(configuration, fresh))]
        finally:
            notifier.ready()

    page = Dashboard(gateway, configuration, wishes, airing=airing, reload=reload)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        started: list[asyncio.Task[Any]] = []
        if SUPPORTED:
            control = Control(configuration.gateway.control or default_socket(), gateway, reload=reload)
            control.open()
            started.append(tasks.create_task(gateway.keep_going("control socket", control.run)))
        started.append(tasks.create_task(gateway.run()))
        started.append(tasks.create_task(Watchdog(notifier, gateway.alive, limit=watchdog_limit()).run()))
        started.append(tasks.create_task(_reload_on_hangup(reload)))
        started.append(tasks.create_task(gateway.keep_going("page", page.run)))
        _on_signal("SIGTERM", stop.set)
        started.append(tasks.create_task(_tell(notifier, gateway)))
        notifier.ready()
        log.info("bmsreader runs: %s", configuration.source)
        await stop.wait()
        notifier.stopping()
        for task in started:
            task.cancel()
    log.info("bmsreader ends")


async def _tell(notifier: Notifier, gateway: Gateway) -> None:
    """Keep the line that ``systemctl status`` shows up to date."""
    told = ""
    while notifier.is_heard:
        states = Counter(str(one.state) for one in gateway.snapshots())
        now = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "no battery found yet"
        if now != told:
            notifier.status(now)
            told = now
        await asyncio.sleep(STATUS)


def _on_signal(name: str, act: Callable[[], object]) -> None:
    """Have a signal do something, where the system knows it."""
    number = getattr(signal, name, None)
    if number is not None and sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(number, act)


async def _reload_on_hangup(reload: Callable[[], Any]) -> None:
    """Take the configuration into use again at each SIGHUP; a wrong one is told and changes nothing."""
    hangup = asyncio.Event()
    _on_signal("SIGHUP", hangup.set)
    while True:
        await hangup.wait()
        hangup.clear()
        try:
            changes = await reload()
        except OwnerError as error:
            log.error("the configuration stays as it was: %s", error)
        else:
            log.info("reloaded: %s", "; ".join(changes) or "nothing changed")


def at_next_start(running: Configuration, fresh: Configuration) -> list[str]:
    """Return the settings that differ and that a reload does not take into use."""
    pairs = {
        "adapters in [gateway]": (running.gateway.adapters, fresh.gateway.adapters),
        "control in [gateway]": (running.gateway.control, fresh.gateway.control),
        "[[proxy]]": (running.proxies, fresh.proxies),
        "enabled in [store]": (running.store.enabled, fresh.store.enabled),
        "path in [store]": (running.store.path, fresh.store.path),
        "keep_days in [store]": (running.store.keep_days, fresh.store.keep_days),
        "keep_megabytes in [store]": (running.store.keep_megabytes, fresh.store.keep_megabytes),
    }
    return [name for name, (before, after) in pairs.items() if before != after]


def set_up_logs(configuration: Configuration, wishes: Wishes) -> None:
    """Write the log as the owner wishes."""
    from bmsreader.cli.logs import setup

    setup(configuration.gateway.log, verbose=wishes.verbose, quiet=wishes.quiet)


def warn(configuration: Configuration) -> None:
    """Tell what is allowed in the configuration, but hardly meant."""
    for warning in configuration.warnings:
        log.warning("%s", warning)


def open_store(configuration: Configuration, stack: ExitStack) -> "Store | None":
    """Return the history, or None where the owner wants none; raise StoreError when it cannot be had at all.

    Raise UsageError when another gateway has it.
    """
    if not configuration.store.enabled:
        return None
    from bmsreader.store import Store, default_store

    settings = configuration.store
    path = settings.path or default_store()
    path.parent.mkdir(parents=True, exist_ok=True)
    stack.enter_context(alone_with(path))
    return stack.enter_context(Store(path, keep_days=settings.keep_days, keep_megabytes=settings.keep_megabytes))


def in_thread(writer: ThreadPoolExecutor) -> Callable[[Callable[[], None]], Any]:
    """Return what runs a blocking function in the writer's thread."""

    async def run(function: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(writer, function)

    return run


# ---- the air


async def open_air(
    configuration: Configuration, wishes: Wishes, logbook: Logbook, *, known: bool = False
) -> tuple[Airing | None, bool]:
    """Return the radio for these batteries, and whether it is a simulated one.

    With batteries in the configuration, or real ones ``known`` from earlier runs, a missing adapter is waited for: an
    adapter that comes late must not put simulated values beside real ones. Without any, the demo begins instead.
    """
    from bmsreader.session.opening import is_port

    addresses = [one.address for one in configuration.batteries if one.enabled]
    pretended = [address for address in addresses if address.startswith("simulated")]
    real = [address for address in addresses if not is_port(address) and address not in pretended]
    if pretended and real:
        raise ConfigurationError("simulated batteries and real ones do not go together in one gateway")
    if wishes.simulated or pretended:
        highest = max([wishes.simulated or 0, *(int(one.partition(":")[2] or 1) for one in pretended)])
        return Airing(simulated_radio(highest, wishes.faults, wired=wired(configuration)), on=True), True
    if wishes.faults and (addresses or known):
        raise UsageError("--faults is for simulated batteries, and these are real", advice="Add --simulated 2.")
    if addresses and not real and not configuration.gateway.discover:
        return None, False  # serial lines only
    radio = bluetooth_radio(configuration, logbook)
    if addresses or known:
        return Airing(radio), False
    try:
        await radio.__aenter__()
    except NoBluetooth as error:
        log.warning("%s: reading two simulated batteries instead", error)
        return Airing(simulated_radio(DEMO, wishes.faults), on=True, instead_of=str(error)), True
    return Airing(radio, on=True), False


def simulated_radio(count: int, faults: str, *, wired: Sequence[Collection[int]] = ()) -> "Radio":
    """Return a radio that hears so many simulated batteries; ``wired`` are those that share chargers and loads."""
    from bmsreader.simulator.fleet import fleet
    from bmsreader.simulator.radio import SimulatedRadio

    clock = asyncio.get_running_loop().time
    return SimulatedRadio(fleet(count, clock=clock, faults=Faults.parse(faults), wired=wired))


def bluetooth_radio(configuration: Configuration, logbook: Logbook) -> "Radio":
    """Return this machine's Bluetooth, and the proxies of the configuration."""
    from bmsreader.links.bluetooth import BluetoothRadio

    return BluetoothRadio(configuration.gateway.adapters, proxies=configuration.proxies, on_record=logbook.add)
