"""Read and write what was captured from a battery: our recordings, gatttool's output, pasted lines."""

from bmsreader.captures.recording import Header, Record, RecordingWriter, is_recording, read_header, read_records

__all__ = ["Header", "Record", "RecordingWriter", "is_recording", "read_header", "read_records"]
