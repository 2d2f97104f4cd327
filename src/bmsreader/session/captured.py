"""Decode a capture of a phone, a computer or a sniffer: what one battery sent, by what it was asked."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bmsreader.captures.choosing import chosen, only
from bmsreader.captures.traffic import Capture
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.decoding import Result, StreamDecoder

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""The beginning of a capture that does not say when it was made."""


def decode_capture(capture: Capture, codecs: Sequence[Codec], *, battery: str | None = None) -> Iterator[Result]:
    """Yield one result for each frame of one battery in a capture, in order.

    ``battery`` says which, by name, address or number; raise CaptureError when that is not clear.
    """
    peer = chosen(capture, battery)
    packets = only(capture, peer).packets
    sources = dict.fromkeys((packet.connection, packet.handle) for packet in packets if not packet.sent)
    name = peer.address or peer.label
    streams = {source: StreamDecoder(codecs, battery=name) for source in sources}
    for packet in packets:
        if packet.sent:
            for source, stream in streams.items():
                if source[0] == packet.connection:
                    stream.sent(packet.value)
        else:
            when = (capture.started or UNDATED) + timedelta(seconds=packet.at)
            yield from streams[packet.connection, packet.handle].feed(packet.value, when)
    for stream in streams.values():
        yield from stream.flush()
