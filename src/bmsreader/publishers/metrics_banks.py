"""What only a bank has, as Prometheus metrics; pure. Its values are metrics as those of a battery are."""

from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from bmsreader.model.bank import BankFacts
from bmsreader.model.battery import Snapshot

PERCENT = 100


def bank_metrics(snapshots: Iterable[Snapshot]) -> Iterator[Metric]:
    """Yield how the packs of each bank stand to each other; nothing where there is no bank."""
    banks = [(one.info.slug, one.bank) for one in snapshots if one.bank is not None]
    if not banks:
        return
    for name, words, of in _GAUGES:
        family = GaugeMetricFamily(name, words, labels=["battery"])
        for slug, facts in banks:
            value = of(facts)
            if value is not None:
                family.add_metric([slug], value)
        yield family
    yield _limits(banks)


def _limits(banks: Iterable[tuple[str, BankFacts]]) -> Metric:
    words = "1: this pack is empty first (ends: discharge) or full first (ends: charge). Absent when all are alike."
    family = GaugeMetricFamily("bms_bank_limiting_pack", words, labels=["battery", "pack", "ends"])
    for slug, facts in banks:
        for ends, pack in (("charge", facts.limits_charge), ("discharge", facts.limits_discharge)):
            if pack is not None:
                family.add_metric([slug, pack, ends], 1.0)
    return family


def _imbalance(facts: BankFacts) -> float | None:
    return None if facts.imbalance is None else round(facts.imbalance / PERCENT, 6)


_GAUGES = (
    ("bms_bank_packs", "Packs that the bank is made of.", lambda facts: float(len(facts.packs))),
    ("bms_bank_packs_seen", "Packs that are live.", lambda facts: float(len(facts.seen))),
    (
        "bms_bank_capacity_seen_ratio",
        "Part of the capacity that is in packs that are live.",
        lambda facts: round(facts.capacity_share / PERCENT, 6),
    ),
    ("bms_bank_imbalance_ratio", "State of charge of the highest pack that is live minus the lowest.", _imbalance),
    (
        "bms_bank_midpoint_drift_volts",
        "By how much the part in series that is furthest off differs from its equal share of the voltage.",
        lambda facts: facts.midpoint_drift,
    ),
)
