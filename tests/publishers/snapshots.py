"""Batteries and a gateway at one moment, for tests of what shows them."""

from datetime import datetime
from typing import Any

from bmsreader.model import AdapterHealth, BatteryState, GatewayHealth, LinkCounts, PublisherHealth, StoreHealth
from bmsreader.model.battery import BatteryInfo, Snapshot, Totals
from tests.clock import START
from tests.gateway.remembered import HOUSE, reading


def snapshot(info: BatteryInfo = HOUSE, at: datetime = START, **values: Any) -> Snapshot:
    """Return a battery that is live and was read just now, unless told otherwise."""
    known: dict[str, Any] = {
        "info": info,
        "at": at,
        "state": BatteryState.LIVE,
        "since": at,
        "reading": reading(info, at),
        "totals": Totals(energy_in=1500.0, energy_out=500.0, charge_in=100.0, charge_out=40.0, gaps=60.0),
        "interval": 10.0,
        "signal": -61,
        "connected": True,
        "counts": LinkCounts(polls=7, readings=5, rejected=2, connects=1, failures=3, last_poll=0.25),
    }
    return Snapshot(**known | values)


def health(**values: Any) -> GatewayHealth:
    """Return a gateway where everything works, unless told otherwise."""
    known: dict[str, Any] = {
        "version": "1.2.3",
        "started_at": START,
        "at": START,
        "store": StoreHealth(ok=True, pending=6, lost=1, size=4096),
        "publishers": (PublisherHealth(name="influx", ok=False, problem="away", delivered=9, refused=1, backlog=4),),
        "adapters": (AdapterHealth(name="hci0", ok=True, slots=5, free=3, resets=2),),
    }
    return GatewayHealth(**known | values)
