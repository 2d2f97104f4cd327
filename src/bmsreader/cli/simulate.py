"""`bmsreader simulate`: a battery that answers, to try everything without owning one."""

from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.machine import Machine
    from bmsreader.cli.terminal import Terminal
    from bmsreader.simulator.battery import Battery

ADDRESS = "02:00:07:00:00:01"
FAULTS_HELP = (
    "What goes wrong, separated by commas: `lost-chunk:0.1,at-noise,dead-cell:2`. `--faults list` explains them all."
)


@click.command()
@click.option("--transport", metavar="HCI", help="Be a real Bluetooth battery on this controller: vhci, usb:0 ...")
@click.option("--name", help="Name that the battery advertises.  [default: LT-12V-1544, or one of the description's]")
@click.option("--address", default=ADDRESS, show_default=True, help="Its Bluetooth address.")
@click.option("--protocol", help="Protocol that it speaks.  [default: that of --description, else ej]")
@click.option("--variant", metavar="MESSAGE", help="Message that it answers with; see `bmsreader protocols`.")
@click.option(
    "--mode",
    type=click.Choice(["strict", "lax", "tail"]),
    default="strict",
    show_default=True,
    help="How it tells requests apart: by command and checksum, by command, by check digits.",
)
@click.option("--faults", default="", metavar="LIST", help=FAULTS_HELP)
@click.option(
    "--scenario", default="day", show_default=True, help="What it lives through: day, charge, discharge, rest."
)
@click.option(
    "--soc",
    metavar="PERCENT",
    type=click.FloatRange(0, 100),
    default=60.0,
    show_default=True,
    help="State of charge at the start.",
)
@click.option("--capacity", metavar="AH", type=float, default=200.0, show_default=True, help="Capacity on its label.")
@click.option("--cells", metavar="N", type=int, help="Cells in series.  [default: as many as the protocol needs, or 4]")
@click.option("--seed", metavar="N", type=int, default=1, show_default=True, help="Same seed, same life.")
@click.option("--speed", metavar="N", type=float, default=1.0, show_default=True, help="How much faster its time runs.")
@options.every(2.0)
@options.until()
@options.verbose
@options.quiet
@options.description
@options.as_json
def command(transport: str | None, faults: str, as_json: bool, quiet: bool, verbose: bool, **settings: Any) -> None:
    """Be a battery: read inside this program, or with --transport by any Bluetooth program.

    `vhci` needs no radio: on Linux, as root, this machine gets a virtual adapter within reach of the battery.

    \b
    bmsreader simulate --scenario charge --speed 60
    bmsreader simulate --description my.toml
    bmsreader simulate --transport vhci --name LT-12V-1544 --faults drop:3@0.2
    """
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    if faults == "list":
        list_faults(terminal)
        return
    machine = this()
    if transport is None:
        machine.run(read_it(machine, terminal, faults, settings))
    else:
        machine.run(serve_it(terminal, transport, faults, settings))


def list_faults(terminal: "Terminal") -> None:
    """Show every fault by its name."""
    from bmsreader.simulator.faults import fault_forms, fault_names

    forms = fault_forms()
    width = max(map(len, forms.values()))
    for name, meaning in fault_names().items():
        if terminal.as_json:
            terminal.json({"fault": name, "form": forms[name], "meaning": meaning})
        else:
            terminal.line(f"{forms[name]:<{width}}  {meaning}")


def battery_of(faults: str, settings: dict[str, Any]) -> "Battery":
    """Return the battery that the options ask for; raise UsageError that says what is wrong with them."""
    import asyncio
    from random import Random

    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.protocols import chosen
    from bmsreader.simulator.battery import Battery
    from bmsreader.simulator.demand import scenario
    from bmsreader.simulator.demo import cells_of, name_of
    from bmsreader.simulator.faults import Faults
    from bmsreader.simulator.pack import Pack

    known = codecs(settings["descriptions"])
    codec = chosen(known, settings["protocol"] or (known[0].id if settings["descriptions"] else "ej"))
    seed = settings["seed"]
    pack = Pack(
        clock=asyncio.get_running_loop().time,
        dice=Random(f"{seed} pack"),
        cells=settings["cells"] or cells_of(codec),
        design_capacity=settings["capacity"],
        soc=settings["soc"],
        demand=scenario(settings["scenario"]),
        speed=settings["speed"],
    )
    return Battery(
        pack,
        codec=codec,
        dice=Random(f"{seed} air"),
        variant=settings["variant"] or next(iter(codec.description.messages)),
        name=settings["name"] or name_of(codec),
        address=settings["address"],
        mode=settings["mode"],
        faults=Faults.parse(faults),
    )


async def read_it(machine: "Machine", terminal: "Terminal", faults: str, settings: dict[str, Any]) -> None:
    """Read the simulated battery as `bmsreader watch` reads a real one."""
    from bmsreader.cli.following import Until, follow

    battery = battery_of(faults, settings)
    machine.batteries = [battery]
    links = [machine.simulated_link(1, (battery.codec,))]
    until = Until(seconds=settings["seconds"], count=settings["count"])
    await follow(terminal, links, (battery.codec,), every=settings["every"], until=until, live=terminal.is_live)


async def serve_it(terminal: "Terminal", transport: str, faults: str, settings: dict[str, Any]) -> None:
    """Be a Bluetooth peripheral until interrupted, or until the time is over."""
    import asyncio

    try:
        from bmsreader.simulator.peripheral import serve
    except ImportError as error:
        from bmsreader.model.errors import UsageError

        raise UsageError(
            f"a simulated Bluetooth battery needs the package {error.name}",
            advice="Install it with `pip install bmsreader[simulator]`.",
        ) from error
    battery = battery_of(faults, settings)

    def on_ready() -> None:
        terminal.remark(f"{battery.name} is on the air, over {transport}; Ctrl-C ends.")
        if terminal.as_json:
            terminal.json({"ready": True, "name": battery.name, "address": battery.address, "transport": transport})

    try:
        async with asyncio.timeout(settings["seconds"]):
            await serve(
                battery,
                transport=transport,
                name=battery.name,
                address=battery.address,
                profile=battery.profile,
                collector=battery.collector,
                on_ready=on_ready,
            )
    except TimeoutError:
        pass  # the time that the owner gave is over
