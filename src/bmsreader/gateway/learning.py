"""What a battery's readings teach about the battery itself."""

from collections.abc import Sequence
from dataclasses import replace

from bmsreader.model.battery import BatteryInfo
from bmsreader.model.reading import DERIVED, FIELDS, Reading
from bmsreader.protocol.codec import Codec

VALUES = tuple(
    name
    for name in (*FIELDS, *DERIVED)
    if name not in ("battery", "taken_at", "protocol", "variant", "derived", "notes", "frames")
)
"""What a reading reports about the battery."""


def learned(info: BatteryInfo, reading: Reading, codecs: Sequence[Codec]) -> BatteryInfo:
    """Return what is known of a battery after a reading; the same object when there is nothing new.

    Cells, sensors and values only ever become more: a value that is missing once is not gone for good.
    """
    cells, sensors = max(info.cells, len(reading.cell_voltages)), max(info.sensors, len(reading.temperatures))
    if (
        info.protocol == reading.protocol
        and cells == info.cells
        and sensors == info.sensors
        and not _news(info, reading)
    ):
        return info
    codec = next((one for one in codecs if one.id == reading.protocol), None)
    fields = tuple(name for name in VALUES if name in info.fields or getattr(reading, name) not in (None, ()))
    return replace(
        info,
        protocol=reading.protocol,
        maker=codec.description.name if codec is not None else info.maker,
        alarms=codec.description.alarms if codec is not None else info.alarms,
        cells=cells,
        sensors=sensors,
        fields=fields,
    )


def recalled(info: BatteryInfo, stored: BatteryInfo | None) -> BatteryInfo:
    """Return a battery as it is called now, with what earlier runs learned of it."""
    if stored is None:
        return info
    return replace(
        info,
        protocol=info.protocol or stored.protocol,
        maker=info.maker or stored.maker,
        cells=max(info.cells, stored.cells),
        sensors=max(info.sensors, stored.sensors),
        fields=stored.fields,
        alarms=stored.alarms,
    )


def _news(info: BatteryInfo, reading: Reading) -> bool:
    """Return whether the reading has a value that the battery was not known to report."""
    known = info.fields
    return any(name not in known and getattr(reading, name) not in (None, ()) for name in VALUES)
