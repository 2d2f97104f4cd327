"""Batteries as Prometheus metrics, built anew for each scrape; pure.

Base units: volts, amperes, watts, joules, coulombs, degrees Celsius, seconds, and ratios from 0 to 1. One label says
which battery: ``battery``, its slug. Facts that never change are in ``bms_info``, not in labels of every series.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, StateSetMetricFamily
from prometheus_client.metrics_core import Metric

from bmsreader.model.battery import BatteryState, Snapshot
from bmsreader.model.reading import Reading
from bmsreader.publishers.metrics_alarms import alarm_metrics
from bmsreader.publishers.metrics_banks import bank_metrics

JOULES_PER_WH = 3600
COULOMBS_PER_AH = 3600
PERCENT = 100

LIVE_ONLY = "Absent while the battery is not live: an old value is never repeated."
OVERDUE = 5.0
"""A battery whose last reading is older than so many intervals ..."""
OVERDUE_AT_LEAST = 60.0
"""... and older than so many s is not live, whatever its snapshot says: a gateway that hangs must not look well."""


@dataclass(frozen=True, slots=True)
class Value:
    """A gauge that comes from the reading itself."""

    name: str
    words: str
    of: Callable[[Reading], float | None]


def scaled(name: str, factor: float) -> Callable[[Reading], float | None]:
    """Return how to get a value of a reading in another unit."""

    def of(reading: Reading) -> float | None:
        value = getattr(reading, name)
        return None if value is None else round(value * factor, 9)

    return of


VALUES = (
    Value("bms_voltage_volts", "Voltage of the whole pack.", scaled("pack_voltage", 1)),
    Value("bms_current_amperes", "Current; positive charges the battery.", scaled("current", 1)),
    Value("bms_power_watts", "Power; positive charges the battery.", scaled("power", 1)),
    Value("bms_state_of_charge_ratio", "State of charge, 1 = full.", scaled("soc", 1 / PERCENT)),
    Value("bms_state_of_health_ratio", "Capacity when full over that on the label.", scaled("soh", 1 / PERCENT)),
    Value("bms_remaining_charge_coulombs", "Charge in the battery; 3600 C = 1 Ah.", scaled("remaining_capacity", 3600)),
    Value("bms_full_charge_coulombs", "Charge when full, today; 3600 C = 1 Ah.", scaled("full_charge_capacity", 3600)),
    Value("bms_design_charge_coulombs", "Charge on the label; 3600 C = 1 Ah.", scaled("design_capacity", 3600)),
    Value("bms_cell_voltage_spread_volts", "Highest minus lowest cell.", scaled("cell_spread", 1)),
    Value("bms_time_to_empty_seconds", "The battery's own estimate, while it discharges.", scaled("time_to_empty", 1)),
    Value("bms_time_to_full_seconds", "The battery's own estimate, while it charges.", scaled("time_to_full", 1)),
)

SWITCHES = {
    "charge_switch": "charge",
    "discharge_switch": "discharge",
    "charge_enabled": "charge_enabled",
    "discharge_enabled": "discharge_enabled",
    "heater": "heater",
}


def is_live(snapshot: Snapshot, now: datetime) -> bool:
    """Return whether the battery's values may be shown as the present."""
    if snapshot.current_reading is None:
        return False
    return age(snapshot.current_reading, now) <= max(OVERDUE_AT_LEAST, OVERDUE * snapshot.interval)


def age(reading: Reading, now: datetime) -> float:
    """Return how old a reading is, s."""
    return max(0.0, (now - reading.taken_at).total_seconds())


def battery_metrics(snapshots: Sequence[Snapshot], now: datetime) -> Iterator[Metric]:
    """Yield everything about the batteries; whoever is not live has no values."""
    live = [
        (snapshot.info.slug, snapshot.current_reading)
        for snapshot in snapshots
        if snapshot.current_reading is not None and is_live(snapshot, now)
    ]
    yield from _state(snapshots, now)
    yield from _values(live)
    yield from _parts(live, {snapshot.info.slug: snapshot.info.alarms for snapshot in snapshots})
    yield from _totals(snapshots)
    yield from _link(snapshots)
    yield from alarm_metrics(snapshots)
    yield from bank_metrics(snapshots)


def gauge(name: str, words: str, labels: Sequence[str] = ("battery",)) -> GaugeMetricFamily:
    """Return a gauge without samples."""
    return GaugeMetricFamily(name, words, labels=labels)


def counter(name: str, words: str, labels: Sequence[str] = ("battery",)) -> CounterMetricFamily:
    """Return a counter without samples."""
    return CounterMetricFamily(name, words, labels=labels)


def filled(family: GaugeMetricFamily | CounterMetricFamily, samples: Iterable[tuple[str, float | None]]) -> Metric:
    """Return the family with one sample for each battery that has the value."""
    for slug, value in samples:
        if value is not None:
            family.add_metric([slug], value)
    return family


