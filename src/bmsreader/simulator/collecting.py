"""What a central writes, joined into requests: several writes may make one."""

from collections.abc import Iterable

LONGEST_REQUEST = 64
"""Bytes; what does not end within as many is noise and forgotten."""


class RequestCollector:
    """Joins what a central writes into requests.

    Where marks surround a request, everything around it, such as CR LF, is noise. Without marks the bytes of the
    ``known`` requests tell where one ends; a write that none of them begins with stands for itself.
    """

    def __init__(self, *, start: bytes = b":", end: bytes = b"~", known: Iterable[bytes] = ()) -> None:
        self._start = start
        self._end = end
        self._known = sorted(known, key=len, reverse=True)
        self._rest = b""

    def feed(self, written: bytes) -> list[bytes]:
        """Return the requests that are complete now."""
        self._rest += written
        return self._whole() if self._known else self._marked()

    def _marked(self) -> list[bytes]:
        requests = []
        while self._end in self._rest:
            unit, self._rest = self._rest.split(self._end, 1)
            if self._start in unit:
                requests.append(unit[unit.rindex(self._start) :] + self._end)
        self._rest = self._rest[-LONGEST_REQUEST:]
        return requests

    def _whole(self) -> list[bytes]:
        requests = []
        while request := next((one for one in self._known if self._rest.startswith(one)), b""):
            requests.append(request)
            self._rest = self._rest[len(request) :]
        if self._rest and not any(one.startswith(self._rest) for one in self._known):
            requests.append(self._rest)
            self._rest = b""
        return requests
