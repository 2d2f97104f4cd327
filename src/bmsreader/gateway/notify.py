"""Tell systemd how the gateway is doing, and let it start a new one when this one is dead inside."""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)


class Notifier:
    """Sends the states of systemd's sd_notify protocol; without a service manager it does nothing."""

    def __init__(self, address: str | None) -> None:
        """Send to a datagram socket: a path, or ``@`` and a name for Linux's abstract ones; None = nobody listens."""
        self._address = address

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> "Notifier":
        """Return the one for the service manager that started this program, if one did."""
        return cls(environment.get("NOTIFY_SOCKET") or None)

    @property
    def is_heard(self) -> bool:
        """Whether a service manager listens."""
        return self._address is not None

    def ready(self, status: str = "") -> None:
        """Tell that the start, or a reload, is finished."""
        self._send("READY=1", *_status(status))

    def reloading(self) -> None:
        """Tell that the configuration is being read again; ``ready`` must follow."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self, status: str = "") -> None:
        """Tell that the end has begun."""
        self._send("STOPPING=1", *_status(status))

    def status(self, text: str) -> None:
        """Show one line in ``systemctl status``."""
        self._send(*_status(text))

    def watchdog(self) -> None:
        """Tell that the gateway is alive."""
        self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        if self._address is None or not lines:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(lines).encode(), address)
        except OSError as error:
            # Reading batteries goes on without the service manager; it notices by itself what it does not hear.
            log.warning("systemd was not told %s: %s", lines[0], error)


class Watchdog:
    """Tells systemd again and again that the gateway is alive, as long as it is."""

    def __init__(self, notifier: Notifier, alive: Callable[[], bool], *, limit: float | None) -> None:
        """``limit``: seconds after which systemd restarts a gateway that it does not hear of; None = it never does.

        ``alive`` must say whether the gateway does its work, not only whether this loop runs.
        """
        self._notifier = notifier
        self._alive = alive
        self._limit = limit

    async def run(self) -> None:
        """Ping at half the limit for ever; return at once where nobody wants it."""
        if self._limit is None:
            return
        silent = False
        while True:
            if self._alive():
                self._notifier.watchdog()
                silent = False
            elif not silent:
                log.error(
                    "the gateway does not do its work any more: systemd will restart it within %.0f s", self._limit
                )
                silent = True
            await asyncio.sleep(self._limit / 2)


def watchdog_limit(environment: Mapping[str, str] = os.environ) -> float | None:
    """Return after how many seconds of silence systemd restarts this very process; None when it does not."""
    wanted = environment.get("WATCHDOG_USEC", "")
    process = environment.get("WATCHDOG_PID", "")
    if process and process != str(os.getpid()):
        return None
    return int(wanted) / 1e6 if wanted.isdecimal() and int(wanted) > 0 else None


def _status(text: str) -> tuple[str, ...]:
    """Return the line with the status; line ends in it would begin another one."""
    return (f"STATUS={' '.join(text.split())}",) if text else ()
