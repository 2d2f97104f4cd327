"""`bmsreader inspect`: what a battery offers over Bluetooth, handle by handle."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.machine import Machine
    from bmsreader.cli.terminal import Terminal
    from bmsreader.links.link import GattTable, Link
    from bmsreader.protocol.codec import Codec

CONNECTING, DISCONNECTING = 30.0, 5.0
"""Deadlines, s."""
ASSIGNED = "0000{:04x}-0000-1000-8000-00805f9b34fb"
SERVICE, DECLARATION = ASSIGNED.format(0x2800), ASSIGNED.format(0x2803)
NAMES = {
    0x1800: "generic access",
    0x1801: "generic attribute",
    0x180A: "device information",
    0x180F: "battery service",
    0x2901: "description",
    0x2902: "switches notifications on",
    0x2904: "format",
    0x2A00: "device name",
    0x2A01: "appearance",
    0x2A04: "preferred connection parameters",
    0x2A05: "service changed",
    0x2A19: "battery level",
    0x2A24: "model number",
    0x2A25: "serial number",
    0x2A26: "firmware revision",
    0x2A27: "hardware revision",
    0x2A28: "software revision",
    0x2A29: "manufacturer name",
}
"""Names of the assigned numbers that batteries use."""


@click.command()
@click.argument("battery")
@options.search
@options.conversation
def command(
    battery: str,
    search: float,
    as_json: bool,
    adapter: str | None,
    descriptions: Sequence[str],
    quiet: bool,
    verbose: bool,
) -> None:
    """Connect to BATTERY and list every attribute that it offers, as `gatttool --char-desc` does, with its meaning.

    Nothing is written, not even a request: so this is safe with any Bluetooth device.

    \b
    bmsreader inspect LT-12V-1544
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    machine = this()
    machine.run(inspect(machine, terminal, battery, codecs(descriptions), adapter=adapter, search=search))


async def inspect(
    machine: "Machine",
    terminal: "Terminal",
    battery: str,
    codecs: "Sequence[Codec]",
    *,
    adapter: str | None,
    search: float,
) -> None:
    """Show the attributes of a battery."""
    with terminal.working(f"looking for {battery}"):
        link = await machine.link_to(battery, codecs, adapter=adapter, search=search)
    with terminal.working(f"connecting {link.name or link.address}"):
        table = await attribute_table(link)
    attributes = list(attributes_of(table, codecs))
    if terminal.as_json:
        terminal.json({"address": link.address, "name": link.name, **tree(table), "attributes": attributes})
        return
    terminal.remark(f"{link.name or '(no name)'} {link.address}")
    for attribute in attributes:
        terminal.line(f"handle = 0x{attribute['handle']:04x}, uuid = {attribute['uuid']}  {attribute['meaning']}")


async def attribute_table(link: "Link") -> "GattTable":
    """Connect, discover and let go again; ask a second time, afresh, when nothing was found."""
    import asyncio

    from bmsreader.model.errors import ServicesMissing, Unreachable, UsageError

    try:
        async with asyncio.timeout(CONNECTING):
            table = await link.connect()
            if table is not None and not table.services:
                await link.disconnect()
                table = await link.connect(fresh=True)
    except TimeoutError as error:
        raise Unreachable(f"{link.address}: no connection within {CONNECTING:.0f} s") from error
    finally:
        try:
            async with asyncio.timeout(DISCONNECTING):
                await link.disconnect()
        except TimeoutError:
            pass  # the radio hangs; what was found is still worth showing
    if table is None:
        raise UsageError(f"{link.address} is a serial line: it has no services to show")
    if not table.services:
        raise ServicesMissing(f"{link.address} is connected, but service discovery found nothing")
    return table


def attributes_of(table: "GattTable", codecs: "Sequence[Codec]") -> Iterator[dict[str, Any]]:
    """Yield every attribute in the order of the handles, with its meaning."""
    known = uses(codecs)
    for service in table.services:
        yield attribute(service.handle, SERVICE, f"service {service.uuid}{named(service.uuid)}")
        for characteristic in service.characteristics:
            yield attribute(characteristic.handle - 1, DECLARATION, "declares the next one")
            what = ", ".join(characteristic.properties)
            use = known.get((service.uuid, characteristic.uuid), "")
            yield attribute(characteristic.handle, characteristic.uuid, f"{what}{named(characteristic.uuid)}{use}")
            for handle, uuid in characteristic.descriptors:
                yield attribute(handle, uuid, f"descriptor{named(uuid)}")


def attribute(handle: int, uuid: str, meaning: str) -> dict[str, Any]:
    """Return one attribute."""
    return {"handle": handle, "uuid": uuid, "meaning": meaning}


def named(uuid: str) -> str:
    """Return the name of an assigned number, after a colon; empty for others."""
    number = int(uuid[:8], 16)
    return f": {NAMES[number]}" if number in NAMES and uuid == ASSIGNED.format(number) else ""


def uses(codecs: "Sequence[Codec]") -> dict[tuple[str, str], str]:
    """Return what the known protocols use a characteristic for."""
    found: dict[tuple[str, str], list[str]] = {}
    for codec in codecs:
        for profile in codec.description.profiles:
            found.setdefault((profile.service, profile.notify), []).append(f"{codec.id} answers here")
            found.setdefault((profile.service, profile.write), []).append(f"{codec.id} is asked here")
    return {key: f" <- {', '.join(dict.fromkeys(words))}" for key, words in found.items()}


def tree(table: "GattTable") -> dict[str, Any]:
    """Return services with their characteristics and descriptors, ready for JSON."""
    return {
        "services": [
            {
                "uuid": service.uuid,
                "handle": service.handle,
                "characteristics": [
                    {
                        "uuid": characteristic.uuid,
                        "handle": characteristic.handle,
                        "properties": list(characteristic.properties),
                        "descriptors": [
                            {"handle": handle, "uuid": uuid} for handle, uuid in characteristic.descriptors
                        ],
                    }
                    for characteristic in service.characteristics
                ],
            }
            for service in table.services
        ]
    }
