"""JSON for standard output: readings, rejections, anything; one object in each line."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmsreader.model.reading import Reading
    from bmsreader.model.rejection import FrameRejected

encode = json.JSONEncoder(separators=(", ", ": "), default=str).encode


def of(item: "Reading | FrameRejected") -> str:
    """Return a reading, or a rejection with its reason, as one line."""
    as_dict: Any = getattr(item, "as_dict", None)
    if as_dict is not None:
        return encode(as_dict())
    return rejection(item.reason, item.frame)  # type: ignore[union-attr]


def rejection(reason: str, frame: bytes) -> str:
    """Return a rejection as one line."""
    from bmsreader.model.reading import frame_text

    return encode({"rejected": reason, "frame": frame_text(frame)})
