"""How often somebody may try a password."""

from collections import OrderedDict, deque
from collections.abc import Callable

WITHIN = 300.0
"""s that a wrong password is remembered."""
EACH, ALL = 5, 50
"""Wrong passwords within that time, of one address and of all together."""
MOST_ADDRESSES = 1000


class Patience:
    """Counts wrong passwords; beyond some, everybody at this address, or anywhere, has to wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: deque[float] = deque(maxlen=ALL)
        self._each: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return how many s this address has to wait; 0 when it may try."""
        now = self._clock()
        return max(_left(self._all, ALL, now), _left(self._each.get(address, deque()), EACH, now))

    def failed(self, address: str) -> None:
        """Note a wrong password."""
        now = self._clock()
        self._all.append(now)
        self._each.setdefault(address, deque(maxlen=EACH)).append(now)
        self._each.move_to_end(address)
        while len(self._each) > MOST_ADDRESSES:
            self._each.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the mistakes of an address that knew the password at last."""
        self._each.pop(address, None)


def _left(failures: deque[float], limit: int, now: float) -> float:
    if len(failures) < limit:
        return 0.0
    return max(0.0, failures[0] + WITHIN - now)
