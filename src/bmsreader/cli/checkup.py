"""The checks of `bmsreader doctor`: each finds out one thing, and says what to do when it is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from bmsreader.links.host import Host

STRONG, WEAK = -70, -85
"""dBm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one check found."""

    name: str
    finding: str
    advice: str = ""
    """What to do; empty when all is well."""
    exit_code: int = 0
    """That of the command, should this be the first problem; 0 when all is well or when it is only a warning."""

    @property
    def state(self) -> str:
        """``ok``, ``warning`` or ``problem``."""
        return "problem" if self.exit_code else "warning" if self.advice else "ok"


NO_BLUETOOTH, NOT_FOUND, NO_ANSWER = 5, 3, 4


def problem(name: str, finding: str, advice: str, exit_code: int = NO_BLUETOOTH) -> Check:
    """Return a check that failed."""
    return Check(name=name, finding=finding, advice=advice, exit_code=exit_code)


def of_host(host: Host, adapter: str | None) -> Iterator[Check]:
    """Yield what is right and wrong with this machine; what depends on a thing that is missing is left out."""
    if host.bus is None:
        return  # macOS and Windows: listening shows what works
    if host.blocked:
        yield _blocked(host.blocked)
    if not host.kernel_adapters and not host.adapters:
        yield problem(
            "adapter",
            "this machine has no Bluetooth adapter",
            "Plug in a USB adapter, or switch the built-in one on; in a virtual machine or container, hand it through.",
        )
    if not host.bus:
        yield problem(
            "message bus",
            "the system's message bus (D-Bus) cannot be reached",
            "Start it: `systemctl start dbus`; in a container, mount /run/dbus.",
        )
        return
    yield from _service(host)
    if host.service and host.allowed:
        yield from _adapters(host, adapter)


def _blocked(kind: str) -> Check:
    how = "a switch or key of this machine" if kind == "hard" else "software"
    advice = "Use the switch, or the BIOS." if kind == "hard" else "`rfkill unblock bluetooth`"
    return problem("radio", f"Bluetooth is blocked by {how}", advice)


def _service(host: Host) -> Iterator[Check]:
    if not host.service:
        advice = "`systemctl enable --now bluetooth`" if host.version else "Install BlueZ: `apt install bluez`."
        yield problem("Bluetooth service", "the Bluetooth service (bluetoothd) does not run", advice)
        return
    yield Check(name="Bluetooth service", finding=f"runs, BlueZ {host.version or 'of unknown version'}")
    if not host.allowed:
        yield problem(
            "permission",
            "you may not use the Bluetooth service",
            "Add yourself to its group, `adduser $USER bluetooth`, and log in again.",
        )
    else:
        yield Check(name="permission", finding="you may use the Bluetooth service")


def _adapters(host: Host, wanted: str | None) -> Iterator[Check]:
    if not host.adapters:
        if host.kernel_adapters:
            yield problem(
                "adapter",
                f"the kernel has {', '.join(host.kernel_adapters)}, but the Bluetooth service does not know it",
                "`systemctl restart bluetooth`; if that does not help, unplug the adapter and plug it in again.",
            )
        return
    names = ", ".join(adapter.name for adapter in host.adapters)
    if wanted is not None and wanted not in (adapter.name for adapter in host.adapters):
        yield problem("adapter", f"there is no adapter {wanted}", f"There are: {names}.", 2)
        return
    for adapter in host.adapters:
        if wanted in (None, adapter.name):
            yield _power(adapter.name, adapter.address, powered=adapter.powered)


def _power(name: str, address: str, *, powered: bool) -> Check:
    if powered:
        return Check(name="adapter", finding=f"{name} {address}, switched on")
    return problem("adapter", f"{name} {address} is switched off", "`bluetoothctl power on`")


def of_air(heard: int, batteries: int, seconds: float) -> Check:
    """Return what listening to the air shows."""
    likely = f"{batteries} of them may be {'a battery' if batteries == 1 else 'batteries'}"
    finding = f"{heard} Bluetooth devices heard in {seconds:g} s, {likely}"
    advice = "" if heard else "Nothing at all is heard: bring any Bluetooth device near, or try another adapter."
    return Check(name="listening", finding=finding, advice=advice)


def of_signal(signal: int) -> Check:
    """Return whether a signal strength (dBm) is enough."""
    if signal >= STRONG:
        return Check(name="signal", finding=f"{signal} dBm: strong enough")
    how = "weak" if signal >= WEAK else "very weak: answers will get lost"
    return Check(
        name="signal",
        finding=f"{signal} dBm: {how}",
        advice="Go nearer, or use an adapter with an antenna, on a cable away from USB 3 ports.",
    )


def of_held_battery(address: str) -> Check:
    """Return the check of a battery that this machine itself holds."""
    return problem(
        "battery",
        f"{address} is connected to this machine already, by another program or a link left behind",
        f"Stop the other program, or `bluetoothctl disconnect {address}`.",
        NO_ANSWER,
    )


def of_unheard_battery(battery: str, seconds: float) -> Check:
    """Return the check of a battery that was not heard."""
    return problem(
        "battery",
        f"{battery} was not heard in {seconds:g} s",
        "Close the phone app and other programs: a connected battery does not advertise. Go nearer. Put a load or a "
        "charger on: some batteries switch Bluetooth off at rest.",
        NOT_FOUND,
    )
