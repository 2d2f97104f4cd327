"""Who is logged in: sessions that live in this program, and the tokens that foreign pages do not have."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable

MOST = 1000
"""Sessions; beyond that the one that was not used for longest ends."""
LENGTH = 32
"""Bytes of a random number that nobody guesses."""


class Sessions:
    """The sessions of all browsers. They end with the program: a restart asks for the password again."""

    def __init__(self, clock: Callable[[], float], *, lifetime: float) -> None:
        """``lifetime``: s without use after which a session ends."""
        self.lifetime = lifetime
        self._clock = clock
        self._key = secrets.token_bytes(LENGTH)
        self._used: OrderedDict[str, float] = OrderedDict()
        """When each browser that has logged in was here last."""

    def __len__(self) -> int:
        return len(self._used)

    @staticmethod
    def anonymous() -> str:
        """Return the name of a browser that nobody knows; nothing is kept of it."""
        return secrets.token_urlsafe(LENGTH)

    def begin(self) -> str:
        """Let somebody in; return the name of the session, a new one each time."""
        name = self.anonymous()
        self._used[_hashed(name)] = self._clock()
        while len(self._used) > MOST:
            self._used.popitem(last=False)
        return name

    def knows(self, name: str | None) -> bool:
        """Return whether this browser has logged in, and note that it was here."""
        if not name:
            return False
        key = _hashed(name)
        used = self._used.get(key)
        now = self._clock()
        if used is None:
            return False
        if now - used > self.lifetime:
            del self._used[key]
            return False
        self._used[key] = now
        self._used.move_to_end(key)
        return True

    def end(self, name: str | None) -> None:
        """Log a browser out."""
        if name:
            self._used.pop(_hashed(name), None)

    def end_all(self) -> None:
        """Log everybody out, after another password was set."""
        self._used.clear()
        self._key = secrets.token_bytes(LENGTH)

    def token(self, name: str) -> str:
        """Return the token that a browser of this name has to send with whatever changes something."""
        return hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()

    def is_token(self, name: str | None, token: str | None) -> bool:
        """Return whether this is the token of that browser."""
        if not name or not token or not token.isascii():
            return False
        return hmac.compare_digest(self.token(name), token)


def _hashed(name: str) -> str:
    """Return what stands for a session in memory: a picture of it lets nobody in."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
