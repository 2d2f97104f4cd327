"""What a packet says of its way."""

import pytest

from bmsreader.captures.traffic import Kind, Packet


@pytest.mark.parametrize("kind", ["write", "write-command"])
def test_writes_go_to_the_battery(kind: Kind) -> None:
    assert Packet(at=0, kind=kind, value=b"").sent


@pytest.mark.parametrize("kind", ["notification", "indication", "read"])
def test_answers_come_from_it(kind: Kind) -> None:
    assert not Packet(at=0, kind=kind, value=b"").sent
