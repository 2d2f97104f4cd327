"""`bmsreader scan`: what is in range."""

from dataclasses import replace

import pytest

from bmsreader.cli.scan import verdict
from tests.cli.surroundings import Air, found, invoke, lines_of


def test_batteries_are_listed_with_name_address_and_signal() -> None:
    result = invoke("scan", machine=Air())

    assert result.exit_code == 0
    for word in ("LT-12V-1544", "02:00:07:00:15:44", "-58 dBm", "V-12V100Ah-0215", "likely"):
        assert word in result.stdout


def test_json_is_one_line_for_each_battery() -> None:
    first, second = lines_of(invoke("scan", "--json", machine=Air(strangers=3)))

    assert (first["address"], first["signal"], first["protocol"], first["proved"]) == (
        "02:00:07:00:15:44",
        -58,
        "ej",
        False,
    )
    assert first["manufacturer_data"] == {"33384": "01"}
    assert second["name"] == "V-12V100Ah-0215"


def test_all_shows_what_is_no_battery_too() -> None:
    assert len(lines_of(invoke("scan", "--all", "--json", machine=Air(strangers=3)))) == 5


def test_nothing_in_range_is_nothing_found_and_says_what_to_do() -> None:
    result = invoke("scan", "--seconds", "5", machine=Air(empty=True, strangers=2))

    assert (result.exit_code, result.stdout) == (3, "")
    assert "no battery was heard within 5 s among 2 Bluetooth devices" in result.stderr
    assert "--probe" in result.stderr


@pytest.mark.slow
def test_no_adapter_is_no_bluetooth() -> None:
    assert invoke("scan", machine=Air(bluetooth=False)).exit_code == 5


def test_the_verdict_tells_proof_from_hint() -> None:
    battery = found("LT-12V-1544", "02:00:07:00:15:44", -58, likely="ej")

    assert verdict(battery) == "likely, by its name or maker (ej)"
    assert verdict(replace(battery, proved="ej")) == "yes, it answers (ej)"
    assert verdict(replace(battery, problem="no connection")) == "likely: no connection"
    assert verdict(found(None, "11:22:33:44:55:66", -90)) == "not that one could tell"
