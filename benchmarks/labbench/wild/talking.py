"""A capture before it is a file: what an app and a battery say to each other, and what the owner types meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.labbench.conversation import PIECE, split
from benchmarks.labbench.wild.family import Answer, Family, answers, truth_of
from benchmarks.labbench.wild.layout import values_of
from benchmarks.labbench.wild.story import Course, Moment, story

SEEN = 2 / 3
FIRST = 2.0
"""s until the app asks first."""
STEADY = 0.1
"""Part by which a current may differ from the next one when an owner looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One value on the air."""

    at: float
    sent: bool
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A moment that the lab does not see."""

    truth: dict[str, float | tuple[float, ...]]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A battery at work: what was said, what an app showed at some moments, and what comes later."""

    said: tuple[Said, ...]
    shown: tuple[tuple[float, tuple[str, ...]], ...]
    """(s, what the app showed then) at the moments at which a careful owner types."""
    unseen: tuple[Unseen, ...]


def talk(family: Family, course: Course = "both") -> Talk:
    """Return a conversation with a battery of a family."""
    moments = story(family.pack, family.name, course)
    cut = round(len(moments) * SEEN)
    dice = Random(f"{family.name} {course} on the air")
    said: list[Said] = []
    at = FIRST
    for answer in answers(family, family.once, values_of(moments[0])):
        at = _exchange(said, at, answer, family, dice) + 0.15
    began = at + 0.4
    ended: list[float] = []
    for moment in moments[:cut]:
        at = max(at + 0.05, began + moment.at + dice.uniform(0, 0.04))
        for answer in answers(family, family.messages, values_of(moment)):
            at = _exchange(said, at, answer, family, dice) + dice.uniform(0.02, 0.08)
        ended.append(at)
    looked = _looked(moments[:cut], dice)
    unseen = (
        Unseen(truth=truth_of(family, moment), answers=tuple(answers(family, family.messages, values_of(moment))))
        for moment in moments[cut:]
    )
    return Talk(
        said=tuple(said),
        shown=tuple((ended[index], shown(family, moments[index])) for index in looked),
        unseen=tuple(unseen),
    )


def _exchange(said: list[Said], at: float, answer: Answer, family: Family, dice: Random) -> float:
    """Add a request and its answer; return when it ended."""
    if answer.request:
        for piece in split(answer.request, max(PIECE, family.chunk)):
            said.append(Said(at=at, sent=True, value=piece))
            at += 0.006
    at += dice.uniform(0.04, 0.11)
    for number, frame in enumerate(answer.frames):
        at += family.pause if number else 0.0
        for part in split(frame, family.chunk):
            said.append(Said(at=at, sent=False, value=part))
            at += dice.uniform(0.008, 0.05)
    return at


def _looked(moments: Sequence[Moment], dice: Random) -> list[int]:
    """Return the moments at which an owner looks: at rest, under a light and a heavy load, while charging."""
    capacity = moments[0].pack.capacity
    found: list[int] = []
    for low, high in ((-0.02, 0.02), (-0.25, -0.05), (0.05, 1.0), (-1.0, -0.25)):
        steady = [index for index in _steady(moments) if low <= moments[index].current / capacity <= high]
        if steady:
            found.append(steady[int(len(steady) * dice.uniform(0.4, 0.9))])
    if len(set(found)) < 3:
        found = [int(len(moments) * share) for share in (0.1, 0.4, 0.65, 0.95)]
    return sorted(set(found))


def _steady(moments: Sequence[Moment]) -> Iterator[int]:
    for index in range(2, len(moments) - 2):
        now, then = moments[index].current, moments[index + 1].current
        if abs(now - then) < STEADY * abs(now) + 0.2:
            yield index


def shown(family: Family, moment: Moment) -> tuple[str, ...]:
    """Return what an app shows at a moment, as it is typed."""
    volts, amps = family.digits
    words = {
        "voltage": [f"{moment.voltage:.{volts}f}V"],
        "current": [f"{moment.current:.{amps}f}A"],
        "soc": [f"{moment.soc:.0f}%"],
        "cells": [],
        "temperatures": list(dict.fromkeys(f"{warm:.0f}C" for warm in moment.temperatures))[: family.sensors],
    }
    return tuple(word for name in family.told for word in words[name])
