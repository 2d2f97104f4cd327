"""The names that a description may give to its fields: those of a reading, and nothing else."""

NUMERIC = (
    "pack_voltage",
    "current",
    "soc",
    "remaining_capacity",
    "full_charge_capacity",
    "design_capacity",
    "cycle_count",
    "health",
    "max_error",
)
"""Values that are one number."""

LISTS = ("cell_voltages", "temperatures")
"""Values that are a list of numbers, in order."""

MOST_GROUPS = 16
SEVERAL = (*LISTS, *(f"{name}_{number}" for name in LISTS for number in range(2, MOST_GROUPS + 1)))
"""The same, and the groups that follow the first where the numbers do not stand together: ``temperatures_2`` ..."""

TIME_TO_GO = "time_to_go"
"""One estimate that is ``time_to_full`` while charging, ``time_to_empty`` while discharging, and nothing at rest."""

TIMES = ("time_to_empty", "time_to_full")

SWITCHES = ("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "heater")
"""Values that are on, off or not reported."""

FIELD_NAMES = (*NUMERIC, *SEVERAL, TIME_TO_GO, *TIMES, *SWITCHES)


def list_of(name: str) -> str:
    """Return the list that a field of this name belongs to; other names stay as they are."""
    return name.rpartition("_")[0] if name in SEVERAL and name not in LISTS else name


NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
"""What the name of a field or an alarm looks like."""

RESERVED = frozenset(
    ("battery", "taken_at", "frames", "notes", "alarms", "abs", "decode", "int", "len", "max", "min", "sum", "tuple")
)
"""Names that a field may not have, because the generated decoder uses them."""
