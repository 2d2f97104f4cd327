"""Read and write what was captured from a battery: our recordings, gatttool's output, pasted lines."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bmsreader.captures.recording import Header, Record, RecordingWriter, is_recording, read_header, read_records

__all__ = ["Header", "Record", "RecordingWriter", "is_recording", "read_header", "read_records"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: pasted lines need nothing of recordings."""
    if name not in __all__:
        raise AttributeError(f"module 'bmsreader.captures' has no attribute {name!r}")
    from bmsreader.captures import recording

    return getattr(recording, name)
