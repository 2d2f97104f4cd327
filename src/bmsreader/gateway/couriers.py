"""All receivers of alarms of one gateway; they come and go with the configuration."""

import asyncio
from collections.abc import Callable, Sequence

from bmsreader.gateway.courier import Courier
from bmsreader.gateway.notices import Notify
from bmsreader.model.health import PublisherHealth


class Couriers:
    """The couriers at work."""

    def __init__(self, make: Callable[[Notify], Courier]) -> None:
        self._make = make
        self._running: list[tuple[Courier, asyncio.Task[None]]] = []

    def health(self) -> tuple[PublisherHealth, ...]:
        """Return how each receiver is doing."""
        return tuple(courier.health() for courier, _ in self._running)

    def start(self, notifies: Sequence[Notify], tasks: asyncio.TaskGroup) -> None:
        """Begin to serve receivers."""
        for notify in notifies:
            courier = self._make(notify)
            self._running.append((courier, tasks.create_task(courier.run())))

    def go_over(self, notifies: Sequence[Notify], tasks: asyncio.TaskGroup) -> list[str]:
        """Go over to other receivers; those that stay are not touched. Return in words what changed."""
        told = []
        for courier, task in [*self._running]:
            if courier.notify not in notifies:
                task.cancel()
                self._running.remove((courier, task))
                told.append(f"{courier.notify.name} stopped")
        staying = [courier.notify for courier, _ in self._running]
        fresh = [one for one in notifies if one not in staying]
        self.start(fresh, tasks)
        return told + [f"{one.name} started" for one in fresh]
