"""The control socket of a running gateway: one line of JSON asks, one line of JSON answers."""

import asyncio
import json
import logging
import os
import socket
import stat
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bmsreader.gateway import statement
from bmsreader.gateway.asking import ask
from bmsreader.gateway.lock import locked
from bmsreader.gateway.place import default_socket, refuse_foreign_folder
from bmsreader.model.alarm import Alarm
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.errors import BmsReaderError, UsageError
from bmsreader.model.health import GatewayHealth
from bmsreader.model.record import Record
from bmsreader.publishers.feed import LONGEST_RELEASE

if TYPE_CHECKING:
    from bmsreader.store.alarms import State

__all__ = ["SUPPORTED", "Asked", "Control", "ask", "default_socket"]

log = logging.getLogger(__name__)

SUPPORTED = sys.platform != "win32"
"""Whether this system has what is needed; Windows has no Unix sockets in Python."""

LONGEST = 1 << 16
"""Bytes of a request."""
CONNECTIONS = 32
"""At once."""
IDLE, SLOW = 60.0, 10.0
"""s after which a client that says nothing, or does not take its answer, is hung up on."""
MOST_RECORDS = 10_000


class Asked(Protocol):
    """What the control socket needs of a gateway."""

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return every battery as it is now."""

    def known(self) -> Sequence[BatteryInfo]:
        """Return every battery and bank that is read, or was."""

    def health(self) -> GatewayHealth:
        """Return how the gateway is doing now."""

    def refresh(self, slug: str) -> bool:
        """Read a battery now; return whether there is such a battery."""

    def release(self, slug: str, minutes: float) -> bool:
        """Let a battery go for some minutes, 0 takes it back; return whether there is such a battery."""

    def records(
        self,
        *,
        battery: str | None = None,
        kinds: Sequence[str] | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> Sequence[Record]:
        """Return the event record, newest last. Called in another thread: it may read the disk."""

    def alarms(
        self,
        *,
        battery: str | None = None,
        state: "State" = "open",
        since: datetime | None = None,
        limit: int = 1000,
    ) -> Sequence[Alarm]:
        """Return alarms, newest last. Called in another thread: it may read the disk."""

    def acknowledge(self, alarm_id: int) -> bool:
        """Take note that the owner knows of an alarm; return whether there is one with this id."""

    def acknowledge_all(self) -> int:
        """Acknowledge every open alarm; return how many the owner had not seen."""


class Control:
    """Answers those who may open the socket: the gateway's own user and group."""

    def __init__(self, path: Path, gateway: Asked, *, reload: Callable[[], Awaitable[Sequence[str]]]) -> None:
        """``reload`` reads the configuration again and returns in words what changed; it may raise OwnerError."""
        self.path = path
        self._gateway = gateway
        self._reload = reload
        self._listener: socket.socket | None = None
        self._lock: int | None = None
        self.clients = 0
        """Connected now."""
        self._commands: dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]] = {
            "status": self._status,
            "health": self._health,
            "refresh": self._refresh,
            "release": self._release,
            "reload": self._do_reload,
            "events": self._events,
            "alarms": self._alarms,
            "acknowledge": self._acknowledge,
        }

    def open(self) -> None:
        """Take the socket before anything else starts.

        A socket that a killed gateway left behind is replaced. Raise UsageError when another gateway runs on it, or
        the place is not fit for a socket.
        """
        try:
            self.path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            refuse_foreign_folder(self.path)
            self._lock = _locked(self.path)
            self._listener = _bound(self.path)
        except OSError as error:
            self.close()
            raise UsageError(
                f"the control socket cannot be made: {self.path}: {error.strerror or error}",
                advice="Name another place with --control, or in the configuration with control in [gateway].",
            ) from error

    def close(self) -> None:
        """Give the socket up; another gateway may have it."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self.path.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def run(self) -> None:
        """Answer until cancelled, then give the socket up."""
        if self._listener is None:
            self.open()
        try:
            async with asyncio.TaskGroup() as tasks:
                server = await asyncio.start_unix_server(
                    partial(self._accept, tasks), sock=self._listener, limit=LONGEST
                )
                try:
                    await asyncio.Event().wait()
                finally:
                    server.close()  # and never wait_closed(): a client that stays must not keep the gateway
        finally:
            self.close()

    # ---- one client

    def _accept(self, tasks: asyncio.TaskGroup, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.create_task(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clients += 1
        try:
            if self.clients > CONNECTIONS:
                await _say(writer, _refusal("too many clients at once"))
                return
            while True:
                try:
                    async with asyncio.timeout(IDLE):
                        line = await reader.readline()
                except ValueError:
                    await _say(writer, _refusal(f"a request has at most {LONGEST} bytes"))
                    return
                if not line:
                    return
                await _say(writer, await self._answer(line))
        except (OSError, TimeoutError):
            pass  # it went away, or does not take its answer: its loss
        finally:
            self.clients -= 1
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            return _refusal("a request is one line of JSON")
        if not isinstance(request, dict):
            return _refusal("a request is a JSON object")
        name = request.get("command")
        command = self._commands.get(name) if isinstance(name, str) else None
        if command is None:
            near = get_close_matches(str(name), self._commands, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(self._commands)}"
            return _refusal(f"there is no command {name!r}; {hint}")
        try:
            return {"ok": True, **await command(request)}
        except BmsReaderError as error:
            return {"ok": False, "error": str(error), "advice": error.advice, "kind": type(error).__name__}

    # ---- what can be asked

    async def _status(self, request: dict[str, Any]) -> dict[str, Any]:
        batteries = [statement.of_battery(snapshot) for snapshot in self._gateway.snapshots()]
        return {"gateway": statement.of_gateway(self._gateway.health()), "batteries": batteries}

    async def _health(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"gateway": statement.of_gateway(self._gateway.health())}

    async def _refresh(self, request: dict[str, Any]) -> dict[str, Any]:
        info = self._battery(request)
        return {"battery": info.slug, "done": self._gateway.refresh(info.slug)}

    async def _release(self, request: dict[str, Any]) -> dict[str, Any]:
        info = self._battery(request)
        minutes = request.get("minutes", 10)
        if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 <= minutes <= LONGEST_RELEASE:
            raise UsageError(f"a battery is released for 0 to {LONGEST_RELEASE:.0f} minutes, not {minutes!r}")
        done = self._gateway.release(info.slug, float(minutes))
        log.info("%s: %s", info.slug, f"released for {minutes:g} minutes" if minutes else "taken back")
        return {"battery": info.slug, "name": info.name, "minutes": minutes, "done": done}

    async def _do_reload(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"changes": list(await self._reload())}

    async def _events(self, request: dict[str, Any]) -> dict[str, Any]:
        battery = self._battery(request).id if request.get("battery") is not None else None
        kinds, limit = request.get("kinds"), _limit(request)
        if kinds is not None and not (isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds)):
            raise UsageError("kinds is a list of words")
        ask = partial(
            self._gateway.records, battery=battery, kinds=kinds, since=_moment(request.get("since")), limit=limit
        )
        records = [record.as_dict() for record in await asyncio.to_thread(ask)]
        names = {one.info.id: one.info.slug for one in self._gateway.snapshots()}
        return {"events": records, "names": names}

    async def _alarms(self, request: dict[str, Any]) -> dict[str, Any]:
        infos = self._gateway.known()
        now = [snapshot.info for snapshot in self._gateway.snapshots()]
        taken = {info.slug for info in now}  # a name means who bears it now
        meant = [*now, *(info for info in infos if info.slug not in taken)]
        battery = None if request.get("battery") is None else _called(request["battery"], meant).id
        state = request.get("state", "open")
        if state not in ("active", "open", "all"):
            raise UsageError(f"state is active, open or all, not {state!r}")
        since = _moment(request.get("since"))
        ask = partial(self._gateway.alarms, battery=battery, state=state, since=since, limit=_limit(request))
        alarms = await asyncio.to_thread(ask)
        return {"alarms": [statement.of_alarm(alarm, infos) for alarm in alarms]}

    async def _acknowledge(self, request: dict[str, Any]) -> dict[str, Any]:
        which = request.get("alarm")
        if which == "all":
            return {"acknowledged": self._gateway.acknowledge_all()}
        if isinstance(which, bool) or not isinstance(which, int):
            raise UsageError(f"alarm is the id of an alarm, or all, not {which!r}")
        if not self._gateway.acknowledge(which):
            raise UsageError(f"there is no alarm {which}", advice="`bmsreader alarms` shows their numbers.")
        return {"acknowledged": 1}

    def _battery(self, request: dict[str, Any]) -> BatteryInfo:
        """Return the battery that is meant, of those that are read."""
        return _called(request.get("battery"), [snapshot.info for snapshot in self._gateway.snapshots()])


def _called(wanted: object, infos: Sequence[BatteryInfo]) -> BatteryInfo:
    """Return the battery that is meant, by slug, name, id, address, or the unique beginning of one."""
    if not isinstance(wanted, str) or not wanted:
        raise UsageError("battery is the name of a battery")
    found = [info for info in infos if wanted.casefold() in _names(info)]
    if not found:
        found = [info for info in infos if any(name.startswith(wanted.casefold()) for name in _names(info))]
    if len(found) == 1:
        return found[0]
    problem = f"{wanted} may be several batteries" if found else f"the gateway has no battery {wanted}"
    listed = ", ".join(info.slug for info in found or infos) or "none"
    raise UsageError(problem, advice=f"There are: {listed}.")


def _names(info: BatteryInfo) -> set[str]:
    return {name.casefold() for name in (info.slug, info.name, info.id, info.address) if name}


def _limit(request: dict[str, Any]) -> int:
    limit = request.get("limit", 1000)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_RECORDS:
        raise UsageError(f"limit is a number from 1 to {MOST_RECORDS}, not {limit!r}")
    return limit


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise UsageError("since is a time with its offset from UTC")
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"since is a time in ISO 8601, not {text!r}") from None


def _refusal(problem: str) -> dict[str, Any]:
    return {"ok": False, "error": problem, "advice": "", "kind": UsageError.__name__}


async def _say(writer: asyncio.StreamWriter, answer: dict[str, Any]) -> None:
    writer.write(json.dumps(answer, default=str).encode() + b"\n")
    async with asyncio.timeout(SLOW):
        await writer.drain()


def _locked(path: Path) -> int:
    lock = locked(path)
    if lock is None:
        raise UsageError(
            f"another gateway runs here already: it has the control socket {path}",
            advice="`bmsreader status` shows it. End that one first, or give this one a socket of its own with "
            "--control.",
        )
    return lock


def _bound(path: Path) -> socket.socket:
    """Return a socket at this place that its user and group may open, and nobody else."""
    if path.exists() and not stat.S_ISSOCK(path.stat().st_mode):
        raise FileExistsError(None, "there is a file that is no socket")
    path.unlink(missing_ok=True)  # whoever made it is dead: we hold the lock
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(0o660)  # before anybody can connect: nobody listens yet
    except OSError:
        listener.close()
        raise
    return listener
