"""Two batteries to look at where there is no Bluetooth adapter."""

from collections.abc import Callable
from random import Random

from bmsreader.descriptions.catalogue import load
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.demand import scenario
from bmsreader.simulator.pack import Pack


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
