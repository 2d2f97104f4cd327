"""Batteries for the tests of MQTT: snapshots by hand, and a feed and commands that remember."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot, Totals
from bmsreader.model.health import GatewayHealth
from bmsreader.model.reading import DERIVED, FIELDS, Reading
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.homeassistant import House, Mode
from bmsreader.publishers.topics import Topics

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ALARMS = ("cell_over_voltage", "over_discharge", "charge_over_current")
TOPICS = Topics("bmsreader")
ADDRESS = "AA:BB:CC:DD:EE:01"


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttOptions:
    """The settings of `[mqtt]`, as the configuration has them."""

    host: str = "127.0.0.1"
    port: int | None = None
    username: str | None = None
    password: str | None = None
    password_file: Path | None = None
    tls: bool = False
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    client_id: str | None = None
    keepalive: int = 15
    topic: str = "bmsreader"
    values: bool = False
    history: bool = False
    venus: bool = False
    discovery: Mode = "device"
    discovery_prefix: str = "homeassistant"
    birth_topic: str = "homeassistant/status"


def a_reading(cells: int = 4, **changes: Any) -> Reading:
    """Return a reading of a battery of 100 Ah that discharges 10 A, unless the changes say otherwise."""
    values: dict[str, Any] = dict.fromkeys(FIELDS)
    values |= {
        "battery": ADDRESS,
        "taken_at": START,
        "protocol": "ej",
        "variant": "status",
        "pack_voltage": 13.2,
        "current": -10.0,
        "soc": 80.0,
        "remaining_capacity": 80.0,
        "full_charge_capacity": 98.0,
        "design_capacity": 100.0,
        "cell_voltages": tuple(round(3.3 + 0.001 * n, 3) for n in range(cells)),
        "temperatures": (21.0, 22.0),
        "cycle_count": 12,
        "time_to_empty": 28_800.0,
        "alarms": (),
        "charge_switch": True,
        "discharge_switch": True,
        "heater": False,
        "derived": ("pack_voltage",),
        "notes": (),
        "frames": (),
    }
    return Reading(**{**values, **changes})


NEVER_REPORTED = {"time_to_full", "health", "max_error", "charge_enabled", "discharge_enabled"}
ABOUT = {"battery", "taken_at", "protocol", "variant", "derived", "notes", "frames"}
REPORTED = tuple(name for name in (*FIELDS, *DERIVED) if name not in NEVER_REPORTED | ABOUT)


def an_info(**changes: Any) -> BatteryInfo:
    """Return a battery with four cells and two temperature sensors that was read before."""
    values: dict[str, Any] = {
        "id": ADDRESS,
        "name": "Cellar",
        "slug": "cellar",
        "address": ADDRESS,
        "protocol": "ej",
        "maker": "E&J Technology, first generation",
        "cells": 4,
        "sensors": 2,
        "fields": REPORTED,
        "alarms": ALARMS,
    }
    return BatteryInfo(**{**values, **changes})


def a_snapshot(info: BatteryInfo | None = None, **changes: Any) -> Snapshot:
    """Return a live battery, unless the changes say otherwise."""
    values: dict[str, Any] = {
        "info": info or an_info(),
        "at": START + timedelta(seconds=0.25),
        "state": BatteryState.LIVE,
        "since": START - timedelta(minutes=5),
        "reading": a_reading(),
        "totals": Totals(energy_in=12_345.0, energy_out=2_000.0, charge_in=930.0, charge_out=150.0),
        "signal": -67,
        "connected": True,
    }
    return Snapshot(**{**values, **changes})


def lost(snapshot: Snapshot) -> Snapshot:
    """Return the battery a minute later, when it could not be read any more."""
    return replace(
        snapshot,
        at=snapshot.at + timedelta(minutes=1),
        state=BatteryState.UNREACHABLE,
        reason="out of range",
        connected=False,
        signal=None,
    )


def a_house(mode: Mode = "device") -> House:
    return House(topics=TOPICS, version="1.2.3", mode=mode)


def a_feed(*snapshots: Snapshot) -> Feed:
    """Return a feed of a healthy gateway that has these batteries."""
    feed = Feed(lambda: GatewayHealth(version="1.2.3", started_at=START, at=START))
    for snapshot in snapshots:
        feed.put(snapshot)
    return feed


@dataclass(slots=True)
class Orders:
    """Commands that only remember what was asked."""

    slugs: tuple[str, ...] = ("cellar",)
    asked: list[tuple[str, str, float]] = field(default_factory=list)

    def refresh(self, slug: str) -> bool:
        self.asked.append(("refresh", slug, 0.0))
        return slug in self.slugs

    def release(self, slug: str, minutes: float) -> bool:
        self.asked.append(("release", slug, minutes))
        return slug in self.slugs
