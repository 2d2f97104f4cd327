"""A history for the tests of charts: more than two years of one battery, with a gap whose place is known."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.reading import Reading
from bmsreader.store import Store
from tests.store.batteries import reading

ADDRESS = "02:00:07:00:15:44"
"""Of the first simulated battery: the live values come behind what is remembered."""
SLUG = "lt-12v-1544"
YEARS = timedelta(days=800)
LATELY = timedelta(days=2)
SELDOM, OFTEN = timedelta(hours=2), timedelta(minutes=1)
OUTAGE = (timedelta(hours=9), timedelta(hours=6))
"""When nothing was read, seen from now: from the first to the second."""


def remember(path: Path) -> datetime:
    """Fill the history and return when it ends."""
    now = datetime.now(UTC).replace(microsecond=0)
    energy = 0.0
    with Store(path) as store:
        store.put_info(BatteryInfo(id=ADDRESS, name="LT-12V-1544", slug=SLUG, cells=4, sensors=1))
        for number, at in enumerate(moments(now)):
            one = at_work(at)
            energy += abs(one.power or 0.0) / 60
            store.append(one, signal=-60 - number % 7, totals=Totals(energy_in=energy, energy_out=energy))
            if number % 500 == 0:
                store.commit()
        store.commit()
    return now


def moments(now: datetime) -> Iterator[datetime]:
    """Yield when the battery was read: for years every two hours, lately every minute, and not during the outage."""
    at = now - YEARS
    while at < now - timedelta(seconds=30):
        if not now - OUTAGE[0] < at < now - OUTAGE[1]:
            yield at
        at += SELDOM if at < now - LATELY else OFTEN


def at_work(at: datetime) -> Reading:
    """Return what the battery says: full in the afternoon, low in the morning, the third cell a little behind."""
    hour = at.hour + at.minute / 60
    sun = math.cos((hour - 13) / 24 * 2 * math.pi)
    soc = round(60 + 35 * math.sin((hour - 9) / 24 * 2 * math.pi), 1)
    level = 3.3 + 0.05 * sun
    volts = tuple(round(level + 0.002 * cell - 0.006 * (cell == 2), 3) for cell in range(4))
    return reading(
        at,
        ADDRESS,
        pack_voltage=round(sum(volts), 3),
        current=round(30 * sun, 1),
        soc=soc,
        remaining_capacity=round(1.98 * soc, 1),
        cell_voltages=volts,
        temperatures=(round(18 + 5 * sun),),
        time_to_empty=None,
    )
