"""The keys of rows in the file: what is written together lies together."""

BATTERY_BITS, DAY_BITS = 40, 12
ORDINALS = (1 << BATTERY_BITS) - 1
FIELDS = (1 << DAY_BITS) - 1


def segment_key(battery: int, first: int) -> int:
    """Return the key of the segment that begins with this reading."""
    return battery << BATTERY_BITS | first


def summary_key(battery: int, day: int, field: int) -> int:
    """Return the key of the summary of a field on a day; days are counted from 1970."""
    return battery << BATTERY_BITS | day << DAY_BITS | field


def stretch_key(battery: int, stretch: int, field: int) -> int:
    """Return the key of the days and hours of a field in 32 days, which are counted from 1970."""
    return summary_key(battery, stretch, field)


def day_of(key: int) -> int:
    """Return the day of a summary's key."""
    return (key & ORDINALS) >> DAY_BITS
