"""What each reading costs beside reading it: the bank that it belongs to, and the rules that watch it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count as numbers

from benchmarks.measure import Verdict, fastest, print_table, print_verdicts
from bmsreader.alarms import DEFAULTS, Engine, Rule
from bmsreader.banks import Bank, Outcome, Pack
from bmsreader.model import BatteryInfo, BatteryState, Reading, Snapshot
from bmsreader.model.arrangement import parse_arrangement

LIMIT = 50.0
"""us per reading."""
REPEATS, CALLS = 200, 50

BANKS = {
    "2 packs in series": (2, "series(p0, p1)"),
    "2 x 2 packs": (4, "series(parallel(p0, p1), parallel(p2, p3))"),
    "16 packs in parallel": (16, f"parallel({', '.join(f'p{number}' for number in range(16))})"),
    "8 x 2 packs": (16, f"series({', '.join(f'parallel(p{2 * n}, p{2 * n + 1})' for n in range(8))})"),
}
"""Packs, and how they are wired."""


def reading(number: int, taken_at: datetime) -> Reading:
    """Return what a pack of four cells says; no two packs say quite the same."""
    return Reading(
        battery=f"02:00:07:00:00:{number:02X}",
        taken_at=taken_at,
        protocol="ej",
        variant="status",
        pack_voltage=13.2 + number / 1000,
        current=-10.0 - number / 10,
        soc=60.0 + number % 5,
        remaining_capacity=120.0 + number % 5,
        full_charge_capacity=200.0,
        design_capacity=200.0,
        cell_voltages=(3.3, 3.301, 3.299, 3.302),
        temperatures=(20.0, 21.0),
        cycle_count=120,
        time_to_empty=None,
        time_to_full=None,
        health=None,
        max_error=None,
        alarms=(),
        charge_switch=True,
        discharge_switch=True,
        charge_enabled=None,
        discharge_enabled=None,
        heater=False,
        derived=("pack_voltage",),
        notes=(),
        frames=(),
    )


def banks() -> list[Verdict]:
    """Evaluate banks of several sizes, whole and with a pack missing: once for each round of readings of all packs."""
    cases = {}
    now = datetime.now(UTC)
    for name, (count, text) in BANKS.items():
        bank = Bank(parse_arrangement(text, {f"p{n}": f"p{n}" for n in range(count)}), battery="bank:house")
        whole = [Pack(slug=f"p{n}", reading=reading(n, now), capacity=200.0, cells=4) for n in range(count)]
        part = [Pack(slug="p0", capacity=200.0, cells=4), *whole[1:]]

        def evaluate(bank: Bank = bank, packs: list[Pack] = whole) -> Outcome:
            return bank.evaluate(packs, taken_at=now)

        def with_one_missing(bank: Bank = bank, packs: list[Pack] = part) -> Outcome:
            return bank.evaluate(packs, taken_at=now)

        cases[name] = evaluate
        cases[f"{name}, one missing"] = with_one_missing
    took = fastest(cases, repeats=REPEATS, calls=CALLS)
    packs = {name: BANKS[name.removesuffix(", one missing")][0] for name in cases}
    rows = [(name, f"{1e6 * seconds:.1f}", f"{1e6 * seconds / packs[name]:.1f}") for name, seconds in took.items()]
    print_table("A bank", ("bank", "us per reading of the bank", "us per reading of a pack"), rows)
    worst = max(1e6 * seconds / packs[name] for name, seconds in took.items())
    return [
        Verdict(promise="us for a reading of a bank of 2 x 2 packs", measured=1e6 * took["2 x 2 packs"], limit=LIMIT),
        Verdict(promise="us that a bank costs for each reading of a pack, at worst", measured=worst, limit=LIMIT),
    ]


OWN_RULES = (
    Rule(name="1", field="soc", below=30.0, hysteresis=1.0, duration=60.0),
    Rule(name="2", field="remaining_capacity", below=50.0, hysteresis=1.0, only="discharging"),
    Rule(name="3", field="pack_voltage", above=14.4, hysteresis=0.2),
    Rule(name="4", field="pack_voltage", below=11.0, hysteresis=0.2),
    Rule(name="5", field="current", above=100.0, hysteresis=1.0, only="charging"),
    Rule(name="6", field="power", below=-2000.0, hysteresis=1.0, only="discharging"),
    Rule(name="7", field="cell_1", below=2.9, hysteresis=0.1, duration=60.0),
    Rule(name="8", field="cell_spread", above=0.1, hysteresis=0.01, duration=600.0, only="rest"),
    Rule(name="9", field="temperature_1", above=45.0, hysteresis=1.0),
    Rule(name="10", field="age", above=3600.0),
)


def alarms() -> list[Verdict]:
    """Judge readings by the default rules and ten of the owner's: of 4 and 16 cells, well and with alarms."""
    now = datetime.now(UTC)
    info = BatteryInfo(id="02:00:07:00:00:00", name="House", slug="house")
    cases = {}
    for cells in (4, 16):
        well = replace(reading(0, now), cell_voltages=(3.3, 3.301, 3.299, 3.302) * (cells // 4))
        bad = replace(well, soc=3.0, cell_voltages=(2.5,) * cells, temperatures=(60.0,), alarms=("short_circuit",))
        cases[f"{cells} cells, well"] = _judging(info, (well, replace(well)))
        cases[f"{cells} cells, 6 alarms active"] = _judging(info, (bad, replace(bad)))
        cases[f"{cells} cells, alarms come and go"] = _judging(info, (well, bad, bad))
    took = fastest(cases, repeats=REPEATS, calls=CALLS)
    print_table(
        f"Alarms: {len(DEFAULTS)} default rules and {len(OWN_RULES)} of the owner's",
        ("battery", "us per reading"),
        [(name, f"{1e6 * seconds:.1f}") for name, seconds in took.items()],
    )
    worst = 1e6 * max(took.values())
    return [Verdict(promise="us for a reading of 16 cells by 17 rules, at worst", measured=worst, limit=LIMIT)]


def _judging(info: BatteryInfo, readings: Sequence[Reading]) -> Callable[[], object]:
    """Return what judges the next reading, 10 s after the last."""
    engine = Engine((*DEFAULTS, *OWN_RULES), new_id=numbers(1).__next__)
    at = readings[0].taken_at
    snapshots = [Snapshot(info=info, at=at, state=BatteryState.LIVE, since=at, reading=one) for one in readings]
    steps = numbers()

    def judge() -> None:
        step = next(steps)
        engine.take(snapshots[step % len(snapshots)], now=10.0 * step, at=at)
        engine.board.of(info.id)

    for _ in range(20):
        judge()
    return judge


PARTS = (banks, alarms)


def main() -> list[Verdict]:
    """Run all parts and print what they promise."""
    verdicts = [verdict for part in PARTS for verdict in part()]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
