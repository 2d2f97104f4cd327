"""Which state a battery came into, as JSON: for destinations that get readings, and would else just hear nothing."""

from datetime import datetime
from typing import Any

from bmsreader.model.battery import Snapshot


def standing(snapshot: Snapshot) -> dict[str, Any]:
    """Return the state, why and since when, and how old the last reading is."""
    reading = snapshot.reading
    return {
        "at": iso(snapshot.at),
        "state": str(snapshot.state),
        "reason": snapshot.reason,
        "since": iso(snapshot.since),
        "last_seen": None if reading is None else iso(reading.taken_at),
        "age": None if snapshot.age is None else round(snapshot.age, 3),
    }


def iso(moment: datetime) -> str:
    """Return a time in UTC as ISO 8601 with a Z."""
    return moment.isoformat().replace("+00:00", "Z")
