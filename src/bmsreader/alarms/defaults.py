"""Rules for every lithium iron phosphate battery: ours, beside what the battery itself watches over."""

from bmsreader.alarms.rule import Rule
from bmsreader.model.alarm import Category, Severity
from bmsreader.model.quantity import AGE

DEFAULTS: tuple[Rule, ...] = (
    Rule(
        name="cell_low",
        field="cell_min",
        below=2.8,
        hysteresis=0.1,
        duration=30.0,
        category=Category.CELL,
        severity=Severity.CRITICAL,
    ),
    # Not 3.6 V: a charger that ends at 14.6 V, as many do, brings each cell to 3.65 V, every day, and rightly.
    Rule(
        name="cell_high",
        field="cell_max",
        above=3.65,
        hysteresis=0.05,
        duration=30.0,
        category=Category.CELL,
    ),
    # Under load cells differ by their resistance, and for a while after charging by what they had too much.
    Rule(
        name="cell_spread",
        field="cell_spread",
        above=0.05,
        hysteresis=0.01,
        duration=1800.0,
        only="rest",
        category=Category.CELL,
    ),
    Rule(
        name="cold_charging",
        field="temperature_min",
        below=0.0,
        hysteresis=1.0,
        duration=30.0,
        only="charging",
        category=Category.TEMPERATURE,
        severity=Severity.CRITICAL,
    ),
    Rule(
        name="hot",
        field="temperature_max",
        above=55.0,
        hysteresis=5.0,
        duration=60.0,
        category=Category.TEMPERATURE,
    ),
    Rule(
        name="low_charge",
        field="soc",
        below=15.0,
        hysteresis=5.0,
        duration=60.0,
        category=Category.CHARGE,
    ),
    Rule(
        name="no_data",
        field=AGE,
        above=600.0,
        asleep=False,
        category=Category.COMMUNICATION,
    ),
)
"""They are for batteries, not for banks: what is wrong with a bank is wrong with one of its packs."""
