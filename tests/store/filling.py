"""A gateway as a program of its own: it takes readings in and commits until somebody kills it.

    python -m tests.store.filling FILE BATTERIES

Each commit is told on standard output, after it returned: what was told must never be lost.
"""

import random
import sys
from datetime import timedelta

from bmsreader.model.battery import Totals
from bmsreader.store import Store
from tests.clock import START
from tests.store.batteries import reading


def main(path: str, batteries: int) -> None:
    """Go on where the file ends."""
    store = Store(path)
    names = [f"battery {number}" for number in range(batteries)]
    count = {name: store.committed(name) for name in names}
    dice = random.Random()
    tell("open")
    while True:
        for name in names:
            for _ in range(dice.randrange(1, 120)):
                count[name] += 1
                at = START + timedelta(seconds=count[name])
                store.append(reading(at, name, soc=count[name] % 101), totals=Totals(energy_in=float(count[name])))
            store.save_position("influx", name, count[name])
        store.commit()
        tell(" ".join(str(store.committed(name)) for name in names))


def tell(line: str) -> None:
    """Say at once how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
