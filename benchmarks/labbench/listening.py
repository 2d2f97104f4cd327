"""Write down what passes between a driver of aiobmsble and the client of its tests, and say something else instead."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Talk:
    """The conversation of one update."""

    events: list[tuple[str, bytes]] = field(default_factory=list)
    changed: dict[int, bytes] = field(default_factory=dict)
    """Notifications, by their number, that are replaced."""
    swapped: dict[bytes, bytes] = field(default_factory=dict)
    """The same by what they say, for those of a stream that come after the numbered ones."""
    notified: int = 0

    def heard(self, data: bytes) -> bytes:
        """Write a notification down; return what the driver is told instead."""
        data = self.changed.get(self.notified, self.swapped.get(data, data))
        self.notified += 1
        self.events.append(("n", data))
        return data


@dataclass(slots=True)
class Kept:
    """What a test used, to use it again."""

    made: Any = None
    """(class, arguments, named arguments) of the first battery that a test makes."""
    talk: Talk = field(default_factory=Talk)
    fresh: dict[int, dict[str, Any]] = field(default_factory=dict)
    """How a client was that a test made itself, to use it several times."""


KEPT = Kept()


def listening(client: Callable[..., Any]) -> Callable[..., Any]:
    """Return what makes the test's own client, with its traffic written down."""
    if isinstance(client, type):
        return _listener(client)

    def renewed(*args: Any, **more: Any) -> Any:
        made = client(*args, **more)
        if id(made) not in KEPT.fresh:
            KEPT.fresh[id(made)] = dict(vars(made))
            made.__class__ = _listener(type(made))
        vars(made).clear()
        vars(made).update(KEPT.fresh[id(made)])
        return made

    return renewed


def _listener(client: type[Any]) -> type[Any]:
    class Listening(client):  # type: ignore[misc]
        async def start_notify(self, char_specifier: Any, callback: Any, **more: Any) -> None:
            def told(sender: Any, data: bytearray) -> Any:
                return callback(sender, bytearray(KEPT.talk.heard(bytes(data))))

            async def told_later(sender: Any, data: bytearray) -> Any:
                return await callback(sender, bytearray(KEPT.talk.heard(bytes(data))))

            heard = told_later if inspect.iscoroutinefunction(callback) else told
            await super().start_notify(char_specifier, heard, **more)

        async def write_gatt_char(self, char_specifier: Any, data: Any, response: bool | None = None) -> None:
            KEPT.talk.events.append(("w", bytes(data)))
            await super().write_gatt_char(char_specifier, data, response)

    return Listening
