"""`bmsreader events`: what the gateway did, and what it cost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bmsreader.cli.events import following, line, moment
from bmsreader.model.errors import GatewayAbsent, UsageError
from tests.cli.surroundings import invoke, lines_of
from tests.clock import START
from tests.gateway.asked import Running

NOW = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)


def test_each_event_is_a_line_with_its_battery_and_its_duration(tmp_path: Path) -> None:
    with Running(tmp_path / "s"):
        lines = invoke("events", "--control", str(tmp_path / "s")).stdout.splitlines()

    times = [START + timedelta(seconds=number) for number in range(3)]
    assert [one[:19] for one in lines] == [f"{time.astimezone():%Y-%m-%d %H:%M:%S}" for time in times]
    assert [" ".join(one[19:].split()) for one in lines] == [
        "house connected hci0 1.25 s",
        "house rejected checksum B6, expected B7",
        "hci0 adapter reset 4.00 s",
    ]


def test_one_battery_and_one_kind_can_be_chosen(tmp_path: Path) -> None:
    arguments = ("events", "--json", "--control", str(tmp_path / "s"))
    with Running(tmp_path / "s"):
        of_battery = lines_of(invoke(*arguments, "--battery", "house", "--limit", "1"))
        of_kinds = lines_of(invoke(*arguments, "--kind", "connected", "--kind", "adapter reset"))
        later = invoke(*arguments, "--since", "2026-03-02")
        misspelt = invoke(*arguments, "--kind", "reject")

    assert [(event["kind"], event["name"]) for event in of_battery] == [("rejected", "house")]
    assert [event["kind"] for event in of_kinds] == ["connected", "adapter reset"]
    assert (later.stdout, later.stderr) == ("", "Nothing happened.\n")
    assert misspelt.stderr.startswith("Nothing of that kind. There are: ")
    assert "rejected" in misspelt.stderr


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90s", NOW - timedelta(seconds=90)),
        ("30min", NOW - timedelta(minutes=30)),
        ("2h", NOW - timedelta(hours=2)),
        ("1.5 d", NOW - timedelta(hours=36)),
        ("2026-02-28T18:00+01:00", datetime(2026, 2, 28, 17, 0, tzinfo=UTC)),
        ("2026-02-28T18:00Z", datetime(2026, 2, 28, 18, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_said_as_people_say_it(text: str, meant: datetime) -> None:
    assert moment(text, NOW) == meant


@pytest.mark.parametrize("text", ["yesterday", "", "5 apples", "99999999999d", "-2h"])
def test_what_is_no_time_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="this is no time"):
        moment(text, NOW)


def test_following_tells_each_event_once_even_when_the_clock_is_set_back() -> None:
    def event(at: str) -> dict[str, Any]:
        return {"at": at, "kind": "state", "battery": "", "detail": ""}

    happened = [event("12:00:00")]
    news = [[event("12:00:01")], [], [event("11:00:02"), event("11:00:03")]]

    def pause(seconds: float) -> None:
        if not news:
            raise GatewayAbsent("it ended")
        happened.extend(news.pop(0))

    told: list[list[str]] = []

    def follow() -> None:
        for events in following(lambda since, limit: happened[-limit:], None, 100, pause=pause):
            told.append([one["at"] for one in events])  # noqa: PERF401 - what came before the end counts

    with pytest.raises(GatewayAbsent):
        follow()

    assert told == [["12:00:00"], ["12:00:01"], ["11:00:02", "11:00:03"]]


def test_nothing_is_followed_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "history").touch()
    result = invoke("events", "--follow", "--store", str(tmp_path / "history"))

    assert result.exit_code == 2
    assert "needs the running gateway" in result.stderr


def test_rejected_bytes_are_shown_as_far_as_a_line_goes() -> None:
    event = {
        "at": "2026-03-01T12:00:00Z",
        "kind": "rejected",
        "battery": "B",
        "name": "",
        "adapter": "",
        "duration": None,
    }

    assert line({**event, "detail": "checksum", "frame": ":00~"}).endswith("checksum  [:00~]")
    assert line({**event, "detail": "", "frame": "x" * 100}).endswith(f"[{'x' * 45}...]")
