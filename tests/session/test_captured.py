"""A phone's capture gives the readings of one battery."""

from datetime import UTC, datetime, timedelta

from bmsreader.captures.traffic import Capture, Connection, Packet
from bmsreader.descriptions import shipped
from bmsreader.model import Reading
from bmsreader.session.captured import decode_capture
from tests.answers import CHARGING, DISCHARGING
from tests.protocol.test_decoding import ASK_HIGH, ASK_LOW, HIGH, LOW, PAGED, told

BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
THERE = (Connection(peer="02:00:07:00:00:01", name="Cellar"), Connection(peer="02:00:07:00:00:02", name="Boat"))


def heard(at: float, value: bytes, *, connection: int = 0, handle: int = 14) -> Packet:
    return Packet(at=at, kind="notification", value=value, handle=handle, connection=connection)


def asked(at: float, value: bytes) -> Packet:
    return Packet(at=at, kind="write-command", value=value, handle=17)


def capture(*packets: Packet) -> Capture:
    return Capture(source="phone.log", format="made up", packets=packets, connections=THERE, started=BEGUN)


def test_a_reading_has_the_time_of_the_capture_and_the_address_of_its_battery() -> None:
    (reading,) = decode_capture(capture(heard(1, CHARGING[:60]), heard(2, CHARGING[60:])), shipped())

    assert isinstance(reading, Reading)
    assert (reading.battery, reading.taken_at) == ("02:00:07:00:00:01", BEGUN + timedelta(seconds=2))


def test_two_batteries_and_two_characteristics_do_not_mix() -> None:
    half = len(CHARGING) // 2
    both = capture(
        heard(1, CHARGING[:half]),
        heard(2, DISCHARGING, connection=1),
        heard(3, b"AT", handle=99),
        heard(4, CHARGING[half:]),
    )

    assert [one.soc for one in decode_capture(both, shipped(), battery="cellar") if isinstance(one, Reading)] == [17]
    assert [one.soc for one in decode_capture(both, shipped(), battery="2") if isinstance(one, Reading)] == [85]


def test_answers_that_look_alike_are_told_by_what_the_app_asked() -> None:
    talk = capture(asked(1, ASK_LOW), heard(2, LOW), asked(3, ASK_HIGH), heard(4, HIGH), heard(5, b"cut", handle=15))

    assert told(list(decode_capture(talk, [PAGED]))) == [(55, None), (None, 13.25)]
