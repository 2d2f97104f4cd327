"""A bumble central reads the simulated peripheral over a virtual air: no kernel, no radio."""

import asyncio

import pytest
from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.device import DeviceConfiguration, Peer
from bumble.hci import Address, OwnAddressType

from bmsreader.model.errors import NoBluetooth, UsageError
from bmsreader.protocol import BleProfile
from bmsreader.simulator import peripheral
from bmsreader.simulator.air import Air, device_on_air
from bmsreader.simulator.peripheral import (
    NORDIC_UART,
    UNASKED_EVERY,
    OnAir,
    advertisement,
    on_virtual_controller,
    serve,
    serve_all,
)
from tests.simulator.batteries import a_battery
from tests.simulator.central import (
    ADDRESS,
    FRAME,
    REQUEST,
    Link,
    Standing,
    in_chunks,
    on_the_air,
    run,
    until,
)

pytestmark = pytest.mark.slow  # a whole Bluetooth stack, in real time

TABLE = [
    (0x0001, "2800"),
    (0x0002, "2803"),
    (0x0003, "2A05"),
    (0x0004, "2902"),
    (0x0005, "2800"),
    (0x0006, "2803"),
    (0x0007, "2A00"),
    (0x0008, "2803"),
    (0x0009, "2A01"),
    (0x000A, "2803"),
    (0x000B, "2A04"),
    (0x000C, "2800"),
    (0x000D, "2803"),
    (0x000E, "6E400003-B5A3-F393-E0A9-E50E24DCCA9E"),
    (0x000F, "2902"),
    (0x0010, "2803"),
    (0x0011, "6E400002-B5A3-F393-E0A9-E50E24DCCA9E"),
]
"""What ``gatttool --char-desc`` prints for a real Electronicx battery."""


def test_the_attribute_table_is_that_of_a_real_battery() -> None:
    async def scene() -> None:
        async with on_the_air(Standing()) as central:
            link = await central.connect()
            attributes = await link.peer.discover_attributes()
            assert [(a.handle, a.type.to_hex_str("-")) for a in attributes] == TABLE

    run(scene())


def test_the_notify_characteristic_notifies_and_the_other_one_takes_both_kinds_of_write() -> None:
    async def scene() -> None:
        async with on_the_air(Standing()) as central:
            link = await central.connect()
            assert str(link.notify.properties) == "NOTIFY"
            assert str(link.write.properties) == "WRITE_WITHOUT_RESPONSE|WRITE"

    run(scene())


def test_it_advertises_name_and_manufacturer_data_under_its_public_address() -> None:
    async def scene() -> None:
        async with on_the_air(Standing()) as central:
            heard = await central.first_advertisement()
            assert heard.address == Address(ADDRESS, Address.PUBLIC_DEVICE_ADDRESS)
            assert heard.data_bytes == b"\x02\x01\x06\x0c\x09LT-12V-1544\x0a\xff\x68\x82\x01\x02\x00\x07\x00\x00\x01"

    run(scene())


def test_a_request_is_answered_with_the_frame() -> None:
    async def scene() -> None:
        async with on_the_air(Standing()) as central:
            link = await central.connect()
            await link.notify.subscribe()
            assert await link.ask() == FRAME
            assert [len(chunk) for chunk in link.received] == [20] * 7

    run(scene())


def test_a_central_that_never_subscribed_on_this_connection_is_answered_too() -> None:
    async def scene() -> None:
        async with on_the_air(Standing()) as central:
            link = await central.connect()
            assert await link.ask() == FRAME

    run(scene())


def test_a_strict_battery_answers_only_a_central_that_subscribed() -> None:
    async def scene() -> None:
        battery = Standing()
        async with on_the_air(battery, must_subscribe=True) as central:
            link = await central.connect()
            await link.write.write_value(REQUEST, with_response=True)
            await until(lambda: battery.asked == [REQUEST])
            await link.notify.subscribe()
            assert await link.ask() == FRAME

    run(scene())


def test_a_central_that_unsubscribed_gets_nothing() -> None:
    async def scene() -> None:
        battery = Standing()
        async with on_the_air(battery) as central:
            link = await central.connect()
            (switch,) = await link.notify.discover_descriptors()
            await link.peer.write_value(switch, bytes([0, 0]), with_response=True)
            await link.write.write_value(REQUEST, with_response=True)
            await until(lambda: battery.asked == [REQUEST])
            assert link.received == []

    run(scene())


