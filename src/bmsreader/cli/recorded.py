"""The event record, from the running gateway or from its history on disk."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bmsreader.cli.running import ask, configuration
from bmsreader.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmsreader.model.battery import BatteryInfo
    from bmsreader.store.alarms import State


def of_gateway(
    control: Path | None, *, battery: str | None, kinds: "Sequence[str] | None", since: datetime | None, limit: int
) -> list[dict[str, Any]]:
    """Return what the running gateway knows, newest last; raise GatewayAbsent, or UsageError for an unknown battery."""
    began = None if since is None else since.isoformat()
    answer = ask(control, "events", battery=battery, kinds=kinds, since=began, limit=limit)
    names = answer["names"]
    return [{**event, "name": names.get(event["battery"], "")} for event in answer["events"]]


def of_store(
    path: Path, *, battery: str | None, kinds: "Sequence[str] | None", since: datetime | None, limit: int
) -> list[dict[str, Any]]:
    """Return what a history on disk holds, newest last; raise StoreError, or UsageError for an unknown battery."""
    from bmsreader.store import Reader

    with Reader(path) as store:
        infos = store.infos()
        identity = None if battery is None else _identity(battery, infos)
        records = store.records(battery=identity, kinds=kinds, since=since, limit=limit)
    names = {info.id: info.slug for info in infos}
    return [{**record.as_dict(), "name": names.get(record.battery, "")} for record in records]


def alarms_of_store(
    path: Path, *, battery: str | None, state: "State", since: datetime | None, limit: int
) -> list[dict[str, Any]]:
    """Return the alarms that a history on disk holds, newest last; raise StoreError, or UsageError."""
    from bmsreader.gateway.statement import of_alarm
    from bmsreader.store import Reader

    with Reader(path) as store:
        infos = store.infos()
        identity = None if battery is None else _identity(battery, infos)
        alarms = store.alarms(battery=identity, state=state, since=since, limit=limit)
    return [of_alarm(alarm, infos) for alarm in alarms]


def store_here() -> Path | None:
    """Return the history that a gateway started here would write, if there is one."""
    from bmsreader.store import default_store

    found = configuration()
    path = (None if found is None else found.store.path) or default_store()
    return path if path.is_file() else None


def _identity(wanted: str, infos: "Sequence[BatteryInfo]") -> str:
    for info in infos:
        if wanted.casefold() in {info.slug, info.name.casefold(), info.id.casefold(), (info.address or "").casefold()}:
            return info.id
    listed = ", ".join(info.slug for info in infos) or "none"
    raise UsageError(f"the history has no battery {wanted}", advice=f"There are: {listed}.")
