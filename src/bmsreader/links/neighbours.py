"""Wi-Fi on the chip of a Bluetooth adapter: both share one antenna, and at 2.4 GHz one deafens the other (Linux)."""

import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

COMBINED = {"brcmfmac": "uart", "brcmsmac": "uart", "wl18xx": "uart", "iwlwifi": "8087"}
"""Wi-Fi driver: how the Bluetooth part of the same chip is attached; ``uart``, or the USB maker's number."""
GET_FREQUENCY = 0x8B05
"""SIOCGIWFREQ of Linux."""
AT_2_4_GHZ = range(2400, 2500)
"""MHz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wifi:
    """A Wi-Fi connection on the same chip as a Bluetooth adapter."""

    interface: str
    adapter: str
    megahertz: int | None = None
    """None = not to be found out."""

    @property
    def disturbs(self) -> bool:
        """Whether it uses the frequencies of Bluetooth, as far as is known."""
        return self.megahertz is None or self.megahertz in AT_2_4_GHZ

    def __str__(self) -> str:
        band = "" if self.megahertz is None else f" at {self.megahertz / 1000:.1f} GHz"
        return f"{self.interface} sends{band} on the chip of {self.adapter}"


def wifi_on_the_chip_of(adapter: str, *, root: Path = Path("/")) -> Wifi | None:
    """Return the connected Wi-Fi that shares its chip with an adapter such as ``hci0``; None = there is none."""
    if not sys.platform.startswith("linux") and root == Path("/"):
        return None
    attached = _attached(root / "sys/class/bluetooth" / adapter)
    for interface in _connected(root / "proc/net/wireless"):
        driver = root / "sys/class/net" / interface / "device/driver"
        if attached and COMBINED.get(driver.resolve().name) == attached:
            return Wifi(interface=interface, adapter=adapter, megahertz=frequency(interface))
    return None


def _attached(adapter: Path) -> str:
    """Return how an adapter is attached: ``uart``, the USB maker's number, or nothing when it is not known."""
    device = (adapter / "device").resolve()
    if any(part.startswith(("serial", "tty")) for part in device.parts):
        return "uart"
    try:
        return (device.parent / "idVendor").read_text().strip()  # the adapter is an interface of the USB device above
    except OSError:
        return ""


def _connected(table: Path) -> list[str]:
    """Return the Wi-Fi interfaces that the kernel reports a link quality of."""
    try:
        lines = table.read_text().splitlines()[2:]
    except OSError:
        return []
    return [line.partition(":")[0].strip() for line in lines if ":" in line]


def frequency(interface: str) -> int | None:
    """Return the frequency of a Wi-Fi connection in MHz; None when the kernel does not tell."""
    try:
        from fcntl import ioctl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            answer = ioctl(asking.fileno(), GET_FREQUENCY, struct.pack("16s16x", interface.encode()[:15]))
    except (ImportError, OSError):
        return None
    mantissa, exponent = struct.unpack_from("=ih", answer, 16)
    hertz = mantissa * 10.0**exponent
    return round(hertz / 1e6) if hertz > 1e9 else None