def test_a_request_may_come_in_pieces_with_cr_lf_and_without_response() -> None:
    async def scene() -> None:
        battery = Standing()
        async with on_the_air(battery) as central:
            link = await central.connect()
            await link.write.write_value(REQUEST[:5])
            await link.write.write_value(REQUEST[5:] + b"\r\n")
            assert await link.answer() == FRAME
            assert battery.asked == [REQUEST]

    run(scene())


def test_a_second_request_waits_for_the_answer_to_the_first() -> None:
    async def scene() -> None:
        async with on_the_air(Standing(chunks=in_chunks(FRAME, delay=0.001))) as central:
            link = await central.connect()
            await link.write.write_value(REQUEST)
            await link.write.write_value(REQUEST)
            assert await link.answer(frames=2) == FRAME + FRAME

    run(scene())


def test_a_chunk_larger_than_the_link_takes_is_sent_in_parts() -> None:
    async def scene() -> None:
        async with on_the_air(Standing(chunks=[(0.0, FRAME)])) as central:
            link = await central.connect()
            assert await link.ask() == FRAME

    run(scene())


def test_a_module_with_a_larger_mtu_sends_larger_notifications() -> None:
    async def scene() -> None:
        async with on_the_air(Standing(chunks=[(0.0, FRAME)]), mtu=247) as central:
            link = await central.connect()
            await link.peer.request_mtu(247)
            assert await link.ask() == FRAME
            assert len(link.received) == 1

    run(scene())


def test_it_advertises_again_after_the_central_left() -> None:
    async def scene() -> None:
        async with on_the_air(Standing()) as central:
            link = await central.connect()
            await link.connection.disconnect()
            assert (await central.first_advertisement()).address.to_string(with_type_qualifier=False) == ADDRESS
            assert await (await central.connect()).ask() == FRAME

    run(scene())


def test_it_does_not_advertise_while_a_central_holds_it() -> None:
    async def scene() -> None:
        async with on_the_air(Standing()) as central:
            await central.connect()
            with pytest.raises(TimeoutError):
                await central.first_advertisement(within=0.08)

    run(scene())


def test_an_asleep_battery_does_not_advertise_until_it_wakes_up() -> None:
    async def scene() -> None:
        battery = Standing(connectable=False)
        async with on_the_air(battery) as central:
            with pytest.raises(TimeoutError):
                await central.first_advertisement(within=0.08)
            battery.connectable = True
            assert (await central.first_advertisement()).is_connectable

    run(scene())


def test_a_battery_that_falls_asleep_stops_advertising_and_drops_the_link() -> None:
    async def scene() -> None:
        battery = Standing()
        async with on_the_air(battery) as central:
            link = await central.connect()
            battery.connectable = False
            await link.hung_up()
            with pytest.raises(TimeoutError):
                await central.first_advertisement(within=0.08)

    run(scene())


def test_a_battery_that_drops_the_link_in_mid_frame_can_be_read_again() -> None:
    async def scene() -> None:
        battery = Standing(drop_after=3)
        async with on_the_air(battery) as central:
            link = await central.connect()
            await link.write.write_value(REQUEST, with_response=True)
            await link.hung_up()
            assert b"".join(link.received) == FRAME[:60]
            battery.drop_after = None
            assert await (await central.connect()).ask() == FRAME

    run(scene())


def test_a_look_at_what_it_says_unasked_does_not_save_the_link_that_an_answer_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peripheral, "UNASKED_EVERY", 0.005)  # many looks between two notifications

    async def scene() -> None:
        async with on_the_air(a_battery(faults="drop:3", instant=False)) as central:
            link = await central.connect()
            await link.notify.subscribe()
            await link.write.write_value(REQUEST, with_response=True)
            await link.hung_up()
            assert [len(chunk) for chunk in link.received] == [20, 20, 20]

    run(scene())


def test_a_battery_that_is_left_alone_drops_the_link() -> None:
    async def scene() -> None:
        battery = Standing()
        async with on_the_air(battery) as central:
            link = await central.connect()
            battery.idle_disconnect = 0.01
            await link.hung_up()

    run(scene())


