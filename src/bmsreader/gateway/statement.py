"""What the gateway knows, as plain values ready for JSON: batteries, itself."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bmsreader.model.alarm import Alarm
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.health import GatewayHealth


def of_battery(snapshot: Snapshot) -> dict[str, Any]:
    """Return a battery with its state, the age of its values, the values themselves, counters and link."""
    info = asdict(snapshot.info)
    reading = snapshot.reading
    return {
        "battery": info.pop("slug"),
        **info,
        "at": _iso(snapshot.at),
        "state": snapshot.state.value,
        "since": _iso(snapshot.since),
        "reason": snapshot.reason,
        "age": None if snapshot.age is None else round(snapshot.age, 3),
        "interval": snapshot.interval,
        "connected": snapshot.connected,
        "signal": snapshot.signal,
        "reading": None if reading is None else reading.as_dict(),
        "totals": None if snapshot.totals is None else asdict(snapshot.totals),
        "horizon": asdict(snapshot.horizon),
        "counts": asdict(snapshot.counts),
        "alarms": [of_alarm(alarm, (snapshot.info,)) for alarm in snapshot.alarms],
        "bank": None if snapshot.bank is None else snapshot.bank.as_dict(),
    }


def of_alarm(alarm: Alarm, infos: Iterable[BatteryInfo]) -> dict[str, Any]:
    """Return an alarm; its battery is called as it is now, or by its id where nobody knows it any more."""
    info = next((one for one in infos if one.id == alarm.battery), None)
    called = (alarm.battery, alarm.battery) if info is None else (info.slug, info.name)
    return {**alarm.as_dict(), "battery": called[0], "battery_id": alarm.battery, "battery_name": called[1]}


def of_gateway(health: GatewayHealth) -> dict[str, Any]:
    """Return how the gateway itself is doing: publishers, history and adapters."""
    values: dict[str, Any] = {"ok": health.ok, **asdict(health)}
    values["started_at"] = _iso(health.started_at)
    values["at"] = _iso(health.at)
    return values


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
