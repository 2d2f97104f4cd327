"""A command line in virtual time, on a machine whose only batteries are simulated."""

import json
import os
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest
from bleak.backends.device import BLEDevice
from click.testing import CliRunner, Result

from bmsreader.cli import main
from bmsreader.cli.machine import Machine
from bmsreader.gateway import place
from bmsreader.links.link import Link
from bmsreader.links.scan import Advertisement
from bmsreader.model.errors import NoBluetooth
from bmsreader.protocol.codec import Codec
from bmsreader.session.discovery import Found
from tests.clock import VirtualTimeLoop

FRAME = (
    ":008231008C000000000000000CB90CBA0CBB0CB6000000000000000000000000000000000000000000000000"
    "00B400003D3D3D3DF0000013760031000011014007D007D0B6~"
)
"""As its owner's battery sent it (agcyl/bms-ble-reader-electronicx-lifepo)."""
MISPRINT = FRAME.replace("0CB9", "0CB2")
"""The same frame as its owner copied it: the checksum shows it."""
NOWHERE = "/dev/null/nowhere"
"""A place where nothing can be, nor be made, not even by root."""


def invoke(*arguments: str, machine: Machine | None = None, stdin: str | bytes = "", **environment: str) -> Result:
    """Run a command in virtual time; an exception that it lets through fails the test."""
    machine = machine or Machine(loop_factory=VirtualTimeLoop)
    variables = {"COLUMNS": "100", "BMSREADER_DEBUG": "", "XDG_CONFIG_HOME": "/nonexistent"}
    # A gateway that works on this machine, and its history, are none of a test's business.
    elsewhere = {name: os.environ.get(name, NOWHERE) for name in ("STATE_DIRECTORY", "RUNTIME_DIRECTORY")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "SERVICE", Path(NOWHERE))
        return CliRunner().invoke(
            main,
            list(arguments),
            input=stdin,
            env=variables | elsewhere | environment,
            obj=machine,
            prog_name="bmsreader",
            catch_exceptions=False,
        )


def lines_of(result: Result) -> list[dict[str, Any]]:
    """Return what a command printed with --json; standard output must hold nothing else."""
    return [json.loads(line) for line in result.stdout.splitlines()]


class Air(Machine):
    """A machine with an adapter, and the two simulated batteries in range under their own names."""

    def __init__(self, *, empty: bool = False, bluetooth: bool = True, strangers: int = 0) -> None:
        super().__init__(loop_factory=self._loop)
        self.elapsed = 0.0
        """Virtual s that the command took."""
        self._empty = empty
        self._bluetooth = bluetooth
        self._strangers = strangers

    def _loop(self) -> VirtualTimeLoop:
        self.loop = VirtualTimeLoop()
        return self.loop

    def run(self, main: Coroutine[Any, Any, Any]) -> Any:
        """Run a command and note how long it took."""
        result = super().run(main)
        self.elapsed = self.loop.time()
        return result

    async def discover(self, seconds: float, codecs: Sequence[Codec], **options: Any) -> list[Found]:
        """Hear the simulated batteries."""
        if not self._bluetooth:
            raise NoBluetooth("there is no adapter")
        heard = [] if self._empty else [found("LT-12V-1544", "02:00:07:00:15:44", -58, likely="ej")]
        if not self._empty:
            heard.append(found("V-12V100Ah-0215", "09:01:00:00:02:15", -83, likely="ej"))
        strangers = [found(None, f"11:22:33:44:55:{number:02X}", -70) for number in range(self._strangers)]
        for one in [*heard, *strangers]:
            if options.get("on_found"):
                options["on_found"](one)
        return [*heard, *strangers] if options.get("everything") else heard

    async def link_to(
        self, battery: str | Found, codecs: Sequence[Codec], *, adapter: str | None = None, search: float = 15.0
    ) -> Link:
        """Connect to a simulated battery where a real machine would use its adapter."""
        if isinstance(battery, Found):
            return self.simulated_link(1 if battery.name == "LT-12V-1544" else 2, codecs)
        return await super().link_to(battery, codecs, adapter=adapter, search=search)


def found(name: str | None, address: str, signal: int, *, likely: str | None = None) -> Found:
    """Return a peripheral as a scan reports it."""
    advertisement = Advertisement(
        address=address,
        name=name,
        signal=signal,
        services=(),
        manufacturer_data=((33384, b"\x01"),) if likely else (),
        device=BLEDevice(address, name, None),
    )
    return Found(address=address, name=name, signal=signal, likely=likely, advertisement=advertisement)
