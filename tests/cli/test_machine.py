"""The computer that commands run on."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from bmsreader.cli.machine import SIMULATED, Machine
from bmsreader.descriptions import shipped
from bmsreader.links.ble import BleLink
from bmsreader.links.serial import SerialLink
from bmsreader.model.errors import UsageError
from tests.cli.executable import start
from tests.cli.surroundings import found, invoke, lines_of
from tests.clock import VirtualTimeLoop
from tests.unasked import HUM


def link(battery: object) -> object:
    machine = Machine(loop_factory=VirtualTimeLoop)
    return machine.run(machine.link_to(battery, shipped()))  # type: ignore[arg-type]


def test_an_address_a_port_and_a_simulated_battery_are_told_apart() -> None:
    assert isinstance(link("02:00:07:00:00:01"), BleLink)
    assert isinstance(link("/dev/ttyUSB0"), SerialLink)
    assert type(link("simulated:2")).__name__ == "SimulatedLink"
    assert isinstance(link(found("LT-12V", "02:00:07:00:00:01", -50)), BleLink)


def test_with_a_description_of_ones_own_the_first_simulated_battery_speaks_it(tmp_path: Path) -> None:
    path = tmp_path / "hum.toml"
    path.write_text(HUM)
    read = [invoke("read", name, "--description", str(path), "--json") for name in ("simulated", "simulated:2")]

    assert [lines_of(result)[0]["protocol"] for result in read] == ["hum", "ej"]


def test_a_battery_whose_name_only_begins_like_simulated_is_a_name() -> None:
    assert SIMULATED.fullmatch("simulated van") is None


def test_only_the_simulated_batteries_that_exist_can_be_read() -> None:
    with pytest.raises(UsageError, match="no simulated battery 3"):
        link("simulated:3")


@pytest.mark.slow
def test_termination_ends_it_in_order_and_says_so() -> None:
    with start("watch", "simulated", "--every", "0.2", stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)

    assert (process.returncode, err) == (143, b"")


@pytest.mark.slow
def test_ctrl_c_ends_it_in_order() -> None:
    with start("watch", "simulated", "--every", "0.2", stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)

    assert process.returncode == 130
    assert err.strip() == b""
    assert time.monotonic() - began < 5
