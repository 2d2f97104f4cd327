"""What this machine has for Bluetooth."""

import asyncio

from bmsreader.links.host import Host, look


def test_a_machine_without_a_message_bus_is_described_and_nothing_is_raised() -> None:
    host = asyncio.run(look())

    assert isinstance(host, Host)
    assert host.bus in (False, None)
    assert host.adapters == ()
