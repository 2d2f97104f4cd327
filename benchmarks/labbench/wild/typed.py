"""What owners type: all that the app shows at a few moments, or less, or not quite that."""

import math
import re
from collections.abc import Callable, Sequence

Shown = Sequence[tuple[float, tuple[str, ...]]]
LATE = 3.0
"""s after which a slow owner has typed what was shown."""
SLIP = 0.3
"""V by which the second moment's volts are mistyped."""


def careful(shown: Shown) -> Shown:
    """Return what somebody types who copies everything, at four moments."""
    return shown


def one(shown: Shown) -> Shown:
    """Return a single moment."""
    return shown[1:2]


def two(shown: Shown) -> Shown:
    """Return the first moment and the last."""
    return [shown[0], shown[-1]]


def coarse(shown: Shown) -> Shown:
    """Return volts to a tenth, and whole amperes."""
    return [(at, tuple(_rounded(word) for word in words)) for at, words in shown]


def late(shown: Shown) -> Shown:
    """Return everything as typed too late."""
    return [(at + LATE, words) for at, words in shown]


def slip(shown: Shown) -> Shown:
    """Return everything with one typing error."""
    return [(at, tuple(map(_slipped, words)) if number == 1 else words) for number, (at, words) in enumerate(shown)]


def nothing(shown: Shown) -> Shown:
    """Return what is typed by somebody who has better things to do."""
    return shown[:0]


WAYS: dict[str, Callable[[Shown], Shown]] = {
    "careful": careful,
    "one": one,
    "two": two,
    "coarse": coarse,
    "late": late,
    "slip": slip,
    "nothing": nothing,
}
CARELESS = ("one", "two", "coarse", "late", "slip")


def lines(shown: Shown, way: str, origin: float) -> list[str]:
    """Return the labels of a capture that began at ``origin``, in whole seconds as a clock shows them."""
    return [f"{math.ceil(at - origin)}: {' '.join(words)}" for at, words in WAYS[way](shown)]


def _rounded(word: str) -> str:
    number = float(word[:-1])
    return {"V": f"{number:.1f}V", "A": f"{number:.0f}A"}.get(word[-1], word)


def _slipped(word: str) -> str:
    return f"{float(word[:-1]) + SLIP:.2f}V" if re.fullmatch(r"[\d.]+V", word) else word
