import asyncio
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bmsreader.cli.serving import Wishes, at_next_start, open_air, open_store
from bmsreader.configuration.settings import BatterySettings, Configuration, GatewaySettings, StoreSettings
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.logbook import Logbook
from bmsreader.model import ConfigurationError, UsageError


def air_of(*addresses: str, discover: bool = True, **wishes: object) -> tuple[Airing | None, bool]:
    """What the gateway listens with on this machine, which has no Bluetooth."""
    batteries = tuple(BatterySettings(name=f"battery {n}", address=address) for n, address in enumerate(addresses))
    configuration = Configuration(gateway=GatewaySettings(discover=discover), batteries=batteries)
    logbook = Logbook(None, lambda: datetime.now(UTC))
    return asyncio.run(open_air(configuration, Wishes(**wishes), logbook))  # type: ignore[arg-type]


def test_without_bluetooth_and_without_configuration_two_simulated_batteries_are_read() -> None:
    airing, simulated = air_of()

    assert airing is not None
    assert simulated
    assert len(airing.radio.heard()) == 2


def test_a_configured_battery_is_waited_for_when_there_is_no_bluetooth() -> None:
    airing, simulated = air_of("02:00:07:00:15:44")

    assert airing is not None
    assert (airing.on, simulated) == (False, False)


def test_a_battery_that_an_earlier_run_found_is_waited_for_too() -> None:
    logbook = Logbook(None, lambda: datetime.now(UTC))

    airing, simulated = asyncio.run(open_air(Configuration(), Wishes(), logbook, known=True))

    assert airing is not None
    assert (airing.on, simulated) == (False, False)


def test_batteries_on_serial_lines_alone_need_no_bluetooth() -> None:
    assert air_of("/dev/ttyUSB0", discover=False) == (None, False)


def test_as_many_batteries_are_simulated_as_are_asked_for_or_configured() -> None:
    for wanted in (air_of(simulated=5), air_of("simulated:5")):
        assert wanted[0] is not None
        assert len(wanted[0].radio.heard()) == 5


def test_faults_are_not_for_real_batteries() -> None:
    with pytest.raises(UsageError, match="for simulated batteries"):
        air_of("02:00:07:00:15:44", faults="busy")


def test_simulated_batteries_can_be_faulty() -> None:
    airing, _ = air_of(simulated=2, faults="busy")

    assert airing is not None
    assert airing.radio.heard() == []
    with pytest.raises(UsageError, match="no fault is called"):
        air_of(simulated=2, faults="bussy")


def test_simulated_and_real_batteries_do_not_mix() -> None:
    with pytest.raises(ConfigurationError, match="do not go together"):
        air_of("simulated:1", "02:00:07:00:15:44")


def test_the_history_is_made_with_its_folder_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "history.sqlite3"
    with ExitStack() as stack:
        store = open_store(Configuration(store=StoreSettings(path=path)), stack)
        assert store is not None
    assert path.exists()
    with ExitStack() as stack:
        assert open_store(Configuration(store=StoreSettings(enabled=False)), stack) is None


def test_a_reload_says_what_needs_a_restart() -> None:
    moved = Configuration(gateway=GatewaySettings(adapters=("hci1",)), store=StoreSettings(path=Path("elsewhere")))

    assert at_next_start(Configuration(), moved) == ["adapters in [gateway]", "path in [store]"]
    assert at_next_start(moved, moved) == []
