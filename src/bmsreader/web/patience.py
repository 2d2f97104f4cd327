"""How often somebody may try a password."""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

WITHIN = 300.0
"""s that a wrong password is remembered."""
EACH, ALL = 5, 50
"""Wrong passwords within that time, of one address and of all together."""
MOST_ADDRESSES = 1000
THIS_COMPUTER = "loopback"
NETWORK = 64
"""Bits of an IPv6 address that count: the others are the visitor's own to choose."""


class Patience:
    """Counts wrong passwords; beyond some, an address has to wait, and so has every address that is not known.

    Known are those from which somebody knew the password, and this computer itself: whoever tries passwords from
    everywhere at once must not keep the owner out.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: deque[float] = deque(maxlen=ALL)
        self._each: OrderedDict[str, deque[float]] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return how many s this address has to wait; 0 when it may try."""
        now, key = self._clock(), counted_as(address)
        own = _left(self._each.get(key, deque()), EACH, now)
        return own if self._is_known(key) else max(own, _left(self._all, ALL, now))

    def failed(self, address: str) -> None:
        """Note a wrong password."""
        now, key = self._clock(), counted_as(address)
        if not self._is_known(key):
            self._all.append(now)
        self._each.setdefault(key, deque(maxlen=EACH)).append(now)
        _keep(self._each, key)

    def succeeded(self, address: str) -> None:
        """Forget the mistakes of an address that knew the password at last, and remember that it did."""
        key = counted_as(address)
        self._each.pop(key, None)
        self._known[key] = None
        _keep(self._known, key)

    def _is_known(self, key: str) -> bool:
        return key in self._known or key == THIS_COMPUTER


def counted_as(address: str) -> str:
    """Return what counts as one address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    found = getattr(found, "ipv4_mapped", None) or found  # IPv4 in the clothes of IPv6
    if found.is_loopback:
        return THIS_COMPUTER
    return str(ipaddress.ip_network((found, NETWORK), strict=False)) if found.version == 6 else str(found)


def _keep(entries: OrderedDict[str, Any], key: str) -> None:
    """Let the memory not fill: those that were used last stay."""
    entries.move_to_end(key)
    while len(entries) > MOST_ADDRESSES:
        entries.popitem(last=False)


def _left(failures: deque[float], limit: int, now: float) -> float:
    if len(failures) < limit:
        return 0.0
    return max(0.0, failures[0] + WITHIN - now)
