"""Every reading as JSON to an address of the owner's, signed so that the receiver can trust it."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from bmsreader.model.alarm import Edge
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.errors import PublishError, RowsRefused
from bmsreader.model.reading import Reading
from bmsreader.publishers.http import Answer, Endpoint, Message, basic, secret
from bmsreader.publishers.post import HttpPost, Post
from bmsreader.publishers.standing import iso, standing

BATCH = 100
"""Readings in one post at most."""
FORMAT = 1
"""Version of the body's shape; additions do not change it."""
TIMESTAMP, SIGNATURE = "X-Bmsreader-Timestamp", "X-Bmsreader-Signature"
ABOUT_ROWS = (400, 413, 422)
"""Answers that mean: not these readings. Everything else that is no success means: later."""


class Settings(Protocol):
    """The settings of `[[webhook]]`."""

    @property
    def url(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def secret(self) -> str | None: ...
    @property
    def secret_file(self) -> Path | None: ...
    @property
    def timeout(self) -> float: ...
    @property
    def alarms(self) -> bool: ...


def utc_now() -> datetime:
    """Return the time of this machine's clock, UTC."""
    return datetime.now(UTC)


class WebhookPublisher:
    """Posts readings in batches. A receiver that wants each reading once goes by its battery and ``taken_at``."""

    batch = BATCH

    def __init__(self, settings: Settings, *, post: Post | None = None, now: Callable[[], datetime] = utc_now) -> None:
        self.name = settings.name
        self._settings = settings
        self._now = now
        endpoint = Endpoint(settings.url, timeout=settings.timeout, secret_path=True)
        self._shown = endpoint.shown
        self._credentials = endpoint.credentials
        self._post: Post = post or HttpPost(endpoint, timeout=settings.timeout, name=f"publisher {self.name}")

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        """Post them; raise RowsRefused for the answers 400, 413, 422, and PublishError for all other failures."""
        await self._send(lambda: body(battery, readings))

    async def tell(self, snapshot: Snapshot) -> None:
        """Post which state the battery came into; raise as ``deliver`` does."""
        await self._send(lambda: body(snapshot.info, (), standing(snapshot)))

    @property
    def tells_alarms(self) -> bool:
        """Whether the owner wants alarms here."""
        return self._settings.alarms

    async def tell_edge(self, battery: BatteryInfo, edge: Edge) -> None:
        """Post what happened to an alarm; raise as ``deliver`` does."""
        await self._send(lambda: body(battery, (), alarm=happening(edge)))

    async def _send(self, make: Callable[[], bytes]) -> None:
        answer = await self._post(lambda: self._message(make()))
        if 200 <= answer.status < 300:
            return
        raise refusal(answer, self._shown)

    def _message(self, content: bytes) -> Message:
        headers = {"Content-Type": "application/json", "User-Agent": "bmsreader"}
        if self._credentials:
            headers["Authorization"] = basic(*self._credentials)
        key = secret(self._settings.secret, self._settings.secret_file)
        if key:
            timestamp = str(int(self._now().timestamp()))
            headers |= {TIMESTAMP: timestamp, SIGNATURE: signature(key, timestamp, content)}
        return Message(content, headers)


def body(
    battery: BatteryInfo,
    readings: Sequence[Reading],
    state: Mapping[str, Any] | None = None,
    *,
    alarm: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the JSON for some readings of one battery, or for the state that it came into, or for an alarm."""
    who = {"id": battery.id, "name": battery.name, "slug": battery.slug}
    content: dict[str, Any] = {"format": FORMAT, "battery": who, "readings": [values(reading) for reading in readings]}
    if state is not None:
        content["state"] = state
    if alarm is not None:
        content["alarm"] = alarm
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def happening(edge: Edge) -> dict[str, Any]:
    """Return what happened to an alarm for JSON: what, when, which one in the order, and the alarm as it was then."""
    return {"event": str(edge.kind), "at": iso(edge.at), "number": edge.number, **edge.alarm.as_dict()}


def values(reading: Reading) -> dict[str, Any]:
    """Return a reading's values for JSON; the frames are not kept in the history, so they are not in it either."""
    found = reading.as_dict()
    del found["frames"]
    return found


def signature(key: str, timestamp: str, content: bytes) -> str:
    """Return the signature of a body: HMAC-SHA256 over time stamp, a full stop and the body."""
    return "sha256=" + hmac.new(key.encode(), timestamp.encode() + b"." + content, hashlib.sha256).hexdigest()


def refusal(answer: Answer, where: str) -> PublishError:
    """Return what an answer other than success means."""
    said = f"{where} answered {answer.status}: {answer.words or 'without a word'}"
    if answer.status in ABOUT_ROWS:
        return RowsRefused(said)
    if 300 <= answer.status < 400:
        return PublishError(
            f"{where} redirects to {answer.location}", advice="Write that address into the configuration."
        )
    return PublishError(said, advice="Look at the address and the secret, and into the receiver's log.")
