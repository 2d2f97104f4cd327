"""Listening needs an adapter; with one it is tested on the real Bluetooth stack."""

import asyncio

import pytest

from bmsreader.links.scan import advertisements
from bmsreader.model import NoBluetooth


def test_without_an_adapter_listening_says_so_and_what_to_do() -> None:
    async def listen() -> None:
        async for _ in advertisements(0.1):
            pass

    with pytest.raises(NoBluetooth, match="Bluetooth cannot be used on this machine") as caught:
        asyncio.run(listen())

    assert "doctor" in caught.value.advice
