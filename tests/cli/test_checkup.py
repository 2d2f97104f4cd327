"""The checks of the doctor: each problem comes with what to do."""

from typing import Any

import pytest

from bmsreader.cli import checkup
from bmsreader.links.host import Adapter, Host


def host(**changes: Any) -> Host:
    fixed = {
        "bus": True,
        "service": True,
        "allowed": True,
        "version": "5.82",
        "kernel_adapters": ("hci0",),
        "adapters": (Adapter(name="hci0", address="02:00:00:00:00:FE", powered=True),),
    }
    return Host(**{**fixed, **changes})


def first_problem(found: Host, adapter: str | None = None) -> checkup.Check | None:
    return next((check for check in checkup.of_host(found, adapter) if check.exit_code), None)


def test_a_healthy_machine_has_no_problem() -> None:
    states = [(check.name, check.state) for check in checkup.of_host(host(), None)]

    assert states == [("Bluetooth service", "ok"), ("permission", "ok"), ("adapter", "ok")]


@pytest.mark.parametrize(
    ("changes", "finding", "advice"),
    [
        pytest.param({"adapters": (), "kernel_adapters": ()}, "no Bluetooth adapter", "USB", id="no adapter"),
        pytest.param({"bus": False}, "message bus", "dbus", id="no bus"),
        pytest.param({"service": False}, "does not run", "systemctl enable", id="service stopped"),
        pytest.param({"service": False, "version": None}, "does not run", "apt install", id="BlueZ missing"),
        pytest.param({"allowed": False}, "you may not use", "adduser", id="permission"),
        pytest.param({"blocked": "soft"}, "blocked by software", "rfkill unblock", id="soft block"),
        pytest.param({"blocked": "hard"}, "blocked by a switch", "switch", id="hard block"),
        pytest.param({"adapters": ()}, "the kernel has hci0", "restart", id="service does not know it"),
    ],
)
def test_each_problem_says_what_to_do(changes: dict[str, Any], finding: str, advice: str) -> None:
    check = first_problem(host(**changes))

    assert check is not None
    assert finding in check.finding
    assert advice in check.advice
    assert check.exit_code == 5


def test_an_adapter_that_is_switched_off_is_found() -> None:
    check = first_problem(host(adapters=(Adapter(name="hci0", address="02:00:00:00:00:FE", powered=False),)))

    assert check is not None
    assert "bluetoothctl power on" in check.advice


def test_an_adapter_that_does_not_exist_is_wrong_usage() -> None:
    check = first_problem(host(), adapter="hci7")

    assert check is not None
    assert (check.exit_code, check.advice) == (2, "There are: hci0.")


def test_another_system_than_linux_is_judged_by_listening_alone() -> None:
    assert list(checkup.of_host(Host(), None)) == []


def test_a_weak_signal_is_a_warning() -> None:
    assert [checkup.of_signal(signal).state for signal in (-60, -80, -95)] == ["ok", "warning", "warning"]


def test_a_silent_air_is_a_warning() -> None:
    assert checkup.of_air(0, 0, 8).state == "warning"
    assert checkup.of_air(7, 1, 8).state == "ok"


def test_a_battery_that_is_held_or_not_heard_is_told_apart() -> None:
    assert checkup.of_held_battery("02:00:07:00:00:01").exit_code == 4
    assert checkup.of_unheard_battery("LT-12V", 8).exit_code == 3
