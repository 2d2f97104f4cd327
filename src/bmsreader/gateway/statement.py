"""What the gateway knows, as plain values ready for JSON: batteries, itself."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bmsreader.model.battery import Snapshot
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
        "counts": asdict(snapshot.counts),
        "bank": None if snapshot.bank is None else snapshot.bank.as_dict(),
    }


def of_gateway(health: GatewayHealth) -> dict[str, Any]:
    """Return how the gateway itself is doing: publishers, history and adapters."""
    values: dict[str, Any] = {"ok": health.ok, **asdict(health)}
    values["started_at"] = _iso(health.started_at)
    values["at"] = _iso(health.at)
    return values


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
