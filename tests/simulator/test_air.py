"""The virtual air loses nothing that a radio would deliver, and delivers nothing to who hung up."""

import asyncio

from bumble.device import Connection, Device, DeviceConfiguration
from bumble.hci import Address, LeFeatureMask, OwnAddressType

from bmsreader.simulator.air import Air, device_on_air

BATTERY = Address("02:00:07:00:00:01", Address.PUBLIC_DEVICE_ADDRESS)


async def two_devices(air: Air) -> tuple[Device, Device]:
    often = DeviceConfiguration(name="battery", advertising_interval_min=20, advertising_interval_max=20)
    battery = device_on_air(air, address="02:00:07:00:00:01", configuration=often)
    phone = device_on_air(air, address="02:00:00:00:00:EE", configuration=DeviceConfiguration(name="phone"))
    await battery.power_on()
    await phone.power_on()
    return battery, phone


async def connected(battery: Device, phone: Device) -> tuple[Connection, Connection]:
    accepted: asyncio.Queue[Connection] = asyncio.Queue()
    battery.on(Device.EVENT_CONNECTION, accepted.put_nowait)
    await battery.start_advertising(own_address_type=OwnAddressType.PUBLIC)
    to_battery = await phone.connect(BATTERY, own_address_type=OwnAddressType.PUBLIC)
    return await accepted.get(), to_battery


def test_a_device_has_the_public_address_that_it_was_given() -> None:
    async def scene() -> None:
        battery, _ = await two_devices(Air())
        assert battery.public_address == BATTERY

    asyncio.run(scene())


def test_data_arrives_in_both_directions_under_public_addresses() -> None:
    async def scene() -> None:
        battery, phone = await two_devices(Air())
        to_phone, to_battery = await connected(battery, phone)
        answers = await asyncio.gather(to_phone.get_remote_le_features(), to_battery.get_remote_le_features())
        assert answers[0] == answers[1]
        assert (to_phone.self_address, to_battery.peer_address) == (BATTERY, BATTERY)

    asyncio.run(scene())


def test_both_may_hang_up_at_the_same_moment() -> None:
    async def scene() -> None:
        battery, phone = await two_devices(Air())
        to_phone, to_battery = await connected(battery, phone)
        async with asyncio.timeout(2), asyncio.TaskGroup() as tasks:
            tasks.create_task(to_phone.disconnect())
            tasks.create_task(to_battery.disconnect())
        assert (battery.connections, phone.connections) == ({}, {})

    asyncio.run(scene())


def test_a_controller_claims_no_feature_whose_events_it_does_not_send() -> None:
    """The kernel waits 4 s for the newer report of a connection from a controller with one of these features."""

    async def scene() -> None:
        _, phone = await two_devices(Air())
        assert not phone.host.local_le_features & (LeFeatureMask.LL_PRIVACY | LeFeatureMask.LE_EXTENDED_ADVERTISING)

    asyncio.run(scene())
