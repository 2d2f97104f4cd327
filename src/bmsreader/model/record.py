"""What the gateway did and what it cost: the event record that `doctor` and the owner read later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bmsreader.model.reading import frame_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One radio action, rejection, change of state or failure of the gateway, with the time it took."""

    at: datetime
    """When it ended, UTC."""
    kind: str
    """What happened, in a few fixed words: ``connected``, ``rejected``, ``adapter reset``, ``state`` ..."""
    battery: str = ""
    """``BatteryInfo.id``; empty when it concerns no single battery."""
    adapter: str = ""
    """Such as ``hci0``; empty when none is concerned."""
    duration: float | None = None
    """s that the action took; None where it has no length."""
    detail: str = ""
    """Reason in words."""
    frame: bytes = b""
    """Rejected bytes."""

    def as_dict(self) -> dict[str, Any]:
        """Return every value under its name, ready for JSON."""
        return {
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "kind": self.kind,
            "battery": self.battery,
            "adapter": self.adapter,
            "duration": self.duration,
            "detail": self.detail,
            "frame": frame_text(self.frame),
        }
