"""What holds for every test: no network, no Bluetooth of this machine, and in CI the same examples each time."""

import gc
import ipaddress
import os
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from tests import beside

IN_CI = bool(os.environ.get("CI"))
SECONDS_TO_WAIT = 1800  # for the slowest program beside the tests; the machines have limits of their own
SECONDS_PER_SLOW_TEST = 180  # a slow or busy machine must not fail for that alone
VM_PROGRAMS = ("qemu-system-x86_64", "busybox", "modprobe", "cpio", "dbus-daemon", "gatttool")

# `make check` takes the profile of CI too; a quick run takes few examples, but other ones each time.
hypothesis.settings.register_profile("ci", derandomize=True, database=None, deadline=None, print_blob=True)
hypothesis.settings.register_profile("local", deadline=None, max_examples=10)
hypothesis.settings.load_profile("ci" if IN_CI else "local")


def pytest_configure() -> None:
    # A test must never reach the Bluetooth adapter of its machine; the tests marked bluez have a machine of their own.
    os.environ["BMSREADER__WEB__ENABLED"] = "false"  # one port for all: the tests of the page ask for one of their own
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent/no-bluetooth-in-tests"
    os.environ.pop("NO_COLOR", None)
    os.environ.pop("FORCE_COLOR", None)
    signal.signal(signal.SIGTERM, terminated)
    guard_network()


# What is imported and collected stays to the end: looking through it for garbage again and again would take a second.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.freeze()
    gc.enable()
    # A worker of xdist has not all tests: there, the test that judges a program begins it.
    if not session.config.option.collectonly and not hasattr(session.config, "workerinput"):
        beside.begin({found for item in session.items if (found := program_of(item)) and not is_skipped(item)})


def terminated(*_: object) -> None:
    """End in order when told to: what runs beside the tests must not outlive them."""
    pytest.exit("terminated", returncode=128 + signal.SIGTERM)


def pytest_unconfigure() -> None:
    beside.end()


def program_of(item: pytest.Item) -> beside.Beside | None:
    """Return what runs beside the tests and is judged by this one."""
    found = getattr(getattr(item, "module", None), "BESIDE", None)
    return found if isinstance(found, beside.Beside) else None


def is_skipped(item: pytest.Item) -> bool:
    return any(not mark.args or mark.args[0] for mark in item.iter_markers() if mark.name in ("skip", "skipif"))


def place(item: pytest.Item) -> tuple[int, int]:
    """Return when a test comes: who waits for something beside all others comes last, in the turn of what it waits for.

    Before them come those of the browser: playwright keeps an event loop running, beside which no other can run.
    """
    program = program_of(item)
    return (2, program.turn) if program else (int("tests/web/browser/" in item.nodeid), 0)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=place)
    missing = missing_programs()
    for item in items:
        waits = program_of(item) is not None
        if (waits or item.get_closest_marker("slow")) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS_TO_WAIT if waits else SECONDS_PER_SLOW_TEST))
        # In CI a missing program is a failure, never a test that nobody notices is gone.
        if missing and not IN_CI and item.get_closest_marker("bluez"):
            item.add_marker(pytest.mark.skip(reason=f"needs {', '.join(missing)}: see .ci/run for the Debian packages"))


def missing_programs() -> list[str]:
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    missing = [program for program in VM_PROGRAMS if shutil.which(program, path=path) is None]
    if not Path("/usr/libexec/bluetooth/bluetoothd").exists():
        missing.append("bluetoothd")
    return missing


def is_on_this_machine(family: int, address: object) -> bool:
    """Whether a socket of this family and address stays on this machine: loopback or a Unix socket."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return family == getattr(socket, "AF_UNIX", None)
    host = address[0] if isinstance(address, tuple) else address
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def guard_network() -> None:
    """Let every connection to another machine fail: the suite must pass without a network, and disturb nobody."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, guarded(getattr(socket.socket, name)))


def guarded(method: Callable[..., object]) -> Callable[..., object]:
    def only_this_machine(self: socket.socket, *arguments: object) -> object:
        if not is_on_this_machine(self.family, arguments[-1]):
            raise PermissionError(f"tests talk to this machine only, not to {arguments[-1]!r}")
        return method(self, *arguments)

    return only_this_machine
