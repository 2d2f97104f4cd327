"""Every reading to InfluxDB 1, 2 or 3, VictoriaMetrics, Telegraf, QuestDB: whatever takes line protocol by HTTP."""

import gzip
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.errors import ConfigurationError, PublishError, RowsRefused
from bmsreader.model.reading import Reading
from bmsreader.publishers.http import Answer, Endpoint, Message, basic, secret
from bmsreader.publishers.influx_line import PRECISIONS, line, prefix, state_line
from bmsreader.publishers.post import HttpPost, Post

BATCH = 2000
"""Readings in one post: enough for a server to be quick, few enough for a slow line to bring them in time."""
WORTH_COMPRESSING = 1024
"""Bytes."""
SLICE, BREATH = 100, 0.0002
"""So many lines are made at a time, with so many s in between, in which the event loop gets its turn: Python runs one
thread at a time, and without it live values would be late by several ms while a backlog drains."""
V3_PATH = "/api/v3/write_lp"

SETUP_WORDS = re.compile(
    r"database|bucket|organi[sz]ation|\borg\b|retention policy not found|precision|authoriz|token|permission|namespace",
    re.IGNORECASE,
)
"""A 400 with one of these is about the address in our configuration, not about the readings."""
ABOUT_ROWS = re.compile(r"partial write|unable to parse", re.IGNORECASE)
"""A 400 with one of these is about readings, even if one of the words above is in the line that it quotes."""
TOO_OLD = re.compile(r"beyond retention policy|outside (?:of )?(?:the )?retention", re.IGNORECASE)
DROPPED = re.compile(r"dropped[= ](\d+)")


class Settings(Protocol):
    """The settings of `[[influx]]`."""

    @property
    def url(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def token(self) -> str | None: ...
    @property
    def token_file(self) -> Path | None: ...
    @property
    def username(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...
    @property
    def password_file(self) -> Path | None: ...
    @property
    def measurement(self) -> str: ...
    @property
    def timeout(self) -> float: ...


class InfluxPublisher:
    """Writes readings in batches. The same reading twice is one point: its key is battery and time."""

    batch = BATCH

    def __init__(self, settings: Settings, *, post: Post | None = None) -> None:
        self.name = settings.name
        self._settings = settings
        url, self._step = with_precision(settings.url)
        endpoint = Endpoint(url, timeout=settings.timeout)
        self._shown = endpoint.shown
        self._credentials = endpoint.credentials
        self._bearer = urlsplit(url).path.endswith(V3_PATH)
        self._post: Post = post or HttpPost(endpoint, timeout=settings.timeout, name=f"publisher {self.name}")
        self._compress = True
        self._compression_works = False

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        """Write the readings. Raise RowsRefused when the server refuses some, PublishError when it cannot be asked."""
        answer = await self._write(battery, readings)
        if answer.status in (400, 415, 501) and self._compress and not self._compression_works:
            # QuestDB before 9.1 and some others do not know gzip, and say so as if the readings were wrong.
            self._compress = False
            answer = await self._write(battery, readings)
            self._compress = not _is_fine(answer)
        if not _is_fine(answer):
            raise refusal(answer, self._shown)

    async def tell(self, snapshot: Snapshot) -> None:
        """Write which state the battery came into; raise as ``deliver`` does."""
        text = state_line(self._settings.measurement, snapshot, step=self._step)
        answer = await self._post(lambda: Message(text.encode(), self._headers()))
        if not _is_fine(answer):
            raise refusal(answer, self._shown)

    async def _write(self, battery: BatteryInfo, readings: Sequence[Reading]) -> Answer:
        compressed = False

        def make() -> Message:
            nonlocal compressed
            beginning = prefix(self._settings.measurement, battery)
            lines: list[str] = []
            for start in range(0, len(readings), SLICE):
                lines += [line(beginning, reading, step=self._step) for reading in readings[start : start + SLICE]]
                time.sleep(BREATH)
            body = "\n".join(lines).encode()
            headers = self._headers()
            if self._compress and len(body) > WORTH_COMPRESSING:
                compressed = True
                headers["Content-Encoding"] = "gzip"
                body = gzip.compress(body, compresslevel=1, mtime=0)
            return Message(body, headers)

        answer = await self._post(make)
        self._compression_works |= compressed and _is_fine(answer)
        return answer

    def _headers(self) -> dict[str, str]:
        """Return the headers; secrets are read each time, so that a changed file counts at once."""
        settings = self._settings
        headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "bmsreader", "Accept": "application/json"}
        token = secret(settings.token, settings.token_file)
        if token:
            scheme = "" if " " in token else "Bearer " if self._bearer else "Token "
            headers["Authorization"] = scheme + token
        elif settings.username:
            headers["Authorization"] = basic(settings.username, secret(settings.password, settings.password_file) or "")
        elif self._credentials:
            headers["Authorization"] = basic(*self._credentials)
        return headers


def with_precision(url: str) -> tuple[str, int]:
    """Return the address with the precision of our time stamps in it, and that precision in ns.

    Readings are stamped in ms, unless the owner's address says another precision. With ``precision=s`` they are rounded
    to whole seconds, which makes the files of InfluxDB and VictoriaMetrics several times smaller.
    """
    query = dict(parse_qsl(urlsplit(url).query))
    asked = query.get("precision")
    if asked is None:
        own = "precision=" + ("millisecond" if urlsplit(url).path.endswith(V3_PATH) else "ms")
        return url + ("&" if urlsplit(url).query else "" if url.endswith("?") else "?") + own, PRECISIONS["ms"]
    if asked not in PRECISIONS:
        raise ConfigurationError(
            f"precision={asked} in the address of a line protocol server is not known",
            advice="Leave it out (exact to the millisecond), or write precision=s for whole seconds.",
        )
    return url, PRECISIONS[asked]


def refusal(answer: Answer, where: str) -> PublishError:
    """Return what an answer other than success means: try again later, or some readings are refused for good."""
    said = f"{where} answered {answer.status}: {words(answer) or 'without a word'}"
    if answer.status in (400, 413, 422):
        if TOO_OLD.search(answer.text):
            dropped = DROPPED.search(answer.text)
            return RowsRefused(said, dropped=int(dropped[1]) if dropped else None)
        if answer.status in (413, 422) or ABOUT_ROWS.search(answer.text) or not SETUP_WORDS.search(answer.text):
            return RowsRefused(said)
        return PublishError(said, advice="Look at database, bucket and org in the address.")
    if 300 <= answer.status < 400:
        return PublishError(
            f"{where} redirects to {answer.location}", advice="Write that address into the configuration."
        )
    if answer.status in (401, 403):
        return PublishError(said, advice="Look at the token, or the user and the password, and what they may write to.")
    if answer.status == 404:
        return PublishError(said, advice="Does the database or bucket exist, and is the path of the address right?")
    return PublishError(said, advice="Look into the server's log.")


def words(answer: Answer) -> str:
    """Return what the server says in its answer: InfluxDB 1 and 3 say ``error``, InfluxDB 2 says ``message``."""
    try:
        said = json.loads(answer.text)
    except ValueError:
        return answer.words
    if isinstance(said, dict):
        for key in ("message", "error"):
            if isinstance(said.get(key), str):
                return Answer(answer.status, said[key]).words
    return answer.words


def _is_fine(answer: Answer) -> bool:
    return 200 <= answer.status < 300
