"""Bad readings are found by halves, and only with proof."""

import pytest

from bmsreader.gateway.parting import Numbered, Parting
from bmsreader.model import PublishError, Reading, RowsRefused
from tests.clock import run
from tests.gateway.remembered import series

READINGS = series(64)
BATCH = [*enumerate(READINGS, 1)]


class Server:
    """Refuses batches with bad readings, and may say how many it dropped."""

    def __init__(self, bad: set[int], *, says_dropped: bool = False, probe: bool = True, down_at: int = 0) -> None:
        self.bad = bad
        self.says_dropped = says_dropped
        self.probe_taken = probe
        self.down_at = down_at
        self.arrived: list[int] = []
        self.probes: list[int] = []

    async def deliver(self, part: Numbered) -> None:
        ordinals = {ordinal for ordinal, _ in part}
        if self.down_at in ordinals:
            raise PublishError("gone")
        if bad := len(ordinals & self.bad):
            raise RowsRefused("bad", dropped=bad if self.says_dropped else None)

    async def probe(self, ordinal: int) -> bool:
        self.probes.append(ordinal)
        return self.probe_taken

    def part(self) -> Parting:
        parting = Parting(deliver=self.deliver, arrived=self.arrived.append, probe=self.probe)
        run(parting.run(BATCH))
        return parting


def given_up(parting: Parting) -> list[Reading]:
    return [reading for reading, _ in parting.given_up]


def test_a_good_batch_is_one_post() -> None:
    parting = Server(set()).part()

    assert (parting.posts, parting.delivered, parting.largest) == (1, 64, 64)


@pytest.mark.parametrize("bad", [{1}, {64}, {17}, {1, 2, 3}, {5, 40, 64}])
def test_bad_readings_and_only_they_are_given_up(bad: set[int]) -> None:
    parting = Server(bad).part()

    assert given_up(parting) == [READINGS[ordinal - 1] for ordinal in sorted(bad)]
    assert parting.delivered == 64 - len(bad)


def test_the_position_moves_in_order_and_to_the_end() -> None:
    server = Server({5, 40, 64})

    server.part()

    assert server.arrived == sorted(server.arrived)
    assert server.arrived[-1] == 64


def test_a_reading_is_given_up_after_a_probe_where_nothing_else_was_taken_yet() -> None:
    server = Server({1})

    server.part()

    assert server.probes == [1]


def test_without_proof_nothing_is_given_up() -> None:
    server = Server(set(range(1, 65)), probe=False)

    with pytest.raises(PublishError, match="bad"):
        server.part()

    assert server.arrived == []


def test_one_proof_is_enough_for_a_batch() -> None:
    server = Server(set(range(1, 65)))

    parting = server.part()

    assert len(parting.given_up) == 64
    assert server.probes == [1]


def test_what_a_destination_says_it_dropped_needs_no_search() -> None:
    server = Server(set(range(1, 33)), says_dropped=True)

    parting = server.part()

    assert (parting.posts, len(parting.given_up), parting.delivered) == (3, 32, 32)
    assert server.probes == []


def test_what_arrived_before_a_failure_counts() -> None:
    class FailsLater(Server):
        async def deliver(self, part: Numbered) -> None:
            if self.arrived:
                self.down_at = part[0][0]
            await super().deliver(part)

    server = FailsLater({64})

    with pytest.raises(PublishError, match="gone"):
        server.part()

    assert server.arrived == [32]
