"""Messages are put together per connection and direction, however their pieces are mixed."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.host import HostTraffic, Record
from bmsreader.captures.traffic import Capture
from tests.captures.making import Scene, host_packets, two_batteries


def gather(records: list[Record]) -> Capture:
    gathering = Gathering()
    traffic = HostTraffic(gathering)
    traffic.take(records)
    traffic.finish()
    return gathering.capture("test", "test")


def recorded(scene: Scene, piece: int = 27) -> list[Record]:
    return [(at, int(received), packet, 0) for at, received, packet in host_packets(scene, piece=piece)]


def test_pieces_of_two_batteries_that_mix_stay_apart() -> None:
    one, two = Scene(), Scene()
    one.notify(0x40, bytes(range(100)))
    two.notify(0x41, bytes(range(100, 200)))
    records = [record for pair in zip(recorded(one), recorded(two), strict=True) for record in pair]

    assert [packet.value for packet in gather(records).packets] == [bytes(range(100)), bytes(range(100, 200))]


def test_a_message_whose_end_is_missing_is_counted() -> None:
    scene = Scene()
    scene.notify(0x40, bytes(100))
    scene.notify(0x40, b"whole")
    records = recorded(scene)
    del records[3]

    capture = gather(records)

    assert [packet.value for packet in capture.packets] == [b"whole"]
    assert capture.remarks == ("1 messages are incomplete: pieces of them are missing from the capture.",)


def test_a_handle_that_is_used_again_is_another_connection() -> None:
    scene = Scene()
    for peer in ("02:00:00:00:00:01", "02:00:00:00:00:02"):
        scene.connect(0x40, peer)
        scene.notify(0x40, peer.encode())
        scene.notify(0x40, peer.encode())

    capture = gather(recorded(scene))

    assert [capture.connections[packet.connection].peer for packet in capture.packets] == [
        packet.value.decode() for packet in capture.packets
    ]


def test_other_channels_are_passed_over() -> None:
    scene = Scene()
    scene.att(0x40, True, b"\x1b\x14\x00not attributes", channel=6)

    assert len(gather(recorded(scene)).packets) == 0


def test_a_phone_that_remembers_its_battery_shows_no_uuids() -> None:
    capture = gather(recorded(two_batteries(cached=True)))

    assert [connection.uuids for connection in capture.connections] == [{}, {}]


def test_names_come_from_extended_advertising_too() -> None:
    data = b"\x05\x09Cell"
    report = struct.pack("<BBHB", 0x0D, 1, 0, 0) + bytes.fromhex("010000000002") + bytes(14) + bytes([len(data)]) + data
    scene = Scene()
    scene.connect(0x40, "02:00:00:00:00:01")
    scene.notify(0x40, b"a")
    event: Record = (0, 1, bytes([4, 0x3E, len(report)]) + report, 0)

    assert [connection.name for connection in gather([event, *recorded(scene)]).connections] == ["Cell"]


def test_messages_that_never_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmsreader.captures.host.MOST_PARTIAL", 5)
    scene = Scene()
    for link in range(20):
        scene.notify(link, bytes(100))
    beginnings = [record for record in recorded(scene) if record[2][:1] == b"\x02" and record[2][2] & 0x10 == 0]

    assert "20 messages are incomplete" in gather(beginnings).remarks[0]


@settings(max_examples=15)
@given(piece=st.integers(1, 300))
def test_the_size_of_the_pieces_does_not_matter(piece: int) -> None:
    scene = two_batteries(polls=1)

    assert gather(recorded(scene, piece)).connections == gather(recorded(scene)).connections
    assert [p.value for p in gather(recorded(scene, piece)).packets] == [
        p.value for p in gather(recorded(scene)).packets
    ]
