"""Batteries, alarms and the gateway itself as the API shows them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from bmsreader.model.alarm import Alarm
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.health import GatewayHealth
from bmsreader.model.reading import DERIVED, FIELDS, Reading
from bmsreader.model.record import Record
from bmsreader.web.shapes import (
    AlarmShape,
    BankShape,
    BatteryShape,
    Counts,
    EventShape,
    Flow,
    GatewayShape,
    HorizonShape,
    Sparkline,
    TotalsShape,
)
from bmsreader.web.text import iso

DERIVED_GRADE = "derived"


class Grades(Protocol):
    """Knows how sure a field of a protocol is."""

    def __call__(self, protocol: str) -> Mapping[str, str]:
        """Return the evidence grade of each field of a protocol; empty for one that is not known."""


def battery(
    snapshot: Snapshot, grades: Grades, *, today: Flow | None = None, sparkline: Sparkline | None = None
) -> BatteryShape:
    """Return a battery as the API shows it."""
    info, reading = snapshot.info, snapshot.reading
    return {
        "id": info.id,
        "slug": info.slug,
        "name": info.name,
        "kind": info.kind,
        "address": info.address,
        "protocol": info.protocol,
        "maker": info.maker,
        "simulated": info.simulated,
        "cells": info.cells,
        "sensors": info.sensors,
        "fields": [*info.fields],
        "state": snapshot.state.value,
        "reason": snapshot.reason,
        "since": iso(snapshot.since),
        "age": None if snapshot.age is None else round(snapshot.age, 3),
        "interval": snapshot.interval,
        "signal": snapshot.signal,
        "connected": snapshot.connected,
        "last_seen": None if reading is None else iso(reading.taken_at),
        "reading": None if reading is None else values(reading),
        "evidence": evidence(reading, grades),
        "horizon": horizon(snapshot),
        "totals": totals(snapshot),
        "today": today,
        "sparkline": sparkline,
        "alarms": [alarm(one, info.slug) for one in snapshot.alarms],
        "bank": bank(snapshot),
        "counts": counts(snapshot),
    }


def values(reading: Reading) -> dict[str, Any]:
    """Return every value of a reading; its frames are in the event record where they matter."""
    found = reading.as_dict()
    del found["frames"]
    return found


def evidence(reading: Reading | None, grades: Grades) -> dict[str, str]:
    """Return how sure each value is: ``measured``, ``vendor``, ``claimed``, ``disputed`` or ``derived``."""
    if reading is None:
        return {}
    known = grades(reading.protocol)
    found = {name: known[name] for name in FIELDS if name in known}
    computed = (*reading.derived, *(name for name in DERIVED if getattr(reading, name) is not None))
    return found | dict.fromkeys(computed, DERIVED_GRADE)


def horizon(snapshot: Snapshot) -> HorizonShape:
    """Return when the battery will be empty or full."""
    return {"time_to_empty": snapshot.horizon.time_to_empty, "time_to_full": snapshot.horizon.time_to_full}


def totals(snapshot: Snapshot) -> TotalsShape | None:
    """Return the counters."""
    known = snapshot.totals
    if known is None:
        return None
    return {
        "energy_in": round(known.energy_in, 3),
        "energy_out": round(known.energy_out, 3),
        "charge_in": round(known.charge_in, 4),
        "charge_out": round(known.charge_out, 4),
        "gaps": round(known.gaps, 1),
    }


def counts(snapshot: Snapshot) -> Counts:
    """Return what happened on the radio."""
    known = snapshot.counts
    return {
        "polls": known.polls,
        "readings": known.readings,
        "rejected": known.rejected,
        "connects": known.connects,
        "failures": known.failures,
        "last_poll": known.last_poll,
    }


def bank(snapshot: Snapshot) -> BankShape | None:
    """Return how the packs of a bank stand to each other."""
    facts = snapshot.bank
    if facts is None:
        return None
    return {
        "arrangement": facts.arrangement,
        "packs": [*facts.packs],
        "seen": [*facts.seen],
        "capacity_share": facts.capacity_share,
        "limiting": facts.limiting,
        "limits_charge": facts.limits_charge,
        "limits_discharge": facts.limits_discharge,
        "imbalance": facts.imbalance,
        "midpoint_drift": facts.midpoint_drift,
        "words": facts.words,
    }


def alarm(one: Alarm, slug: str) -> AlarmShape:
    """Return an alarm; its battery is called by its slug."""
    return {
        "id": one.id,
        "battery": slug,
        "name": one.name,
        "category": one.category.value,
        "severity": one.severity.value,
        "source": one.source.value,
        "raised_at": iso(one.raised_at),
        "cleared_at": None if one.cleared_at is None else iso(one.cleared_at),
        "acknowledged_at": None if one.acknowledged_at is None else iso(one.acknowledged_at),
        "value": one.value,
        "limit": one.limit,
        "unit": one.unit,
        "text": one.text,
        "note": one.note,
    }


def event(record: Record, slugs: Mapping[str, str]) -> EventShape:
    """Return an event; ``slugs`` by the id of the battery."""
    known = record.as_dict()
    return {
        "at": known["at"],
        "kind": record.kind,
        "battery": slugs.get(record.battery, record.battery),
        "adapter": record.adapter,
        "duration": record.duration,
        "detail": record.detail,
        "frame": known["frame"],
    }


def gateway(health: GatewayHealth, *, demo: bool, problem: str) -> GatewayShape:
    """Return how the gateway itself is doing."""
    return {
        "version": health.version,
        "started_at": iso(health.started_at),
        "at": iso(health.at),
        "ok": health.ok,
        "store": None if health.store is None else _as(health.store),
        "publishers": [_as(one) for one in health.publishers],
        "adapters": [_as(one) for one in health.adapters],
        "demo": demo,
        "problem": problem,
    }


def _as(part: Any) -> Any:
    return asdict(part)


def slugs_of(infos: "list[BatteryInfo]") -> dict[str, str]:
    """Return the slug of each battery by its id."""
    return {info.id: info.slug for info in infos}
