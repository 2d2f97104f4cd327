"""Notifications are taken together as far as time and requests tell."""

from bmsreader.captures.traffic import Capture, Connection, Packet
from bmsreader.lab.framing.bursts import bursts_of, main_connections, main_handle, packets_of
from tests.lab.talk import capture


def test_a_request_ends_a_burst() -> None:
    talk = capture([(b"?", [b"one", b"two"]), (b"!", [b"three"])], every=0.1)

    assert [(burst.requests, burst.data) for burst in bursts_of(talk.packets, 17)] == [
        ((b"?",), b"onetwo"),
        ((b"!",), b"three"),
    ]


def test_a_pause_ends_a_burst() -> None:
    talk = capture([(None, [b"one", b"two"]), (None, [b"three"])])

    assert [burst.chunks for burst in bursts_of(talk.packets, 17)] == [(b"one", b"two"), (b"three",)]


def test_switching_notifications_on_is_no_request() -> None:
    talk = capture([(b"\x01\x00", [b"one"])])

    assert bursts_of(talk.packets, 17)[0].requests == ()


def test_values_that_are_read_stand_alone() -> None:
    packets = [Packet(at=0, kind="read", value=value, handle=3) for value in (b"one", b"two")]

    assert [(burst.data, burst.alone) for burst in bursts_of(packets, 3)] == [(b"one", True), (b"two", True)]


def test_the_busiest_connection_and_handle_are_taken() -> None:
    packets = (
        Packet(at=0, kind="notification", value=b"a watch", handle=1, connection=0),
        Packet(at=1, kind="notification", value=b"x", handle=2, connection=1),
        Packet(at=2, kind="notification", value=b"much longer", handle=3, connection=1),
    )
    talk = Capture(source="", format="", packets=packets)

    assert (main_connections(talk), main_handle(packets_of(talk, None))) == (frozenset({1}), 3)


def test_a_battery_that_was_connected_anew_is_the_same_battery() -> None:
    peers = ("02:00:07:00:00:01", "02:00:07:00:00:02", "02:00:07:00:00:01", None, None)
    packets = tuple(
        Packet(at=at, kind="notification", value=bytes([at]), handle=1, connection=at % 5) for at in range(11)
    )
    talk = Capture(source="", format="", packets=packets, connections=tuple(Connection(peer=one) for one in peers))

    assert main_connections(talk) == {0, 2}
    assert [packet.at for packet in packets_of(talk, None)] == [0, 2, 5, 7, 10]
    assert [packet.at for packet in packets_of(talk, 3)] == [3, 8]


def test_an_empty_capture_has_no_bursts() -> None:
    assert bursts_of([], None) == []


def test_an_echoed_request_is_no_answer() -> None:
    talk = capture([(b"\x01\x03\x00", [b"\x01\x03\x00", b"one"])])

    assert bursts_of(talk.packets, 17)[0].chunks == (b"one",)


def test_an_acknowledgement_behind_each_answer_is_no_part_of_it() -> None:
    full = b"twenty bytes in all."
    talk = capture([(b"?", [full, bytes([at, 0x77]), b"\x06"]) for at in range(6)])

    assert [burst.data for burst in bursts_of(talk.packets, 17)] == [full + bytes([at, 0x77]) for at in range(6)]


def test_an_end_mark_that_comes_alone_belongs_to_its_frame() -> None:
    full = b"twenty bytes in all."
    talk = capture([(b"?", [full, b"\x77"] if at % 2 else [full + b"\x77"]) for at in range(12)])

    assert {burst.data for burst in bursts_of(talk.packets, 17)} == {full + b"\x77"}
