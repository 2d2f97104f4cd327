"""Batteries to look at where there is none: two of ours, or one that speaks a description of the owner's."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from random import Random

from bmsreader.descriptions.catalogue import load
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.vocabulary import list_of
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.demand import scenario
from bmsreader.simulator.pack import Pack

NAME, CELLS = "LT-12V-1544", 4
MOST = 32
"""Cells that a simulated pack can have, at most."""


def two_demo_batteries(*, clock: Callable[[], float], seed: int = 1, speed: float = 1.0) -> tuple[Battery, Battery]:
    """Return two simulated batteries that differ in all that matters: one charges, the other is being used.

    The first, ``LT-12V-1544``, has 200 Ah, one temperature sensor, and says everything in one frame. The second,
    ``V-12V100Ah-0215``, has four sensors and sends its capacities in a second frame. ``clock`` is monotonic seconds,
    such as ``time.monotonic``; time in the batteries runs ``speed`` times as fast.
    """
    codec = load("ej")
    charging = Pack(
        clock=clock,
        dice=Random(f"{seed} charging"),
        design_capacity=200,
        soc=62,
        soh=99,
        cycle_count=49,
        ambient=21,
        speed=speed,
        demand=scenario("charge"),
    )
    used = Pack(
        clock=clock,
        dice=Random(f"{seed} used"),
        design_capacity=100,
        soc=78,
        soh=94,
        cycle_count=212,
        ambient=17,
        speed=speed,
        sensors=4,
        demand=scenario("discharge"),
        health=100,
    )
    return (
        Battery(charging, codec=codec, dice=Random(f"{seed} air"), name="LT-12V-1544", address="02:00:07:00:15:44"),
        Battery(
            used,
            codec=codec,
            dice=Random(f"{seed} other air"),
            variant="short_status",
            name="V-12V100Ah-0215",
            address="09:01:00:00:02:15",
        ),
    )


def battery_of(codec: Codec, *, clock: Callable[[], float], seed: int = 1) -> Battery:
    """Return a simulated battery that speaks any description and is being charged."""
    pack = Pack(
        clock=clock,
        dice=Random(f"{seed} pack"),
        cells=cells_of(codec),
        design_capacity=200,
        soc=62,
        demand=scenario("charge"),
    )
    first = next(iter(codec.description.messages))
    return Battery(pack, codec=codec, dice=Random(f"{seed} air"), variant=first, name=name_of(codec))


def cells_of(codec: Codec) -> int:
    """Return how many cells a pack of this protocol has where nobody says it."""
    messages = codec.description.messages.values()
    groups = {field.name: field.least for message in messages for field in message.fields}
    least = sum(least for name, least in groups.items() if list_of(name) == "cell_voltages") or CELLS
    return min(least, MOST)


def name_of(codec: Codec) -> str:
    """Return a name by which a pack of this protocol could be known."""
    patterns = codec.description.hints.names
    if not patterns or any(fnmatchcase(NAME, pattern) for pattern in patterns):
        return NAME
    return patterns[0].replace("*", "1").replace("?", "1")
