from dataclasses import replace

from bmsreader.publishers.metrics_banks import bank_metrics
from tests.publishers.banks import FACTS, a_bank
from tests.publishers.mqtt_batteries import a_snapshot


def samples(bank: object = None) -> dict[str, float]:
    found = [sample for metric in bank_metrics([a_snapshot(), bank or a_bank()]) for sample in metric.samples]  # type: ignore[list-item]
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in found}


def test_how_the_packs_of_a_bank_stand_to_each_other_is_measured() -> None:
    assert samples() == {
        "bms_bank_packs house": 4.0,
        "bms_bank_packs_seen house": 3.0,
        "bms_bank_capacity_seen_ratio house": 0.75,
        "bms_bank_imbalance_ratio house": 0.04,
        "bms_bank_midpoint_drift_volts house": 0.123,
        "bms_bank_limiting_pack house a charge": 1.0,
        "bms_bank_limiting_pack house c discharge": 1.0,
    }


def test_what_is_not_known_is_absent() -> None:
    unknown = replace(FACTS, limits_charge=None, limits_discharge=None, imbalance=None, midpoint_drift=None)

    assert set(samples(replace(a_bank(), bank=unknown))) == {
        "bms_bank_packs house",
        "bms_bank_packs_seen house",
        "bms_bank_capacity_seen_ratio house",
    }


def test_without_a_bank_there_is_nothing_of_banks() -> None:
    assert list(bank_metrics([a_snapshot()])) == []
