import json

from bmsreader.model import BankFacts
from bmsreader.model.battery import BatteryInfo

FACTS = BankFacts(
    arrangement="parallel(left, right)",
    packs=("left", "right"),
    seen=("left",),
    capacity_share=50.0,
    words="1 of 2 packs seen, 50 % of capacity",
)


def test_a_banks_facts_are_ready_for_json() -> None:
    assert json.loads(json.dumps(FACTS.as_dict())) == FACTS.as_dict()
    assert FACTS.as_dict()["packs"] == ["left", "right"]


def test_every_fact_is_told_under_its_name() -> None:
    assert set(FACTS.as_dict()) == set(BankFacts.__dataclass_fields__)


def test_what_is_not_said_to_be_a_bank_is_a_battery() -> None:
    assert BatteryInfo(id="02:00:07:00:15:44", name="House", slug="house").kind == "battery"
