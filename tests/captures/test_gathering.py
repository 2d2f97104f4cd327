"""What one file adds up to."""

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
