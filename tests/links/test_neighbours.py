"""Which Wi-Fi shares its chip with Bluetooth: in the files of a Raspberry Pi, a laptop and a box with a dongle."""

from pathlib import Path

import pytest

from bmsreader.links.neighbours import Wifi, frequency, wifi_on_the_chip_of

TABLE = """Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
"""
PI_UART = "sys/devices/platform/soc/fe201000.serial/serial0/serial0-0/bluetooth/hci0"
USB = "sys/devices/pci0000:00/usb1/1-7/1-7:1.0/bluetooth/hci0"


def machine(root: Path, *, adapter: str, vendor: str = "", driver: str = "brcmfmac", connected: bool = True) -> Path:
    """Make the files that say what is in a machine."""
    device = root / adapter
    device.mkdir(parents=True)
    (device / "device").symlink_to(device.parent.parent)
    if vendor:
        (device.parent.parent.parent / "idVendor").write_text(f"{vendor}\n")
    (root / "sys/class/bluetooth").mkdir(parents=True)
    (root / "sys/class/bluetooth/hci0").symlink_to(device)
    (root / f"sys/bus/drivers/{driver}").mkdir(parents=True)
    (root / "sys/class/net/wlan0/device").mkdir(parents=True)
    (root / "sys/class/net/wlan0/device/driver").symlink_to(root / f"sys/bus/drivers/{driver}")
    (root / "proc/net").mkdir(parents=True)
    line = " wlan0: 0000   60.  -50.  -256        0      0      0      0      0        0\n" if connected else ""
    (root / "proc/net/wireless").write_text(TABLE + line)
    return root


def test_a_raspberry_pi_has_both_on_one_chip(tmp_path: Path) -> None:
    wifi = wifi_on_the_chip_of("hci0", root=machine(tmp_path, adapter=PI_UART))

    assert wifi is not None
    assert (wifi.interface, wifi.disturbs) == ("wlan0", True)


def test_an_intel_laptop_has_both_on_one_card(tmp_path: Path) -> None:
    root = machine(tmp_path, adapter=USB, vendor="8087", driver="iwlwifi")

    assert wifi_on_the_chip_of("hci0", root=root) is not None


def test_a_usb_dongle_beside_the_pi_wifi_is_on_its_own(tmp_path: Path) -> None:
    assert wifi_on_the_chip_of("hci0", root=machine(tmp_path, adapter=USB, vendor="0a12")) is None


def test_wifi_that_is_not_connected_disturbs_nobody(tmp_path: Path) -> None:
    assert wifi_on_the_chip_of("hci0", root=machine(tmp_path, adapter=PI_UART, connected=False)) is None


def test_a_machine_without_wifi_or_adapter(tmp_path: Path) -> None:
    assert wifi_on_the_chip_of("hci0", root=tmp_path) is None


@pytest.mark.parametrize(("megahertz", "disturbs"), [(2437, True), (5180, False), (None, True)])
def test_only_wifi_at_the_frequencies_of_bluetooth_disturbs(megahertz: int | None, disturbs: bool) -> None:
    wifi = Wifi(interface="wlan0", adapter="hci0", megahertz=megahertz)

    assert wifi.disturbs is disturbs


def test_it_is_said_in_words() -> None:
    assert str(Wifi(interface="wlan0", adapter="hci0", megahertz=2437)) == "wlan0 sends at 2.4 GHz on the chip of hci0"


def test_what_is_no_wifi_has_no_frequency() -> None:
    assert frequency("lo") is None
