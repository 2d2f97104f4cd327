"""A bank for the tests of publishers: four packs, one of them missing."""

from dataclasses import replace

from bmsreader.model.bank import BankFacts
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.reading import Reading
from tests.publishers.mqtt_batteries import REPORTED, a_reading, a_snapshot

INFO = BatteryInfo(
    id="bank:house",
    name="House",
    slug="house",
    kind="bank",
    protocol="bank",
    maker="series(parallel(a, b), parallel(c, d))",
    cells=8,
    sensors=2,
    fields=tuple(name for name in REPORTED if name not in ("cycle_count", "time_to_empty")),
)
FACTS = BankFacts(
    arrangement="series(parallel(a, b), parallel(c, d))",
    packs=("a", "b", "c", "d"),
    seen=("a", "c", "d"),
    capacity_share=75.0,
    limiting="c",
    limits_charge="a",
    limits_discharge="c",
    imbalance=4.0,
    midpoint_drift=0.123,
    words="3 of 4 packs seen, 75 % of capacity",
)


def a_bank_reading() -> Reading:
    """Return a reading of two packs in series."""
    return replace(
        a_reading(cells=8), battery="bank:house", protocol="bank", pack_voltage=26.4, alarms=("c: dead_cell",)
    )


def a_bank() -> Snapshot:
    """Return a bank that is live, with a pack missing."""
    return replace(a_snapshot(INFO), reading=a_bank_reading(), signal=None, bank=FACTS)
