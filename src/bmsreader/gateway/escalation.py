"""What to try next on a battery that advertises but cannot be read: the mildest thing that was not tried yet."""

from enum import StrEnum

from bmsreader.model.errors import BatteryBusy, BmsReaderError, NoBluetooth, NotHeard, NotRecognised

RESET_PAUSE = 1800.0
"""s between two resets of an adapter for the sake of a battery."""


class Step(StrEnum):
    """A way out, from mild to harsh."""

    RECONNECT = "reconnect"
    FRESH_DISCOVERY = "fresh discovery"
    FREE_LINK = "free stale link"
    RESET_ADAPTER = "reset adapter"


def next_step(failures: int, error: BmsReaderError, *, others_read: bool, since_reset: float | None) -> Step:
    """Return what to do before the next attempt, after so many failures in a row.

    An adapter is reset only when no other battery is being read (``others_read``), and not again within half an
    hour (``since_reset``, s; None = never): one absent battery must not cost the healthy ones their link. A battery
    that is not on the air, or is held by a phone, is not helped by any of this.
    """
    if isinstance(error, (NotHeard, NotRecognised, NoBluetooth)):
        return Step.RECONNECT
    if isinstance(error, BatteryBusy):
        return Step.FREE_LINK if failures % 4 == 3 else Step.RECONNECT
    match failures:
        case 0 | 1:
            return Step.RECONNECT
        case 2:
            return Step.FRESH_DISCOVERY
        case 3:
            return Step.FREE_LINK
    may_reset = not others_read and (since_reset is None or since_reset >= RESET_PAUSE)
    if failures % 5 == 0 and may_reset:
        return Step.RESET_ADAPTER
    return Step.FRESH_DISCOVERY if failures % 5 == 2 else Step.RECONNECT
