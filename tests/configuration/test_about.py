"""The table behind every setting."""

from bmsreader.configuration.about import REQUIRED, rows
from bmsreader.configuration.settings import SECTIONS, BatterySettings, GatewaySettings

BATTERY = {row.key: row for row in rows(BatterySettings)}


def test_a_setting_knows_its_kind_and_whether_it_must_be_given() -> None:
    assert (BATTERY["name"].kind, BATTERY["name"].default) == ("text", REQUIRED)
    assert (BATTERY["interval"].kind, BATTERY["interval"].optional) == ("number", True)
    assert (BATTERY["link"].kind, BATTERY["link"].choices) == ("choice", ("keep", "poll"))
    assert {row.key: row.kind for row in rows(GatewaySettings)} == {
        "interval": "number",
        "discover": "flag",
        "adapters": "texts",
        "control": "path",
        "log": "choice",
    }


def test_a_table_knows_how_it_is_written() -> None:
    heads = {section.name: (section.head, section.optional) for section in SECTIONS}

    assert heads["store"] == ("[store]", False)
    assert heads["mqtt"] == ("[mqtt]", True)
    assert heads["battery"] == ("[[battery]]", True)
