"""Continuous listening on one adapter, by habluetooth, and the one list of what all adapters hear."""

from collections.abc import Callable

from bleak.exc import BleakError
from habluetooth import BluetoothManager, BluetoothScanningMode, BluetoothServiceInfoBleak, HaScanner
from habluetooth.scanner_device import BluetoothScannerDevice

from bmsreader.links.adapters import LocalAdapter

TROUBLES = (BleakError, OSError, EOFError, TimeoutError, RuntimeError, ValueError)
"""What habluetooth, bleak and the message bus raise when Bluetooth does not work; TypeError and the like are bugs."""


class Scanner(HaScanner):
    """A scanner that leaves it to the radio what is done about silence.

    habluetooth resets an adapter that has heard nothing for two minutes. In a cellar where all batteries are connected
    that is the normal state, since a connected battery does not advertise: the reset would cut the links of all.
    """

    def __init__(self, adapter: LocalAdapter) -> None:
        super().__init__(BluetoothScanningMode.ACTIVE, adapter.name, adapter.address)

    def _async_scanner_watchdog(self) -> None:
        """Do nothing: see ``recovery.Hearing``."""

    async def _async_reset_adapter(self, gone_silent: bool) -> None:
        """Do nothing: see ``recovery.Hearing``."""


class Ether(BluetoothManager):
    """What all adapters and proxies hear together, and which of them a connection goes through."""

    def __init__(self, on_news: Callable[[BluetoothServiceInfoBleak], None]) -> None:
        super().__init__()
        self.routes: dict[str, str] = {}
        """Source (adapter's address) that the connection being made to an address must use."""
        self._on_news = on_news

    def _discover_service_info(self, service_info: BluetoothServiceInfoBleak) -> None:
        self._on_news(service_info)

    def async_scanner_devices_by_address(self, address: str, connectable: bool) -> list[BluetoothScannerDevice]:
        """Return the ways to a peripheral; only the chosen one while a connection is being made."""
        found: list[BluetoothScannerDevice] = super().async_scanner_devices_by_address(address, connectable)
        chosen = self.routes.get(address)
        return found if chosen is None else [one for one in found if one.scanner.source == chosen]

    @property
    def has_rights(self) -> bool:
        """Whether this program may talk to the kernel's Bluetooth itself (CAP_NET_ADMIN and CAP_NET_RAW)."""
        return not self.is_operating_degraded()
