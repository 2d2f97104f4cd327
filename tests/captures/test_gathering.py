"""What one file adds up to."""

import pytest

from bmsreader.captures.gathering import Gathering, address, moment


def test_the_longest_name_is_kept() -> None:
    gathering = Gathering()
    gathering.advertised("A", b"\x02\x01\x06\x08\x09Battery")
    gathering.advertised("A", b"\x04\x08Bat")

    assert gathering.names == {"A": "Battery"}


def test_advertising_that_ends_early_is_read_as_far_as_it_goes() -> None:
    gathering = Gathering()
    gathering.advertised("A", b"\x1f\x09Bat")
    gathering.advertised("B", b"\x05")

    assert gathering.names == {"A": "Bat"}


def test_a_remark_is_made_once() -> None:
    gathering = Gathering()
    gathering.remark("cut")
    gathering.remark("cut")

    assert gathering.capture("file", "format").remarks == ("cut",)


def test_an_impossible_time_is_no_time() -> None:
    assert moment(1 << 62) is None


def test_addresses_are_written_as_people_do() -> None:
    assert address(bytes.fromhex("0100070000c2")) == "C2:00:00:07:00:01"


def test_a_hostile_file_cannot_fill_the_memory_with_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmsreader.captures.gathering.MOST_CONNECTIONS", 3)
    gathering = Gathering()
    for _ in range(9):
        gathering.connect()

    capture = gathering.capture("file", "format")

    assert len(capture.connections) == 3
    assert "more than 3 connections" in capture.remarks[0]


def test_names_are_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmsreader.captures.gathering.MOST_NAMES", 1)
    gathering = Gathering()
    for peer in "ABC":
        gathering.advertised(peer, b"\x05\x09Cell")

    assert gathering.names == {"A": "Cell"}
