"""No test of the links asks the kernel of its machine about Bluetooth, not even as root."""

from typing import Any

import pytest


class NoRights:
    """The kernel's Bluetooth as an ordinary user finds it."""

    def __init__(self, *_: Any) -> None: ...

    async def setup(self) -> None:
        raise PermissionError("not allowed")


@pytest.fixture(autouse=True)
def without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habluetooth.manager.MGMTBluetoothCtl", NoRights)
