"""How long a battery lasts, or needs to be full, if it goes on as in the last minutes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Times that follow from the charge and the smoothed current; steadier than what a battery itself estimates."""

    time_to_empty: float | None = None
    """s; None while it charges or rests, or where the battery does not report what it takes to say so."""
    time_to_full: float | None = None
    """s; None while it is discharged or rests, or where the battery does not report what it takes to say so."""
