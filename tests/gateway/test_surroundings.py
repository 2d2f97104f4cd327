import inspect

from bmsreader.gateway.surroundings import Surroundings
from bmsreader.gateway.world import World


def test_the_world_has_all_that_a_poller_needs() -> None:
    needed = {name for name, _ in inspect.getmembers(Surroundings, inspect.isfunction) if not name.startswith("_")}

    assert len(needed) >= 8
    for name in needed:
        assert list(inspect.signature(getattr(World, name)).parameters) == list(
            inspect.signature(getattr(Surroundings, name)).parameters
        )
