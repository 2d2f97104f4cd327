"""What the gateway does and recorded, as checks of `bmsreader doctor`."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bmsreader.cli.checkup import Check
from bmsreader.cli.running import ask
from bmsreader.model.errors import OwnerError, StoreError

if TYPE_CHECKING:
    from bmsreader.gateway.diagnosis import Finding
    from bmsreader.model.battery import BatteryInfo
    from bmsreader.store import Reader

RECENT = timedelta(hours=24)
MOST = 20_000
"""Records that are looked at."""


def of_gateway(battery: str) -> Check | None:
    """Return how a gateway that runs here is doing with a battery; None when it does not hold the connection."""
    try:
        known = ask(None, "status")["batteries"]
    except OwnerError:
        return None
    wanted = battery.casefold()
    for one in known:
        names = [str(one.get(key) or "").casefold() for key in ("id", "battery", "address", "name")]
        if one.get("connected") and (wanted in names or names[-1].startswith(wanted)):
            age = "never read" if one.get("age") is None else f"last read {one['age']:.0f} s ago"
            finding = f"the gateway that runs here holds its connection: {one['state']}, {age}"
            advice = "" if one["state"] == "live" else one.get("reason") or "`bmsreader events` shows what happens."
            return Check(name="gateway", finding=finding, advice=advice)
    return None


def of_the_past(path: Path | None, battery: str | None = None, *, now: datetime | None = None) -> Iterator[Check]:
    """Yield what the record of the last day shows, of all batteries or of one; nothing where no gateway ever ran."""
    from bmsreader.cli.recorded import store_here
    from bmsreader.store import Reader

    path = path or store_here()
    if path is None:
        return
    try:
        with Reader(path) as store:
            yield from _judge(store, battery, now or datetime.now(UTC))
    except StoreError as error:
        yield Check(name="history", finding=str(error), advice=error.advice)


def _judge(store: "Reader", battery: str | None, now: datetime) -> Iterator[Check]:
    from bmsreader.gateway.diagnosis import Surroundings, diagnose

    records = store.records(since=now - RECENT, limit=MOST)
    infos = {info.id: info for info in store.infos()}
    if battery is not None:
        wanted = {key for key, info in infos.items() if _means(battery, info)}
        records = [one for one in records if not one.battery or one.battery in wanted]
    if not records:
        return
    surroundings = Surroundings(
        names={key: info.name for key, info in infos.items()},
        signals=_signals(store, infos, now),
        wifi=_wifi({one.adapter for one in records}),
    )
    found = diagnose(records, surroundings)
    for finding in found:
        yield _check(finding)
    if not found:
        yield Check(
            name="last 24 hours", finding=f"nothing is wrong in what the gateway recorded ({len(records)} events)"
        )


def _check(finding: "Finding") -> Check:
    return Check(name=f"last 24 hours, {finding.about}", finding=finding.what, advice=finding.advice)


def _means(battery: str, info: "BatteryInfo") -> bool:
    wanted = battery.casefold()
    return wanted in (
        info.id.casefold(),
        info.slug,
        (info.address or "").casefold(),
    ) or info.name.casefold().startswith(wanted)


def _signals(store: "Reader", infos: "Mapping[str, BatteryInfo]", now: datetime) -> dict[str, float]:
    """Return the mean signal of each battery over the last day, dBm."""
    found = {}
    for key in infos:
        history = store.history(key, ("signal",), now - RECENT, now, 1)
        means = [mean for mean in history.series["signal"].mean if mean is not None]
        if means:
            found[key] = means[-1]
    return found


def _wifi(adapters: set[str]) -> str:
    """Return in words which Wi-Fi disturbs one of these adapters; empty = none does."""
    from bmsreader.links.neighbours import wifi_on_the_chip_of

    for adapter in sorted(adapters - {""}):
        wifi = wifi_on_the_chip_of(adapter)
        if wifi is not None and wifi.disturbs:
            return str(wifi)
    return ""
