"""Take the encoding off the bytes between start and end, and put it on again."""

from binascii import Error as HexError
from binascii import unhexlify
from functools import cache

from bmsreader.protocol.description import Framing
from bmsreader.protocol.stuffing import Stuffing


@cache
def xor_table(key: int) -> bytes:
    """Return the translation table that XORs every byte with a key."""
    return bytes(value ^ key for value in range(256))


class Unpacking:
    """The encoding of one framing, both ways: text on the air <-> masked bytes <-> payload."""

    def __init__(self, framing: Framing) -> None:
        self._hex = framing.encoding == "ascii-hex"
        self._key_at = framing.xor_key_at
        self._from = framing.xor_from
        over_text = framing.xor_over == "characters"
        self._key = 0 if over_text else framing.xor_key
        self._text_key = xor_table(framing.xor_key) if over_text else None

        self._stuffing = Stuffing(framing.escape, framing.start, framing.end) if framing.escape else None

    def plain(self, text: bytes) -> bytes:
        """Return what is on the air without the XOR that lies over its characters."""
        return text.translate(self._text_key) if self._text_key else text

    def bytes_of(self, text: bytes) -> bytes | None:
        """Return the bytes behind hex digits, still masked; None where there are none."""
        if self._stuffing:
            return self._stuffing.unstuffed(text)
        text = self.plain(text)
        if not self._hex:
            return text
        try:
            return unhexlify(text)
        except HexError:
            return None

    def unmask(self, masked: bytes) -> bytes:
        """Return the payload; what is too short to hold its key stays as it is."""
        key = self._key
        if self._key_at is not None and len(masked) > self._key_at:
            key = masked[self._key_at]
        return self._xored(masked, key)

    def _xored(self, data: bytes, key: int) -> bytes:
        if not key:
            return data
        if not self._from:
            return data.translate(xor_table(key))
        return data[: self._from] + data[self._from :].translate(xor_table(key))

    def payload(self, text: bytes) -> bytes | None:
        """Return the payload behind the text between start and end; None where it is damaged."""
        masked = self.bytes_of(text)
        return None if masked is None else self.unmask(masked)

    def mask(self, payload: bytes, key: int) -> bytes:
        """Return a payload as it is masked on the air; ``key`` is that of the message where each has its own."""
        return self._xored(payload, self.key_of(key))

    def key_of(self, key: int) -> int:
        """Return what bytes are XORed with; ``key`` is that of the message where each has its own."""
        return key if self._key_at is not None else self._key

    def text(self, masked: bytes) -> bytes:
        """Return masked bytes as they are written on the air."""
        if self._stuffing:
            return self._stuffing.stuffed(masked)
        return self.plain(masked.hex().upper().encode("ascii") if self._hex else masked)
