"""What LabBench says of recorded frames that contradict themselves."""

from typing import Any

import pytest

from benchmarks.labbench.judged import in_doubt


def story(cells: list[float], volts: float, *warm: float) -> dict[str, Any]:
    return {"base": {"voltage": volts, "cell_voltages": cells, "temp_values": list(warm)}}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (story([3.3] * 4, 13.25, 21.0), ""),
        (story([3.3] * 8, 13.25, 21.0), ""),  # two packs side by side
        (story([], 13.25), ""),
        (story([3.3, 3.3, 3.3, 3.3, 2.3], 13.25, 21.0), "5 cells of 15.50 V together in a pack of 13.25 V"),
        (story([3.3, 3.3], 13.25, 21.0), "2 cells of 6.60 V together in a pack of 13.25 V"),
        (
            story([4.1] * 14 + [0.001], 57.4),
            "a cell of 0.001 V beside others of 4.1 V, which are the 57.4 V of the pack",
        ),
        (story([3.3] * 4, 13.25, 17.0, -56.0), "a sensor at -56 degrees beside one at 17"),
    ],
)
def test_frames_that_contradict_themselves_are_named(told: dict[str, Any], why: str) -> None:
    assert in_doubt(told) == why
