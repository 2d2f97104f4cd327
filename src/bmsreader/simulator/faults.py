"""What can go wrong with a simulated battery, on request: each fault always, or with a probability.

Written as text, faults are separated by commas: ``lost-chunk:0.1,at-noise,dead-cell:2,slow:3@0.5``. After the colon
stands what a fault takes (a number, a name, a probability); after an @ the probability, also of a fault that takes
nothing else: ``lost-chunk@0.1``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Self

from bmsreader.model.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Often:
    """A fault with a number, and the probability that it strikes."""

    number: int
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with a simulated battery. A number from 0 to 1 is a probability; without faults all are 0.

    "Per answer" means that the dice are thrown once for each answer.
    """

    # what arrives over the air
    lost_chunk: float = field(default=0.0, metadata={"says": "one notification of an answer is lost"})
    doubled_chunk: float = field(default=0.0, metadata={"says": "one notification of an answer arrives twice"})
    swapped_chunks: float = field(default=0.0, metadata={"says": "two notifications of an answer change places"})
    bad_checksum: float = field(default=0.0, metadata={"says": "an answer has a wrong checksum"})
    at_noise: float = field(default=0.0, metadata={"says": "AT and a line end before or after an answer"})
    nul_noise: float = field(default=0.0, metadata={"says": "NUL bytes around an answer"})
    slow: Often | None = field(default=None, metadata={"says": "answers are so many times slower"})
    drop: Often | None = field(default=None, metadata={"says": "the link breaks after so many notifications"})
    silent: float = field(default=0.0, metadata={"says": "a request is not answered"})
    second_silent: float = field(
        default=0.0, metadata={"says": "the second request, for the rest of a reading, is not answered"}
    )

    # how it can be connected
    busy: float = field(
        default=0.0, metadata={"says": "another central holds the battery, in this part of all minutes"}
    )
    asleep_at_rest: bool = field(default=False, metadata={"says": "the radio is off while no current flows"})
    idle_disconnect: float | None = field(default=None, metadata={"says": "the link drops after so many idle seconds"})
    no_services: float = field(default=0.0, metadata={"says": "service discovery finds nothing"})
    stale_services: float = field(
        default=0.0, metadata={"says": "service discovery finds nothing until what is remembered is forgotten"}
    )
    hanging_disconnect: float = field(default=0.0, metadata={"says": "a disconnect never returns"})

    # what the battery reports
    dead_cell: Often | None = field(default=None, metadata={"says": "the cell of this number, from 1, reads 0 V"})
    glitch: float = field(default=0.0, metadata={"says": "an answer says that all switches are off"})
    alarm: tuple[str, ...] = field(default=(), metadata={"says": "the alarm of this name is on"})

    def __post_init__(self) -> None:
        for name, value in self._chances():
            if not 0 <= value <= 1:
                raise UsageError(f"{_spoken(name)} happens with a probability from 0 to 1, not {value}")
        for name, least in (("slow", 1), ("drop", 0), ("dead_cell", 1)):
            often = getattr(self, name)
            if often is not None and often.number < least:
                raise UsageError(f"{_spoken(name)} takes a whole number from {least}, not {often.number}")
        if self.idle_disconnect is not None and not self.idle_disconnect > 0:
            raise UsageError(f"idle-disconnect takes seconds above 0, not {self.idle_disconnect}")

    def _chances(self) -> list[tuple[str, float]]:
        found = []
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Often):
                found.append((one.name, value.chance))
            elif one.name != "idle_disconnect" and isinstance(value, (int, float)):
                found.append((one.name, float(value)))
        return found

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the faults in a text such as ``lost-chunk:0.1,at-noise``; raise UsageError that says what is wrong."""
        values: dict[str, Any] = {}
        for word in filter(None, (part.strip() for part in text.split(","))):
            name, _, argument = word.partition(":")
            reader = _READERS.get(name)
            if reader is None and _READERS.get(name.partition("@")[0]) is _chance:
                (name, _, argument), reader = word.partition("@"), _chance
            if reader is None:
                raise UsageError(f"no fault is called {name!r}", advice=_advice(name))
            value = reader(name, argument)
            if name == "alarm":
                value = (*values.get(name, ()), value)
            values[name.replace("-", "_")] = value
        return cls(**values)


def fault_names() -> dict[str, str]:
    """Return every fault by the name to ask for, with what it means: for a help text."""
    return {_spoken(one.name): one.metadata["says"] for one in fields(Faults)}


def fault_forms() -> dict[str, str]:
    """Return how each fault is written, by its name; what is in brackets may be left out."""
    return {name: name + _FORMS[reader] for name, reader in _READERS.items()}


def _spoken(name: str) -> str:
    return name.replace("_", "-")


def _advice(name: str) -> str:
    near = get_close_matches(name, _READERS, n=1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(_READERS)}."


def _number(name: str, text: str, wanted: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{name} takes {wanted}, not {text!r}") from None


def _chance(name: str, argument: str) -> float:
    return _number(name, argument, "a probability from 0 to 1") if argument else 1.0


def _often(name: str, argument: str) -> Often:
    text, _, chance = argument.partition("@")
    try:
        number = int(text)
    except ValueError:
        raise UsageError(f"{name} takes a whole number, such as {name}:3, not {text!r}") from None
    return Often(number=number, chance=_chance(name, chance))


def _flag(name: str, argument: str) -> bool:
    if argument:
        raise UsageError(f"{name} takes nothing after its name, not {argument!r}")
    return True


def _seconds(name: str, argument: str) -> float:
    return _number(name, argument, f"seconds, such as {name}:10")


def _name(name: str, argument: str) -> str:
    if not argument:
        raise UsageError(f"{name} takes a name, such as alarm:cell_over_voltage")
    return argument


_SPECIAL: dict[str, Callable[[str, str], object]] = {
    "slow": _often,
    "drop": _often,
    "dead-cell": _often,
    "asleep-at-rest": _flag,
    "idle-disconnect": _seconds,
    "alarm": _name,
}
_READERS = {_spoken(one.name): _SPECIAL.get(_spoken(one.name), _chance) for one in fields(Faults)}
_FORMS: dict[Callable[[str, str], object], str] = {
    _chance: "[@PROBABILITY]",
    _often: ":NUMBER[@PROBABILITY]",
    _flag: "",
    _seconds: ":SECONDS",
    _name: ":NAME",
}
