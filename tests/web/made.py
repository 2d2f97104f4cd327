"""What the tests of the page are about: requests without a network, batteries, settings."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request

from bmsreader.model.alarm import Alarm, Category, Severity, Source
from bmsreader.model.battery import BatteryInfo, BatteryState, LinkCounts, Snapshot, Totals
from tests.clock import START
from tests.gateway.made import reading

INFO = BatteryInfo(id="02:00:07:00:15:44", name="House", slug="house", protocol="ej", cells=4, sensors=2)
ALARM = Alarm(
    id=7,
    battery=INFO.id,
    name="cell_overvoltage",
    category=Category.CELL,
    severity=Severity.WARNING,
    source=Source.BATTERY,
    raised_at=START,
    value=3.7,
    limit=3.65,
    unit="V",
    text="A cell is too high.",
)
LIVE = Snapshot(
    info=INFO,
    at=START + timedelta(seconds=4),
    state=BatteryState.LIVE,
    since=START,
    reading=reading(0, current=12.4),
    totals=Totals(energy_in=1234.56789),
    counts=LinkCounts(polls=3, readings=2),
    alarms=(ALARM,),
)


def scope(
    path: str = "/",
    *,
    query: str = "",
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    client: str = "127.0.0.1",
    server: str = "127.0.0.1",
    scheme: str = "http",
) -> dict[str, Any]:
    """Return what a server says of a request."""
    sent = {"host": "localhost:8099", **(headers or {})}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
        "client": (client, 50_000),
        "server": (server, 8099),
        "scheme": scheme,
    }


def request(query: str = "", *, body: bytes = b"", **arguments: Any) -> Request:
    """Return a request with a body."""
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    return Request(scope(query=query, **arguments), receive)
