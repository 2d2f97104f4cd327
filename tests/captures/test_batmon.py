"""Logs that print rx and hex digits."""

import pytest

from bmsreader.captures.batmon import is_batmon, read_batmon
from bmsreader.captures.gathering import Gathering


@pytest.mark.parametrize(
    "line",
    [
        "rx dd0400080d47",
        "2024-01-01 10:00:00 DEBUG [bt.py:12] rx dd0400080d47",
        "RX: dd 04 00 08 0d 47",
        "rx=0xdd0400080d47",
    ],
)
def test_what_came_is_taken(line: str) -> None:
    gathering = Gathering()
    read_batmon([line], gathering)

    assert [(packet.kind, packet.value.hex()) for packet in gathering.table] == [("notification", "dd0400080d47")]


def test_what_was_sent_is_told_apart() -> None:
    gathering = Gathering()
    read_batmon(["tx dda50300fffd77"], gathering)

    assert [packet.kind for packet in gathering.table] == ["write-command"]


def test_the_battery_is_known_by_the_address_before() -> None:
    gathering = Gathering()
    read_batmon(["JbdBt(A4:C1:38:27:48:9A) rx dd0400080d47"], gathering)

    assert [connection.peer for connection in gathering.capture("", "").connections] == ["A4:C1:38:27:48:9A"]


@pytest.mark.parametrize("line", ["", "rx", "prefix dd0400", "rx timeout", "the rx of dd0400 failed"])
def test_other_lines_are_passed_over(line: str) -> None:
    assert not is_batmon(line)