def _state(snapshots: Sequence[Snapshot], now: datetime) -> Iterator[Metric]:
    up = gauge("bms_up", "1: the battery is live, its values are fresh. 0: it is not; see bms_state for why.")
    yield filled(up, ((one.info.slug, float(is_live(one, now))) for one in snapshots))
    info = InfoMetricFamily("bms", "What stays the same about a battery.", labels=["battery"])
    for one in snapshots:
        facts = {
            "name": one.info.name,
            "id": one.info.id,
            "address": one.info.address or "",
            "manufacturer": one.info.maker or "",
            "protocol": one.info.protocol or "",
            "cells": str(one.info.cells or ""),
            "simulated": "true" if one.info.simulated else "",
        }
        info.add_metric([one.info.slug], {key: fact for key, fact in facts.items() if fact})
    yield info
    state = StateSetMetricFamily("bms_state", "State of the battery: one of these is 1.", labels=["battery"])
    for one in snapshots:
        state.add_metric([one.info.slug], {each.value: one.state is each for each in BatteryState})
    yield state
    read = [(one.info.slug, one.reading) for one in snapshots if one.reading is not None]
    yield filled(
        gauge("bms_reading_age_seconds", "Time since the last reading, of a battery that is not live too."),
        ((slug, age(reading, now)) for slug, reading in read),
    )
    yield filled(
        gauge("bms_last_reading_timestamp_seconds", "When the battery was last read, seconds since 1970."),
        ((slug, reading.taken_at.timestamp()) for slug, reading in read),
    )
    yield filled(
        gauge("bms_interval_seconds", "Time between two readings, as configured. Between them values are repeated."),
        ((one.info.slug, one.interval) for one in snapshots),
    )


def _values(live: Sequence[tuple[str, Reading]]) -> Iterator[Metric]:
    for value in VALUES:
        family = gauge(value.name, f"{value.words} {LIVE_ONLY}")
        yield filled(family, ((slug, value.of(reading)) for slug, reading in live))
    yield filled(
        counter("bms_charge_cycles", f"Full charge-discharge cycles, as the battery counts them. {LIVE_ONLY}"),
        ((slug, reading.cycle_count) for slug, reading in live),
    )


def _parts(live: Sequence[tuple[str, Reading]], known_alarms: Mapping[str, Sequence[str]]) -> Iterator[Metric]:
    """Yield what a battery has several of."""
    cells = gauge("bms_cell_voltage_volts", f"Voltage of a cell; a dead one is 0. {LIVE_ONLY}", ("battery", "cell"))
    sensors = gauge("bms_temperature_celsius", f"Temperature at a sensor. {LIVE_ONLY}", ("battery", "sensor"))
    switches = gauge("bms_switch_on", f"1: it is on, or allowed; 0: it is not. {LIVE_ONLY}", ("battery", "switch"))
    alarms = gauge("bms_alarm_active", f"1: this alarm is active; 0: it is not. {LIVE_ONLY}", ("battery", "alarm"))
    count = gauge("bms_alarms", f"Number of active alarms, warnings and protections alike. {LIVE_ONLY}")
    for slug, reading in live:
        for number, volts in enumerate(reading.cell_voltages, 1):
            cells.add_metric([slug, str(number)], volts)
        for number, degrees in enumerate(reading.temperatures, 1):
            sensors.add_metric([slug, str(number)], degrees)
        for name, switch in SWITCHES.items():
            if getattr(reading, name) is not None:
                switches.add_metric([slug, switch], float(getattr(reading, name)))
        for alarm in dict.fromkeys((*known_alarms[slug], *reading.alarms)):
            alarms.add_metric([slug, alarm], float(alarm in reading.alarms))
        count.add_metric([slug], len(reading.alarms))
    yield from (cells, sensors, switches, alarms, count)


def _totals(snapshots: Sequence[Snapshot]) -> Iterator[Metric]:
    """Yield the counters of the gateway; they stand still, and stay, while a battery is away."""
    known = [(one.info.slug, one.totals) for one in snapshots if one.totals is not None]
    yield filled(
        counter("bms_charged_energy_joules", "Energy that went in, as the gateway measured it; 3.6e6 J = 1 kWh."),
        ((slug, totals.energy_in * JOULES_PER_WH) for slug, totals in known),
    )
    yield filled(
        counter("bms_discharged_energy_joules", "Energy that came out, as the gateway measured it; 3.6e6 J = 1 kWh."),
        ((slug, totals.energy_out * JOULES_PER_WH) for slug, totals in known),
    )
    yield filled(
        counter("bms_charged_charge_coulombs", "Charge that went in, as the gateway measured it; 3600 C = 1 Ah."),
        ((slug, totals.charge_in * COULOMBS_PER_AH) for slug, totals in known),
    )
    yield filled(
        counter("bms_discharged_charge_coulombs", "Charge that came out, as the gateway measured it; 3600 C = 1 Ah."),
        ((slug, totals.charge_out * COULOMBS_PER_AH) for slug, totals in known),
    )
    yield filled(
        counter("bms_unmeasured_seconds", "Time without readings, in which energy may have flowed uncounted."),
        ((slug, totals.gaps) for slug, totals in known),
    )


def _link(snapshots: Sequence[Snapshot]) -> Iterator[Metric]:
    yield filled(
        gauge("bms_link_up", "1: the connection to the battery is up just now."),
        ((one.info.slug, float(one.connected)) for one in snapshots),
    )
    yield filled(
        gauge("bms_signal_strength_dbm", "Radio signal when the battery was last heard."),
        ((one.info.slug, one.signal) for one in snapshots),
    )
    yield filled(
        gauge("bms_last_poll_duration_seconds", "Time that the last reading took, with the connection if it was made."),
        ((one.info.slug, one.counts.last_poll) for one in snapshots),
    )
    for name, field, words in (
        ("bms_polls", "polls", "Attempts to read the battery."),
        ("bms_readings", "readings", "Attempts that gave a reading."),
        ("bms_rejected_frames", "rejected", "Answers that were not believed: damaged, or not plausible."),
        ("bms_connections", "connects", "Connections that were made."),
        ("bms_link_failures", "failures", "Connections that could not be made, or broke."),
    ):
        yield filled(counter(name, words), ((one.info.slug, getattr(one.counts, field)) for one in snapshots))
