from dataclasses import replace

import pytest

from bmsreader.configuration import Configuration
from bmsreader.configuration.settings import BankSettings, BatterySettings, GatewaySettings
from bmsreader.descriptions import shipped
from bmsreader.gateway.roster import as_now, banked, listed, matches, strangers, unlike, wired
from bmsreader.model import ConfigurationError


def configuration(*batteries: BatterySettings, **gateway: object) -> Configuration:
    return Configuration(gateway=GatewaySettings(**gateway), batteries=batteries)  # type: ignore[arg-type]


def test_a_battery_is_known_by_its_address_however_it_is_written() -> None:
    (one,) = listed(configuration(BatterySettings(name="House", address="aa:bb:cc:dd:ee:ff")), shipped())

    assert (one.info.id, one.info.slug, one.info.name) == ("AA:BB:CC:DD:EE:FF", "house", "House")


def test_a_battery_with_an_id_keeps_its_history_when_its_bms_is_replaced() -> None:
    (one,) = listed(
        configuration(BatterySettings(name="House", address="aa:bb:cc:dd:ee:ff", id="house-2024")), shipped()
    )

    assert (one.info.id, one.info.address) == ("house-2024", "AA:BB:CC:DD:EE:FF")


def test_a_battery_without_an_interval_takes_the_gateways() -> None:
    settings = [BatterySettings(name=name, address=name, interval=own) for name, own in (("a", None), ("b", 60.0))]

    assert [one.interval for one in listed(configuration(*settings, interval=5.0), shipped())] == [5.0, 60.0]


def test_a_battery_that_is_switched_off_is_not_read() -> None:
    assert listed(configuration(BatterySettings(name="a", address="a", enabled=False)), shipped()) == ()


def test_only_the_protocol_that_the_owner_names_is_tried() -> None:
    (one,) = listed(configuration(BatterySettings(name="a", address="a", protocol="ej2")), shipped())

    assert [codec.id for codec in one.codecs] == ["ej2"]
    with pytest.raises(ConfigurationError, match="no description 'jbd'"):
        listed(configuration(BatterySettings(name="a", address="a", protocol="jbd")), shipped())


def test_an_address_of_macos_is_no_bluetooth_address_for_others() -> None:
    uuid = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
    (one,) = listed(configuration(BatterySettings(name="a", address=uuid)), shipped())

    assert one.info.address is None


def test_a_stranger_is_called_what_it_advertises() -> None:
    stranger = strangers(configuration(), shipped())

    assert stranger is not None
    assert stranger("02:00:07:00:15:44", "LT-12V-1544").info.slug == "lt-12v-1544"
    assert stranger("02:00:07:00:15:44", None).info.name == "02:00:07:00:15:44"


def test_strangers_are_left_alone_when_the_owner_wants_it_so() -> None:
    assert strangers(configuration(discover=False), shipped()) is None


def test_whoever_lists_simulated_batteries_gets_no_others() -> None:
    assert strangers(configuration(BatterySettings(name="a", address="simulated:1")), shipped()) is None


def test_two_batteries_of_one_name_get_different_topics() -> None:
    stranger = strangers(configuration(), shipped())
    assert stranger is not None
    first, second = stranger("02:00:07:00:15:44", "LT-12V"), stranger("02:00:07:00:15:45", "LT-12V")

    assert unlike(second, [first.info]).info.slug == "lt-12v-2"


FOUR = tuple(BatterySettings(name=name, address=f"simulated:{number}") for number, name in enumerate("ABCD", start=1))
HOUSE = BankSettings(name="The house", arrangement="series(parallel(a, b), parallel(C, d))", interval=30.0)


def test_a_bank_is_known_by_its_name_and_its_packs_by_their_ids() -> None:
    (bank,) = banked(Configuration(batteries=FOUR, banks=(HOUSE,)))

    assert (bank.info.id, bank.info.slug, bank.info.kind) == ("bank:the-house", "the-house", "bank")
    assert bank.members == ("simulated:1", "simulated:2", "simulated:3", "simulated:4")
    assert bank.info.maker == "series(parallel(a, b), parallel(c, d))"
    assert bank.info.simulated
    assert bank.interval == 30.0


def test_simulated_batteries_of_a_bank_share_chargers_and_loads() -> None:
    configured = Configuration(batteries=FOUR, banks=(BankSettings(name="24 V", arrangement="series(b, d)"),))

    assert wired(configured) == [{2, 4}]


def test_as_now_keeps_the_name_and_takes_the_interval() -> None:
    stranger = strangers(configuration(), shipped())
    assert stranger is not None
    guest = replace(stranger("02:00:07:00:15:44", "LT-12V"), interval=99.0)

    assert as_now(guest, stranger).interval == 10.0
    assert as_now(guest, stranger).info.name == "LT-12V"


def test_a_battery_is_meant_by_its_address_its_name_or_the_beginning_of_it() -> None:
    assert matches({"02:00:07:00:15:44"}, "02:00:07:00:15:44", None)
    assert matches({"lt-12v"}, "02:00:07:00:15:44", "LT-12V-1544")
    assert not matches({"v-12v"}, "02:00:07:00:15:44", "LT-12V-1544")