def test_an_answer_for_a_central_that_left_is_not_sent_to_the_next_one() -> None:
    async def scene() -> None:
        battery = Standing(chunks=[(0.0, FRAME[:20]), (0.03, FRAME[20:])])
        async with on_the_air(battery) as central:
            first = await central.connect()
            await first.write.write_value(REQUEST, with_response=True)
            await until(lambda: len(first.received) == 1)
            await first.connection.disconnect()
            second = await central.connect()
            assert await second.ask() == FRAME

    run(scene())


def test_no_connection_attempt_outlives_its_cancellation() -> None:
    async def scene() -> None:
        battery = Standing(connectable=False)
        async with on_the_air(battery) as central:
            with pytest.raises(BumbleTimeoutError):
                await central.device.connect(Address(ADDRESS, Address.PUBLIC_DEVICE_ADDRESS), timeout=0.03)
            battery.connectable = True
            assert await (await central.connect()).ask() == FRAME

    run(scene())


def test_two_batteries_share_the_air() -> None:
    async def scene() -> None:
        air = Air()
        caravan = OnAir(battery=Standing(), name="Caravan", address="02:00:07:00:00:02", manufacturer_id=None)
        async with asyncio.TaskGroup() as tasks:
            both = [on_virtual_controller(b, air) for b in (OnAir(battery=Standing(), name="LT-12V-1544"), caravan)]
            running = [tasks.create_task(peripheral.run()) for peripheral in both]
            phone = device_on_air(air, address="02:00:00:00:00:EE", configuration=DeviceConfiguration(name="phone"))
            await phone.power_on()
            links = []
            for battery in ("02:00:07:00:00:01", "02:00:07:00:00:02"):
                address = Address(battery, Address.PUBLIC_DEVICE_ADDRESS)
                connection = await phone.connect(address, own_address_type=OwnAddressType.PUBLIC)
                links.append(Link(connection=connection, peer=Peer(connection)))
            for link in links:
                await link.peer.discover_all()  # type: ignore[no-untyped-call]
                link.listen()
            assert [await link.ask() for link in links] == [FRAME, FRAME]
            for task in running:
                task.cancel()

    run(scene())


def test_it_speaks_unasked_to_a_central_that_subscribed_and_to_no_other() -> None:
    async def scene() -> None:
        battery = Standing(chunks=[], says=in_chunks(FRAME))
        async with on_the_air(battery) as central:
            link = await central.connect()
            await asyncio.sleep(1.5 * UNASKED_EVERY)
            assert link.received == []
            await link.notify.subscribe()
            assert await link.answer() == FRAME

    run(scene())


def test_one_characteristic_may_notify_and_take_requests() -> None:
    async def scene() -> None:
        one = BleProfile(service=NORDIC_UART.service, notify=NORDIC_UART.notify, write=NORDIC_UART.notify)
        async with on_the_air(Standing(), profile=one) as central:
            link = await central.connect()
            assert str(link.notify.properties) == "WRITE_WITHOUT_RESPONSE|WRITE|NOTIFY"
            await link.notify.subscribe()
            await link.notify.write_value(REQUEST, with_response=True)
            assert await link.answer() == FRAME

    run(scene())


def test_a_long_name_leaves_no_room_for_manufacturer_data() -> None:
    fits = advertisement(OnAir(battery=Standing(), name="V-12V200Ah-0215"), ADDRESS)
    too_long = advertisement(OnAir(battery=Standing(), name="V-12V200Ah-02150"), ADDRESS)

    assert (len(fits), b"\x68\x82" in fits, b"\x68\x82" in too_long) == (31, True, False)


def test_a_name_that_no_advertisement_can_carry_is_refused() -> None:
    with pytest.raises(UsageError, match="longer than an advertisement"):
        advertisement(OnAir(battery=Standing(), name="x" * 27), ADDRESS)


def test_a_controller_that_cannot_be_opened_is_said_in_one_sentence() -> None:
    with pytest.raises(NoBluetooth, match="cannot open the Bluetooth controller vhci:/nonexistent"):
        run(serve(Standing(), transport="vhci:/nonexistent", name="LT-12V-1544"))


def test_one_real_controller_is_one_battery() -> None:
    two = [OnAir(battery=Standing(), name=name) for name in ("one", "two")]

    with pytest.raises(UsageError, match="one battery only"):
        run(serve_all(two, transport="usb:0"))
