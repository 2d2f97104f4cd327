"""Conversations in virtual time: a simulated battery, a session, and what the session reports."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from bmsreader.descriptions import load, shipped
from bmsreader.model import BmsReaderError, Reading
from bmsreader.session import Event, Session, Timing
from bmsreader.simulator import Battery, Faults, Pack, SimulatedLink, Steady
from tests.clock import elapsed, now, run

ADDRESS = "02:00:07:00:15:44"


@dataclass
class Conversation:
    """What came of it."""

    readings: list[Reading] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    error: BmsReaderError | None = None
    battery: Battery | None = None
    took: float = 0.0
    """Virtual seconds."""

    @property
    def told(self) -> list[str]:
        """What happened, in words: kind and detail of each event."""
        return [f"{event.kind}: {event.detail}" if event.detail else str(event.kind) for event in self.events]

    @property
    def kinds(self) -> list[str]:
        return [str(event.kind) for event in self.events]

    @property
    def reading(self) -> Reading:
        assert self.error is None, f"{self.error!r} after {self.told}"
        return self.readings[-1]


Script = Callable[[Session, Battery, Conversation], Awaitable[None]]


def make_battery(
    faults: str = "", *, description: str = "ej", variant: str = "status", current: float = -20.0, seed: int = 1
) -> Battery:
    pack = Pack(clock=elapsed, dice=Random(seed), design_capacity=200, demand=Steady(rate=current / 200))
    return Battery(
        pack,
        codec=load(description),
        dice=Random(seed),
        variant=variant,
        faults=Faults.parse(faults),
        address=ADDRESS,
    )


async def read_once(session: Session, battery: Battery, conversation: Conversation) -> None:
    conversation.readings.append(await session.read())


def converse(
    faults: str = "",
    script: Script = read_once,
    *,
    description: str = "ej",
    variant: str = "status",
    current: float = -20.0,
    seed: int = 1,
    cells: int = 0,
    timing: Timing | None = None,
) -> Conversation:
    """Let a session talk to a simulated battery with these faults; errors end it and are kept."""
    conversation = Conversation()

    async def talk() -> None:
        battery = make_battery(faults, description=description, variant=variant, current=current, seed=seed)
        conversation.battery = battery
        link = SimulatedLink(battery, codecs=shipped())
        session = Session(
            link, shipped(), now=now, on_event=conversation.events.append, cells=cells, timing=timing or Timing()
        )
        try:
            await script(session, battery, conversation)
        except BmsReaderError as error:
            conversation.error = error
        finally:
            await session.close()
            conversation.took = elapsed()

    run(talk())
    return conversation
