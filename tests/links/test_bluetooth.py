"""The radio of the gateway on a stack that tests command; the real one is in tests/bluez."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bmsreader.descriptions import load
from bmsreader.links import adapters, recovery
from bmsreader.links.bluetooth import BluetoothRadio, canonical, own_name
from bmsreader.model import BatteryBusy, NoBluetooth, NotHeard
from tests.links.records import Records
from tests.links.stack import BATTERY, HCI0, HCI1, Ears, Service

OTHER = "02:00:07:00:00:02"
WITHIN = 10.0


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(adapters, "SETTLE", 0.0)
    monkeypatch.setattr(recovery, "OFF", 0.0)
    Ears.made, Ears.broken = [], False
    yield
    Ears.made, Ears.broken = [], False


def on_air(
    service: Service,
    scene: Callable[[BluetoothRadio, Records], Awaitable[Any]],
    *,
    named: tuple[str, ...] = (),
    listening: int = 1,
) -> Any:
    """Switch the radio on, play the scene once so many adapters listen, and switch it off."""

    async def main() -> Any:
        records = Records()
        radio = BluetoothRadio(named, on_record=records, make_bus=lambda: service, make_scanner=Ears)
        async with radio:
            await records.until("scanner started", listening)
            return await scene(radio, records)

    return asyncio.run(asyncio.wait_for(main(), WITHIN))


def hear(
    radio: BluetoothRadio, number: int = -1, *, address: str = BATTERY, name: str = "LT-12V-1544", signal: int = -70
) -> None:
    Ears.made[number].hear(radio._ether, address, name, signal)


# ---- on and off


def test_without_an_adapter_it_says_so_at_once() -> None:
    with pytest.raises(NoBluetooth, match="no Bluetooth adapter"):
        on_air(Service(), lambda radio, records: asyncio.sleep(0))


def test_without_a_message_bus_it_says_so_at_once() -> None:
    async def main() -> None:
        async with BluetoothRadio():
            raise AssertionError("there is no Bluetooth here")

    with pytest.raises(NoBluetooth):
        asyncio.run(asyncio.wait_for(main(), WITHIN))


def test_a_named_adapter_that_is_missing_is_told_with_those_there_are() -> None:
    with pytest.raises(NoBluetooth, match="no Bluetooth adapter hci7") as error:
        on_air(Service(HCI0), lambda radio, records: asyncio.sleep(0), named=("hci7",))

    assert error.value.advice == "There are: hci0."


def test_all_adapters_are_used_when_none_is_named() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        return [(one.name, one.ok) for one in radio.health()], radio.slots(), radio.slots("hci1")

    assert on_air(Service(HCI0, HCI1), scene, listening=2) == ([("hci0", True), ("hci1", True)], 10, 5)


def test_only_named_adapters_are_used_by_name_or_address() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        return [one.name for one in radio.health()]

    assert on_air(Service(HCI0, HCI1), scene, named=("hci1",)) == ["hci1"]
    assert on_air(Service(HCI0, HCI1), scene, named=(HCI1.address.lower(),)) == ["hci1"]


def test_a_named_adapter_that_is_not_there_shows_in_the_health() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        return [(one.name, one.problem) for one in radio.health()]

    health = on_air(Service(HCI0), scene, named=("hci0", "hci7"))

    assert health == [("hci0", ""), ("hci7", "there is no such adapter")]


def test_when_it_is_switched_off_listening_ends() -> None:
    on_air(Service(HCI0), lambda radio, records: asyncio.sleep(0))

    assert [ears.ended for ears in Ears.made] == [True]


def test_it_can_be_switched_on_again() -> None:
    async def main() -> int:
        service = Service(HCI0)
        for _ in range(2):
            records = Records()
            async with BluetoothRadio(on_record=records, make_bus=lambda: service, make_scanner=Ears):
                await records.until("scanner started")
        return len(Ears.made)

    assert asyncio.run(asyncio.wait_for(main(), WITHIN)) == 2


# ---- adapters come and go


def test_an_adapter_that_is_plugged_in_later_is_taken_into_use() -> None:
    service = Service(HCI0)

    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        service.become(HCI0, HCI1)
        await records.until("scanner started", 2)
        return [one.name for one in radio.health() if one.ok]

    assert on_air(service, scene) == ["hci0", "hci1"]


def test_an_adapter_that_comes_back_under_another_name_is_used_again() -> None:
    service = Service(HCI0)

    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        service.become()
        await records.until("adapter gone")
        away = [(one.ok, one.problem, one.slots) for one in radio.health()]
        service.become(replace(HCI0, name="hci1"))
        await records.until("scanner started", 2)
        return away, [(one.name, one.ok) for one in radio.health()]

    assert on_air(service, scene) == ([(False, "the adapter is gone", 0)], [("hci1", True)])


def test_a_bluetooth_service_that_is_restarted_gets_a_new_scanner() -> None:
    service = Service(HCI0)

    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        service.die()
        await records.until("bluetooth gone")
        service.start_anew()
        await records.until("scanner started", 2)
        return [kind for kind in records.kinds if kind.startswith("bluetooth") and kind != "bluetooth limited"]

    assert on_air(service, scene) == ["bluetooth gone", "bluetooth back"]
    assert [ears.ended for ears in Ears.made] == [True, True]


def test_a_restart_that_nobody_saw_end_gets_a_new_scanner_too() -> None:
    service = Service(HCI0)

    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        service.become(HCI0, restarted=True)
        await records.until("scanner started", 2)

    on_air(service, scene)

    assert len(Ears.made) == 2


def test_an_adapter_that_is_switched_off_stops_and_starts_with_its_power() -> None:
    service = Service(HCI0)

    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        service.become(replace(HCI0, powered=False))
        await records.until("adapter off")
        problem = radio.health()[0].problem
        service.become(HCI0)
        await records.until("scanner started", 2)
        return problem

    assert on_air(service, scene) == "the adapter is switched off"


def test_a_reset_switches_off_and_on_and_listens_anew() -> None:
    service = Service(HCI0)

    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        works = await radio.reset("hci0")
        await records.until("scanner started", 2)
        return works, radio.health()[0].resets, await radio.reset("hci9")

    assert on_air(service, scene) == (True, 1, False)
    assert service.powered == [("hci0", False), ("hci0", True)]


def test_what_a_user_without_rights_misses_is_told_once() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        return records.kinds.count("bluetooth limited"), radio.hears_everything

    assert on_air(Service(HCI0), scene) == (1, False)


# ---- hearing


def test_a_battery_is_heard_with_name_signal_and_adapter() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        hear(radio)
        new = await radio.hears_new()
        (known,) = radio.heard()
        return new.address, new.name, new.signal, new.adapter, new.manufacturer_ids, known.address, known.age < 5

    assert on_air(Service(HCI0), scene) == (BATTERY, "LT-12V-1544", -70, "hci0", (33384,), BATTERY, True)


def test_every_advertisement_ends_the_silence_even_one_like_the_last() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        before = radio.silence(BATTERY.lower())
        for _ in range(2):
            asyncio.get_running_loop().call_soon(hear, radio)
            await radio.hears(BATTERY.lower())
        return before, radio.silence(BATTERY)

    before, after = on_air(Service(HCI0), scene)

    assert (before, after < 1.0) == (None, True)


def test_a_battery_that_was_heard_before_somebody_asked_is_known() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        hear(radio)
        return radio.silence(BATTERY), radio.link(BATTERY, codecs=[load("ej")]).signal

    silence, signal = on_air(Service(HCI0), scene)

    assert (silence < 1.0, signal) == (True, -70)


# ---- connecting


def test_the_stronger_adapter_is_taken_unless_the_owner_names_one() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        hear(radio, 0, signal=-85)
        hear(radio, 1, signal=-60)
        chosen = []
        for wanted in (None, "hci0", HCI0.address):
            async with radio.turn(BATTERY, wanted) as device:
                chosen.append(device.details["path"].split("/")[3])
        return chosen

    assert on_air(Service(HCI0, HCI1), scene, listening=2) == ["hci1", "hci0", "hci0"]


def test_one_adapter_makes_one_connection_at_a_time() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        hear(radio)
        hear(radio, address=OTHER, name="Caravan")
        at_once, most = 0, 0

        async def connect(address: str) -> None:
            nonlocal at_once, most
            async with radio.turn(address, None):
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(0.01)
                at_once -= 1

        async with asyncio.TaskGroup() as tasks:
            for address in (BATTERY, OTHER, BATTERY):
                tasks.create_task(connect(address))
        return most

    assert on_air(Service(HCI0), scene) == 1


def test_two_adapters_connect_side_by_side() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        for number in (0, 1):
            hear(radio, number, signal=-60 - number)
            hear(radio, number, address=OTHER, signal=-60 - number)
        async with radio.turn(BATTERY, None) as first, radio.turn(OTHER, None) as second:
            return {device.details["path"].split("/")[3] for device in (first, second)}

    assert on_air(Service(HCI0, HCI1), scene, listening=2) == {"hci0", "hci1"}


def test_a_connection_goes_through_the_adapter_whose_turn_it_is() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        hear(radio, 0, signal=-60)
        hear(radio, 1, signal=-61)
        async with radio.turn(BATTERY, "hci1"):
            inside = [one.scanner.adapter for one in radio._ether.async_scanner_devices_by_address(BATTERY, True)]
        outside = radio._ether.async_scanner_devices_by_address(BATTERY, True)
        return inside, len(outside)

    assert on_air(Service(HCI0, HCI1), scene, listening=2) == (["hci1"], 2)


@pytest.mark.slow
def test_a_battery_that_no_adapter_lists_is_not_heard() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        async with radio.turn(BATTERY, None):
            raise AssertionError("nobody hears it")

    with pytest.raises(NotHeard):
        on_air(Service(HCI0), scene)


def test_a_link_that_this_machine_holds_already_is_a_busy_battery_at_once() -> None:
    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        await radio.link(BATTERY, codecs=[load("ej")]).connect()

    with pytest.raises(BatteryBusy, match="connected to this machine already"):
        on_air(Service(HCI0, connected=(BATTERY,)), scene)


def test_a_stale_link_is_dropped_and_told() -> None:
    service = Service(HCI0, connected=(BATTERY,))

    async def scene(radio: BluetoothRadio, records: Records) -> Any:
        freed = [await radio.free(BATTERY.lower()), await radio.free(BATTERY)]
        return freed, [(one.kind, one.adapter, one.detail) for one in records[-1:]]

    assert on_air(service, scene) == ([True, False], [("stale link dropped", "hci0", BATTERY.lower())])
    assert service.dropped == ["/org/bluez/hci0/dev_02_00_07_00_00_01"]


# ---- names and addresses


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("LT-12V-1544", "LT-12V-1544"),
        ("Caravan\0\0", "Caravan"),
        ("02-00-07-00-00-01", None),
        (BATTERY, None),
        ("", None),
    ],
)
def test_an_address_is_no_name(said: str, name: str | None) -> None:
    assert own_name(said, BATTERY) == name


def test_addresses_are_written_large_but_not_the_uuids_of_macos() -> None:
    uuid = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"

    assert (canonical("c8:47:80:12:34:56"), canonical(uuid)) == ("C8:47:80:12:34:56", uuid)
