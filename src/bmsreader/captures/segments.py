"""Put the pieces of a Bluetooth message together again (L2CAP): one message can arrive in several packets."""

HEADER = 4
ATT_CHANNEL = 4
"""The channel of the attribute protocol."""


class Segments:
    """The pieces that have come of one message."""

    __slots__ = ("_data", "_gap", "_seen")

    def __init__(self, piece: bytes, missing: int = 0) -> None:
        """Begin with the first piece, of which the capture lacks ``missing`` bytes at the end."""
        self._data = bytearray()
        self._seen = 0
        self._gap = False
        self.add(piece, missing)

    def add(self, piece: bytes, missing: int = 0) -> None:
        """Add the next piece; after a gap the rest is only counted."""
        if not self._gap:
            self._data += piece
        self._seen += len(piece) + missing
        self._gap = self._gap or missing > 0

    @property
    def length(self) -> int | None:
        """Bytes that the whole message has, without its header; None: not known yet."""
        return int.from_bytes(self._data[:2], "little") if len(self._data) >= HEADER else None

    @property
    def complete(self) -> bool:
        """Everything was on the air, though the capture may lack bytes of it."""
        length = self.length
        return length is not None and self._seen >= HEADER + length

    @property
    def channel(self) -> int:
        """The channel that the message belongs to."""
        return int.from_bytes(self._data[2:4], "little")

    @property
    def message(self) -> bytes:
        """The message, as far as the capture holds it."""
        return bytes(self._data[HEADER : HEADER + (self.length or 0)])

    @property
    def truncated(self) -> bool:
        """Whether the capture lacks bytes of it."""
        return len(self._data) < HEADER + (self.length or 0)
