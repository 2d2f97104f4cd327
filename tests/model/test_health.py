import pytest

from bmsreader.model import AdapterHealth, GatewayHealth, PublisherHealth, StoreHealth
from tests.contributed import TAKEN_AT


def gateway(*, store: bool = True, publisher: bool = True, adapter: bool = True) -> GatewayHealth:
    return GatewayHealth(
        version="1",
        started_at=TAKEN_AT,
        at=TAKEN_AT,
        store=StoreHealth(ok=store),
        publishers=(PublisherHealth(name="mqtt", ok=publisher),),
        adapters=(AdapterHealth(name="hci0", ok=adapter),),
    )


def test_a_gateway_is_well_when_all_its_parts_are() -> None:
    assert gateway().ok


@pytest.mark.parametrize("part", ["store", "publisher", "adapter"])
def test_one_part_that_fails_is_enough_to_be_unwell(part: str) -> None:
    assert not gateway(**{part: False}).ok


def test_a_gateway_without_history_and_publishers_is_well() -> None:
    assert GatewayHealth(version="1", started_at=TAKEN_AT, at=TAKEN_AT).ok
