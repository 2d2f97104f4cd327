"""What each reading costs beside reading it: the bank that it belongs to."""

from datetime import UTC, datetime

from benchmarks.measure import Verdict, fastest, print_table, print_verdicts
from bmsreader.banks import Bank, Outcome, Pack
from bmsreader.model import Reading
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


PARTS = (banks,)


def main() -> list[Verdict]:
    """Run all parts and print what they promise."""
    verdicts = [verdict for part in PARTS for verdict in part()]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
