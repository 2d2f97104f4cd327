"""`bmsreader doctor`: what is wrong, and what to do."""

from bmsreader.links.host import Adapter, Host
from tests.cli.surroundings import Air, invoke, lines_of

HEALTHY = Host(
    bus=True,
    service=True,
    allowed=True,
    version="5.82",
    kernel_adapters=("hci0",),
    adapters=(Adapter(name="hci0", address="02:00:00:00:00:FE", powered=True),),
)


class Patient(Air):
    """A machine in a given state of health."""

    def __init__(self, host: Host = HEALTHY, **air: bool | int) -> None:
        super().__init__(**air)  # type: ignore[arg-type]
        self._host = host

    async def host(self) -> Host:
        return self._host


def test_a_healthy_machine_ends_with_0() -> None:
    result = invoke("doctor", machine=Patient())

    assert result.exit_code == 0
    assert "2 Bluetooth devices heard in 8 s, 2 of them may be batteries" in result.stdout


def test_a_machine_without_bluetooth_says_what_to_do_and_ends_with_5() -> None:
    checks = lines_of(invoke("doctor", "--json", machine=Patient(Host(bus=True, service=False))))

    assert [check["state"] for check in checks] == ["problem"]
    assert "USB adapter" in checks[0]["advice"]
    assert invoke("doctor", machine=Patient(Host(bus=True))).exit_code == 5


def test_a_battery_is_heard_measured_and_read() -> None:
    checks = lines_of(invoke("doctor", "LT-12V", "--json", machine=Patient()))

    assert [check["check"] for check in checks][-3:] == ["listening", "signal", "answer"]
    assert "speaks ej" in checks[-1]["finding"]


def test_a_weak_signal_is_a_warning_with_advice() -> None:
    checks = lines_of(invoke("doctor", "V-12V", "--json", machine=Patient()))

    assert (checks[-2]["check"], checks[-2]["state"]) == ("signal", "warning")


def test_a_battery_that_is_not_heard_ends_with_3() -> None:
    result = invoke("doctor", "LT-24V", machine=Patient())

    assert result.exit_code == 3
    assert "phone app" in result.stdout


def test_a_battery_held_by_another_program_is_found_out() -> None:
    address = "02:00:07:00:15:44"
    held = Host(bus=True, service=True, allowed=True, adapters=HEALTHY.adapters, connected=frozenset({address}))
    result = invoke("doctor", address.lower(), machine=Patient(held, empty=True))

    assert result.exit_code == 4
    assert "another program" in result.stdout


def test_a_simulated_battery_needs_no_bluetooth() -> None:
    (check,) = lines_of(invoke("doctor", "simulated", "--json"))

    assert (check["check"], check["state"]) == ("answer", "ok")


def test_where_listening_fails_it_says_so() -> None:
    result = invoke("doctor", machine=Patient(Host(), bluetooth=False))

    assert result.exit_code == 5
    assert "PROBLEM  listening" in result.stdout
