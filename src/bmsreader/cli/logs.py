"""What the gateway says while it runs: lines for people and the journal, or one JSON object each for programs."""

import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, TextIO

PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}
"""The levels as the journal knows them; it reads ``<4>`` before a line and takes it away."""

LOUD = ("bleak", "habluetooth", "bleak_retry_connector", "bluetooth_auto_recovery", "aiomqtt", "asyncio", "dbus_fast")
"""Libraries whose small talk is of interest only when something is to be found out."""

STANDARD = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})
"""What every log record has; the rest was given with ``extra=``."""


class TextLines(logging.Formatter):
    """One line for people: time, level where it matters, and what happened."""

    def __init__(self, *, journal: bool) -> None:
        """``journal``: the reader adds the time and knows priorities."""
        super().__init__()
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what has several lines is indented."""
        text = _message(self, record).replace("\n", "\n    ")
        if self._journal:
            priority = f"<{PRIORITIES.get(record.levelno, 6)}>"
            return "\n".join(priority + line for line in text.split("\n"))
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        return f"{_time(record).astimezone().isoformat(' ', 'seconds')[:19]}  {level}{text}"


class JsonLines(logging.Formatter):
    """One JSON object in each line: ``at``, ``level``, ``source``, ``message``, and what was given with ``extra=``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        extra = {key: value for key, value in vars(record).items() if key not in STANDARD}
        line = {
            "at": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "source": record.name,
            "message": _message(self, record),
        }
        return json.dumps(extra | line, ensure_ascii=False, default=str)


def setup(
    kind: Literal["text", "json"],
    verbose: bool,
    *,
    quiet: bool = False,
    stream: TextIO | None = None,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Send the log to standard error; what was set up before is replaced, so that a reload can change it.

    ``verbose`` shows every radio action and what the libraries say, ``quiet`` only warnings and errors.
    """
    stream = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if kind == "json" else TextLines(journal=is_journal(stream, environment)))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    root.setLevel(logging.INFO if level == logging.DEBUG else level)
    logging.getLogger("bmsreader").setLevel(level)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)
    logging.captureWarnings(capture=True)


def is_journal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether the stream goes to systemd's journal: it names the stream by device and inode."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environment.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _message(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info:
        text += "\n" + formatter.formatException(record.exc_info)
    return text
