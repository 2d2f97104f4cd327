"""What a family of protocols is made of: the rows of the tables."""

from dataclasses import dataclass
from typing import Literal

from benchmarks.labbench.wild.layout import Values, body_of, frame_of
from benchmarks.labbench.wild.story import Moment, Pack

Format = Literal["btsnoop", "pklg", "pklg-little", "pcapng", "recording"]
ALL = ("voltage", "current", "soc", "cells", "temperatures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One answer of a battery."""

    body: str
    """Layout."""
    kind: str = ""
    """Hex digits by which the family tells its messages apart."""
    asked: str = ""
    """What goes into the request; nothing where it comes unasked, or as a further answer to the request before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One way to talk, as the documents of its source describe it."""

    name: str
    source: str
    """Repository or document that the facts are from."""
    frame: str
    """Layout of the answers."""
    request: str = "asked"
    """Layout of the requests."""
    messages: tuple[Message, ...]
    """In the order of a poll."""
    once: tuple[Message, ...] = ()
    """What the app asks when it connects."""
    pack: Pack
    chunk: int = 20
    """Bytes of a notification."""
    format: Format = "btsnoop"
    discovers: bool = False
    """The phone looked for the characteristics; most remember them."""
    acknowledged: bool = False
    """Requests are writes with a response."""
    pause: float = 0.0
    """s between the frames of one answer."""
    device: str = "BT-BMS"
    told: tuple[str, ...] = ALL
    """What its frames say."""
    digits: tuple[int, int] = (2, 1)
    """Decimals of volts and amperes that the app shows."""
    sensors: int = 4
    """That the app shows at most."""


def truth_of(family: Family, moment: Moment) -> dict[str, float | tuple[float, ...]]:
    """Return what a battery of this family says at a moment."""
    truth: dict[str, float | tuple[float, ...]] = {
        "voltage": moment.voltage,
        "current": moment.current,
        "soc": moment.soc,
        "cells": moment.cells,
        "temperatures": moment.temperatures,
    }
    return {name: truth[name] for name in family.told}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A request, empty where there is none, and what came upon it."""

    request: bytes
    frames: tuple[bytes, ...]


def answers(family: Family, messages: tuple[Message, ...], values: Values) -> list[Answer]:
    """Return what passes when these messages are asked for."""
    found: list[Answer] = []
    for message in messages:
        frame = frame_of(family.frame, kind=message.kind, body=body_of(message.body, values))
        if message.asked or not found:
            request = frame_of(family.request, asked=message.asked) if message.asked else b""
            found.append(Answer(request=request, frames=(frame,)))
        else:
            found[-1] = Answer(request=found[-1].request, frames=(*found[-1].frames, frame))
    return found
