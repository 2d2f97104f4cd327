"""`bmsreader service`: let systemd start the gateway with the computer, and watch over it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.systemd import Systemd
    from bmsreader.cli.terminal import Terminal
    from bmsreader.cli.unit import Unit
    from bmsreader.model.errors import UsageError

for_user = click.option("--user", is_flag=True, help="A service of this user instead of the whole computer.")
PROPERTIES = (
    "LoadState",
    "ActiveState",
    "SubState",
    "StatusText",
    "NRestarts",
    "ActiveEnterTimestamp",
    "UnitFileState",
)


@click.group()
def command() -> None:
    """Let systemd start the gateway with the computer, watch over it, and start it anew when it hangs.

    The service runs as a user of its own that may do nothing but talk to Bluetooth and the network.

    \b
    bmsreader service install --dry-run
    sudo bmsreader service install
    bmsreader service status
    """


@command.command()
@for_user
@click.option("--dry-run", is_flag=True, help="Print the unit, say what would be done, and do nothing.")
@click.option("--no-start", is_flag=True, help="Install it, but do not start it now.")
@click.option("--serial", is_flag=True, help="Let it use serial ports (RS-485). [default: when the configuration does]")
@click.option(
    "--adapter-reset",
    is_flag=True,
    help="Let it reset a Bluetooth adapter that hangs; this gives it rights over the whole network.",
)
@options.quiet
def install(user: bool, dry_run: bool, no_start: bool, serial: bool, adapter_reset: bool, quiet: bool) -> None:
    """Install and start the service; a second time brings it up to date.

    A configuration with every setting is written to /etc/bmsreader if there is none.

    \b
    bmsreader service install --dry-run
    sudo bmsreader service install
    """
    import os

    from bmsreader.cli.systemd import Systemd, program_of_this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    systemd = Systemd.here(os.environ, user=user)
    if not dry_run:
        systemd.check(program_of_this(), "install")
    unit = unit_for(systemd, serial=serial, adapter_reset=adapter_reset)
    problem = unreadable(systemd)
    if dry_run:
        terminal.remark(f"this would not work yet: {problem}. {problem.advice}" if problem else "nothing is changed")
        terminal.remark(f"would write {systemd.unit}, and a configuration to {systemd.settings} if there is none")
        terminal.line(unit.text().rstrip("\n"))
        return
    if problem:
        raise problem
    write(systemd, unit, terminal)
    start(systemd, terminal, now=not no_start)


@command.command()
@for_user
@options.quiet
def uninstall(user: bool, quiet: bool) -> None:
    """Stop the service and remove it; configuration and history stay.

    \b
    sudo bmsreader service uninstall
    """
    import os

    from bmsreader.cli.systemd import Systemd, program_of_this
    from bmsreader.cli.terminal import Terminal

    systemd = Systemd.here(os.environ, user=user)
    systemd.check(program_of_this(), "uninstall")
    remove(systemd, Terminal(quiet=quiet))


@command.command()
@for_user
@options.as_json
def status(user: bool, as_json: bool) -> None:
    """Say whether the service is installed and runs, and what it says of itself. Ends with 0 when it runs, else 3.

    \b
    bmsreader service status
    """
    import os

    from bmsreader.cli.systemd import Systemd
    from bmsreader.cli.terminal import Terminal

    code = report(Systemd.here(os.environ, user=user), Terminal(as_json=as_json))
    if code:
        sys.exit(code)


def unit_for(systemd: "Systemd", *, serial: bool, adapter_reset: bool) -> "Unit":
    """Return the unit for this computer; raise ConfigurationError where the configuration is wrong."""
    from bmsreader.cli.systemd import folders_of_this, homes_among, program_of_this
    from bmsreader.cli.unit import Unit

    program = program_of_this()
    if systemd.user:
        return Unit(program=program, user=True)
    homes = homes_among(folders_of_this())
    group = serial_group(systemd.settings / "bmsreader.toml", wanted=serial)
    return Unit(program=program, homes=homes, serial_group=group, adapter_reset=adapter_reset)


def unreadable(systemd: "Systemd") -> "UsageError | None":
    """Return what keeps the service from reading its program."""
    from bmsreader.cli.systemd import check_lasting, check_readable, folders_of_this, homes_among
    from bmsreader.model.errors import UsageError

    try:
        if not systemd.user:
            check_lasting(folders_of_this())
            check_readable(folders_of_this(), homes_among(folders_of_this()))
    except UsageError as error:
        return error
    return None


def serial_group(file: Path, *, wanted: bool) -> str | None:
    """Return the group that may use serial ports, when it is wanted or a battery of the configuration is on one."""
    from bmsreader.cli.config import load
    from bmsreader.session.opening import is_port

    if file.exists() and not wanted:
        wanted = any(is_port(battery.address) for battery in load(file).batteries)
    if not wanted:
        return None
    import grp  # not on every system

    names = {group.gr_name for group in grp.getgrall()}
    return next((name for name in ("dialout", "uucp") if name in names), None)


def write(systemd: "Systemd", unit: "Unit", terminal: "Terminal") -> None:
    """Write unit and configuration; what the owner wrote is left as it is."""
    from bmsreader.configuration.writing import example

    if not systemd.user and systemd.make_user():
        terminal.line("made the system user bmsreader")
    systemd.settings.mkdir(parents=True, exist_ok=True)
    systemd.settings.chmod(0o755)  # whatever the umask: the service has a user of its own and must read it
    credentials = systemd.settings / "credentials"
    credentials.mkdir(mode=0o700, exist_ok=True)
    file = systemd.settings / "bmsreader.toml"
    if not file.exists():
        file.write_text(example(), encoding="utf-8")
        file.chmod(0o644)
        terminal.line(f"wrote {file}: every setting with its meaning")
    systemd.unit.parent.mkdir(parents=True, exist_ok=True)
    fresh = systemd.unit.with_suffix(".new")
    fresh.write_text(unit.text(), encoding="utf-8")
    fresh.chmod(0o644)
    fresh.replace(systemd.unit)
    terminal.line(f"wrote {systemd.unit}")


def start(systemd: "Systemd", terminal: "Terminal", *, now: bool) -> None:
    """Let systemd know the unit, start it with the computer, and now if wanted; say what to do next."""
    user = " --user" if systemd.user else ""
    systemd.call("daemon-reload")
    systemd.call("enable", "bmsreader.service")
    if now:
        systemd.call("restart", "bmsreader.service")
        terminal.line("the service runs, and starts with the computer")
    else:
        terminal.line(f"the service starts with the computer; start it now with: systemctl{user} start bmsreader")
    for line in next_steps(systemd):
        terminal.remark(line)


def next_steps(systemd: "Systemd") -> list[str]:
    """Return what the owner may want to do now."""
    user = " --user" if systemd.user else ""
    lines = [
        "Next:",
        f"  what it does     journalctl{user} -u bmsreader -f",
        f"  settings         {systemd.settings / 'bmsreader.toml'}; check them: bmsreader config check",
        f"  use them         systemctl{user} reload bmsreader",
    ]
    if systemd.user:
        return [*lines, "  also run it while you are not logged in: loginctl enable-linger"]
    secret = systemd.settings / "credentials" / "mqtt_password"
    return [*lines, f"  MQTT password    one line in {secret}, then systemctl restart bmsreader"]


def remove(systemd: "Systemd", terminal: "Terminal") -> None:
    """Stop and remove the service."""
    if not systemd.unit.exists():
        terminal.line(f"there is no {systemd.unit}: nothing to remove")
        return
    systemd.call("disable", "--now", "bmsreader.service")
    systemd.unit.unlink()
    systemd.call("daemon-reload")
    terminal.line(f"removed {systemd.unit}")
    history = "your data folder" if systemd.user else "/var/lib/bmsreader"
    terminal.remark(f"Configuration ({systemd.settings}) and history ({history}) are still there.")


def report(systemd: "Systemd", terminal: "Terminal") -> int:
    """Say how the service is doing, and return the exit code."""
    from bmsreader.model.errors import GatewayAbsent

    done = systemd.ask("show", "bmsreader.service", f"--property={','.join(PROPERTIES)}")
    found = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    runs = found.get("ActiveState") == "active"
    code = 0 if runs else GatewayAbsent.exit_code
    if terminal.as_json:
        installed = found.get("LoadState") == "loaded"
        terminal.json({"installed": installed, "runs": runs, **{key: found.get(key) for key in PROPERTIES}})
        return code
    terminal.line(in_words(found, done.stderr.strip()))
    return code


def in_words(found: dict[str, str], problem: str) -> str:
    """Return how the service is doing, in a sentence."""
    if not found:
        return f"not known: {' '.join(problem.split()) or 'systemd does not answer'}"
    if found.get("LoadState") != "loaded":
        return "not installed: `sudo bmsreader service install`"
    enabled = "starts with the computer" if found.get("UnitFileState") == "enabled" else "does not start by itself"
    if found.get("ActiveState") != "active":
        return f"does not run ({found.get('ActiveState')}, {found.get('SubState')}); {enabled}"
    says = f": {found['StatusText']}" if found.get("StatusText") else ""
    restarts = found.get("NRestarts", "0")
    again = f", started anew {restarts} times" if restarts not in ("", "0") else ""
    return f"runs since {found.get('ActiveEnterTimestamp')}{again}; {enabled}{says}"
