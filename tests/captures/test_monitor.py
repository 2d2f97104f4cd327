"""One channel for all adapters."""

import pytest

from bmsreader.captures.monitor import packet_of_monitor


@pytest.mark.parametrize(
    ("opcode", "route", "kind"), [(2, 0, b"\x01"), (3, 1, b"\x04"), (4, 0, b"\x02"), (5, 1, b"\x02")]
)
def test_packets_get_their_type_and_way(opcode: int, route: int, kind: bytes) -> None:
    assert packet_of_monitor(0, opcode, b"x") == (route, kind + b"x")


def test_adapters_have_routes_of_their_own() -> None:
    assert packet_of_monitor(2, 5, b"x") == (5, b"\x02x")


@pytest.mark.parametrize("opcode", [0, 8, 12, 99])
def test_notes_are_no_packets(opcode: int) -> None:
    assert packet_of_monitor(0, opcode, b"x") is None
