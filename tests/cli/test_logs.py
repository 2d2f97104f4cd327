"""What the gateway says while it runs."""

import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bmsreader.cli.logs import JsonLines, TextLines, is_journal, setup


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Give the log back to pytest after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("bmsreader").setLevel(logging.NOTSET)


def record(message: str, level: int = logging.INFO, **extra: object) -> logging.LogRecord:
    found = logging.LogRecord("bmsreader.gateway", level, "file", 1, message, (), None)
    found.created = 1_772_366_400.25
    vars(found).update(extra)
    return found


def test_a_line_for_people_has_a_time_and_says_its_level_where_it_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = TextLines(journal=False)

    assert (
        lines.format(record("garage is live"))[10:]
        == lines.format(record("garage is live"))[10:19] + "  garage is live"
    )
    assert lines.format(record("disk full", logging.ERROR)).endswith("  error: disk full")


def test_a_line_for_the_journal_has_its_priority_and_no_time() -> None:
    lines = TextLines(journal=True)

    assert lines.format(record("garage is live")) == "<6>garage is live"
    assert lines.format(record("a\nb", logging.WARNING)) == "<4>a\n<4>    b"


def test_a_line_for_programs_is_one_object_with_what_was_said() -> None:
    line = JsonLines().format(record("connected\nagain", battery="garage", seconds=1.5))

    assert "\n" not in line
    assert json.loads(line) == {
        "at": "2026-03-01T12:00:00.250Z",
        "level": "info",
        "source": "bmsreader.gateway",
        "message": "connected\nagain",
        "battery": "garage",
        "seconds": 1.5,
    }


def test_an_exception_is_in_the_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        found = record("it failed")
        found.exc_info = (ValueError, error, error.__traceback__)

    assert "ValueError: broken" in json.loads(JsonLines().format(found))["message"]


def test_a_reload_changes_the_kind_and_nothing_is_said_twice() -> None:
    stream = io.StringIO()
    setup("text", False, stream=stream)
    setup("json", False, stream=stream)
    logging.getLogger("bmsreader.x").info("once")

    assert json.loads(stream.getvalue())["message"] == "once"


@pytest.mark.parametrize(
    ("verbose", "quiet", "said"),
    [
        (False, False, ["ours", "warning"]),
        (True, False, ["detail", "ours", "theirs", "warning"]),
        (False, True, ["warning"]),
    ],
)
def test_verbose_shows_details_and_libraries_and_quiet_only_what_is_wrong(
    verbose: bool, quiet: bool, said: list[str]
) -> None:
    stream = io.StringIO()
    setup("json", verbose, quiet=quiet, stream=stream)
    logging.getLogger("bmsreader.x").debug("detail")
    logging.getLogger("bmsreader.x").info("ours")
    logging.getLogger("bleak.backends").info("theirs")
    logging.getLogger("habluetooth").warning("warning")

    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == said


def test_the_journal_is_known_by_device_and_inode(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as stream:
        status = os.fstat(stream.fileno())
        assert is_journal(stream, {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        assert not is_journal(stream, {"JOURNAL_STREAM": "1:2"})
        assert not is_journal(stream, {})
    assert not is_journal(io.StringIO(), {"JOURNAL_STREAM": "1:2"})
