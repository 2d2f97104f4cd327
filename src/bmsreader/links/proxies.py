"""ESPHome Bluetooth proxies: small radios on the network, for batteries that no adapter of this machine reaches."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from bmsreader.links.deadline import within
from bmsreader.model.errors import ConfigurationError
from bmsreader.model.health import AdapterHealth

if TYPE_CHECKING:
    from aioesphomeapi.client import APIClient

    from bmsreader.links.scanner import Ether
    from bmsreader.links.station import Tell

LEAVE_WITHIN = 5.0
"""s that a proxy may take to say goodbye."""
ANSWERS_WITHIN = 15.0
"""s that a proxy that was just connected may take to say what it is."""


class ProxyPlace(Protocol):
    """Where a proxy is."""

    @property
    def host(self) -> str:
        """Name or address."""

    @property
    def port(self) -> int:
        """Port of its native API."""

    @property
    def key(self) -> str | None:
        """Encryption key of its API; None when it is not encrypted."""


def require_library() -> None:
    """Raise ConfigurationError when the library for proxies is not installed."""
    try:
        import bleak_esphome  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "ESPHome Bluetooth proxies need the package bleak-esphome, which is not installed",
            advice="`pip install 'bmsreader[esphome]'`",
        ) from error


class Proxy:
    """One proxy. ``live`` keeps connected to it until cancelled, and connects again when it was restarted."""

    def __init__(self, place: ProxyPlace, ether: "Ether", tell: "Tell") -> None:
        self.name = place.host
        self._place = place
        self._ether = ether
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._data: Any = None
        self._leave: list[Callable[[], object]] = []
        self._problem = "not connected yet"
        self._lost_at: float | None = None
        self._leaving = False
        self._began = self._loop.time()

    def health(self) -> AdapterHealth:
        """Return how the proxy is doing."""
        device = None if self._data is None else self._data.bluetooth_device
        return AdapterHealth(
            name=self.name,
            ok=not self._problem,
            problem=self._problem,
            slots=0 if device is None else device.ble_connections_limit,
            free=0 if device is None else device.ble_connections_free,
        )

    async def live(self) -> None:
        """Stay connected until cancelled."""
        from aioesphomeapi.client import APIClient
        from aioesphomeapi.reconnect_logic import ReconnectLogic

        client = APIClient(self._place.host, self._place.port, None, noise_psk=self._place.key, client_info="bmsreader")

        async def connected() -> None:
            await self._connected(client)

        reconnecting = ReconnectLogic(
            client=client,
            on_connect=connected,
            on_disconnect=self._disconnected,
            on_connect_error=self._failed,
            name=self.name,
        )
        await reconnecting.start()
        try:
            await asyncio.Event().wait()
        finally:
            self._leaving = True
            try:
                await within(LEAVE_WITHIN, reconnecting.stop())
                await within(LEAVE_WITHIN, client.disconnect())
            except TimeoutError:
                pass  # it is gone already
            self._gone("")

    async def _connected(self, client: "APIClient") -> None:
        from aioesphomeapi.core import APIConnectionError
        from bleak_esphome import connect_scanner

        try:
            about = await within(ANSWERS_WITHIN, client.device_info())
        except (APIConnectionError, TimeoutError) as error:
            await self._failed(error)
            return
        version = client.api_version
        if version is None or not about.bluetooth_proxy_feature_flags_compat(version):
            self._problem = f"{about.name or self.name} is no Bluetooth proxy"
            self._tell("proxy failed", adapter=self.name, detail=self._problem)
            return
        self._gone("")
        self._data = connect_scanner(client, about, True)
        scanner = self._data.scanner
        self._leave = [scanner.async_setup(), self._ether.async_register_scanner(scanner)]
        self._problem = ""
        since = self._began if self._lost_at is None else self._lost_at
        self._lost_at = None
        self._tell(
            "proxy connected", adapter=self.name, duration=round(self._loop.time() - since, 3), detail=about.name
        )

    async def _disconnected(self, expected: bool) -> None:
        if self._data is not None and not self._leaving:
            self._lost_at = self._loop.time()
            self._tell("proxy lost", adapter=self.name)
        self._gone("the connection to the proxy is lost")

    async def _failed(self, error: Exception) -> None:
        problem = f"no connection to the proxy: {error}"
        if problem != self._problem:
            self._tell("proxy failed", adapter=self.name, detail=str(error))
        self._problem = problem

    def _gone(self, problem: str) -> None:
        """Give up all links through the proxy, so that those who hold them connect anew."""
        data, self._data = self._data, None
        self._problem = problem
        if data is None:
            return
        data.bluetooth_device.async_set_unavailable()
        for callback in [*data.disconnect_callbacks]:
            callback()
        data.disconnect_callbacks.clear()
        leave, self._leave = self._leave, []
        for step in reversed(leave):
            step()
