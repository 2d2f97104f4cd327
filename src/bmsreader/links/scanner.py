"""Continuous listening on one adapter, by habluetooth, and the one list of what all adapters hear."""

from collections.abc import Callable

from bleak.exc import BleakError
from habluetooth import BluetoothManager, BluetoothScanningMode, BluetoothServiceInfoBleak, HaScanner, ScannerStartError
from habluetooth.scanner_device import BluetoothScannerDevice

from bmsreader.links.adapters import LocalAdapter
from bmsreader.links.deadline import within

START_WITHIN, STOP_WITHIN = 40.0, 8.0
"""s that the beginning and the end of listening may take."""

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

    async def begin(self) -> None:
        """Begin to listen; raise one of TROUBLES when that cannot be."""
        await within(STOP_WITHIN, _bleak_ready(self.adapter))
        try:
            await within(START_WITHIN, self.async_start())
        except ScannerStartError as error:
            raise BleakError(str(error)) from error

    async def end(self) -> None:
        """End listening; raise one of TROUBLES when nothing answers any more."""
        await within(STOP_WITHIN, self.async_stop())


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


async def _bleak_ready(adapter: str) -> None:
    """Have bleak connected to the Bluetooth service; see ``forget_service``."""
    if adapter.startswith("hci"):
        from bleak.backends.bluezdbus.manager import get_global_bluez_manager

        await get_global_bluez_manager()


def forget_service() -> None:
    """Have bleak forget all that it knew of a Bluetooth service that is gone.

    bleak does not notice that the service was restarted: it would show links as alive that ended with it. It does
    notice when its connection to the message bus ends, tells every client, and connects anew when it is next needed.
    """
    from bleak_retry_connector.bleak_manager import get_global_bluez_manager_sync

    bluez = get_global_bluez_manager_sync()
    if bluez is not None and bluez._bus is not None:
        bluez._bus.disconnect()
