"""Before anything is found out, the known descriptions are tried."""

import pytest

from bmsreader.descriptions import shipped
from bmsreader.lab.known import explanations
from tests.lab.simulated import Life, live


def chunks(life: Life) -> list[bytes]:
    return [packet.value for packet in life.packets if not packet.sent]


@pytest.mark.parametrize(("protocol", "variant"), [("ej", "status"), ("ej", "short_status"), ("ej2", "status")])
def test_the_description_of_the_battery_is_the_best(protocol: str, variant: str) -> None:
    best, *others = explanations(chunks(live(protocol, variant=variant, count=20)), shipped())

    assert (best.protocol, best.explains, best.readings) == (protocol, True, 20)
    assert [one.explains for one in others] == [False]


def test_a_stranger_is_explained_by_none() -> None:
    stranger = [b"\xdd\x03\x00\x1b\x05\x39\x00\x00" + bytes(range(19)) + b"\x77"] * 9

    assert [one.explains for one in explanations(stranger, shipped())] == [False, False]


def test_nothing_is_explained_by_none() -> None:
    assert [one.explains for one in explanations([], shipped())] == [False, False]
