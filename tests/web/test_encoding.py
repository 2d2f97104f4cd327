"""Batteries as the API shows them."""

from dataclasses import replace

from bmsreader.model import BatteryState
from bmsreader.model.bank import BankFacts
from bmsreader.model.record import Record
from bmsreader.web import encoding
from bmsreader.web.openapi import Shapes
from bmsreader.web.shapes import BatteryShape
from bmsreader.web.text import as_json
from tests.clock import START
from tests.web.made import ALARM, INFO, LIVE


def grades(protocol: str) -> dict[str, str]:
    return {"soc": "measured", "health": "vendor"} if protocol == "ej" else {}


def test_a_battery_has_every_value_of_its_last_reading_with_how_sure_it_is() -> None:
    shown = encoding.battery(LIVE, grades)

    assert (shown["slug"], shown["age"], shown["state"]) == ("house", 4.0, "live")
    assert shown["reading"] is not None
    assert shown["reading"]["current"] == 12.4
    assert shown["evidence"]["soc"] == "measured"
    assert shown["evidence"]["power"] == "derived"
    assert shown["totals"] == {
        "energy_in": 1234.568, "energy_out": 0, "charge_in": 0, "charge_out": 0, "gaps": 0
    }  # fmt: skip
    assert shown["alarms"][0]["battery"] == "house"
    assert as_json(shown)


def test_a_battery_that_was_never_read_has_no_values() -> None:
    shown = encoding.battery(replace(LIVE, reading=None, totals=None, state=BatteryState.UNREACHABLE), grades)

    assert (shown["reading"], shown["age"], shown["last_seen"], shown["totals"]) == (None, None, None, None)
    assert shown["evidence"] == {}


def test_a_bank_says_what_it_is_made_of() -> None:
    facts = BankFacts(arrangement="series(a, b)", packs=("a", "b"), seen=("a",), capacity_share=50.0, words="1 of 2")
    shown = encoding.battery(replace(LIVE, info=replace(INFO, kind="bank"), bank=facts), grades)

    assert shown["kind"] == "bank"
    assert shown["bank"] == facts.as_dict()


def test_what_is_shown_has_the_shape_that_is_documented() -> None:
    shapes = Shapes()
    shapes.of(BatteryShape)

    assert set(encoding.battery(LIVE, grades)) == set(shapes.known["Battery"]["properties"])
    assert set(encoding.alarm(ALARM, "house")) == set(shapes.known["Alarm"]["properties"])


def test_a_rejected_answer_keeps_its_bytes() -> None:
    record = Record(at=START, kind="rejected", battery=INFO.id, detail="checksum", frame=b"\x01:00~")

    assert encoding.event(record, {INFO.id: "house"}) == {
        "at": "2026-03-01T12:00:00Z", "kind": "rejected", "battery": "house", "adapter": "", "duration": None,
        "detail": "checksum", "frame": "013a30307e",
    }  # fmt: skip
    assert encoding.slugs_of([INFO]) == {INFO.id: "house"}
