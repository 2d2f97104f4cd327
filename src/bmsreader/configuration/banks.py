"""The settings of banks: batteries that are wired together and seen as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from bmsreader.configuration import forms
from bmsreader.configuration.about import About
from bmsreader.configuration.slugs import slug_of

DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSettings:
    """Batteries that are wired together."""

    name: Annotated[
        str,
        About(
            "What you call it. It is shown, counted and published like a battery; its history is kept under this name.",
            example="House",
            form=forms.NAME,
        ),
    ]
    arrangement: Annotated[
        str,
        About(
            "How its batteries are wired: series(...) and parallel(...) of their names, in each other as often as you "
            "like, such as series(parallel(a, b), parallel(c, d)). A name with a comma or a bracket stands in quotes.",
            example="parallel(Garage left, Garage right)",
        ),
    ]
    interval: Annotated[
        float | None,
        About(
            "Seconds between two readings of the bank at least.",
            unset="whenever its batteries have all been read",
            example=60.0,
            least=0.1,
            most=DAY,
        ),
    ] = None


def known_names(names: Iterable[str]) -> dict[str, str]:
    """Return the slug of each battery under its name and under its slug: an arrangement may use either."""
    called = [*names]
    return {name: slug_of(name) for name in called} | {slug_of(name): slug_of(name) for name in called}
