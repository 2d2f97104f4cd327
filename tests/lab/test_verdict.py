"""One verdict on a capture, and what to do about it."""

from dataclasses import replace

import pytest

from bmsreader.captures.choosing import peers
from bmsreader.captures.traffic import Capture, Packet
from bmsreader.lab.structure import structure_of
from bmsreader.lab.verdict import Verdict, judge
from tests.lab.simulated import live

pytestmark = pytest.mark.slow  # each analyses whole captures

LIFE = live(count=40)


def verdict(capture: Capture) -> Verdict:
    return judge(capture, peers(capture)[0], structure_of(capture))


def test_a_good_capture_is_usable() -> None:
    found = verdict(LIFE.capture)

    assert (found.usable, found.answers, found.requests, found.advice) == ("yes", 40, 40, ())


def test_a_log_without_writes_is_usable_in_part() -> None:
    packets = tuple(packet for packet in LIFE.packets if not packet.sent)
    found = verdict(replace(LIFE.capture, packets=packets))

    assert (found.usable, found.requests) == ("partly", 0)
    assert "no request is in it" in found.words


def test_a_log_that_keeps_writes_and_has_none_is_not_sent_back_for_such_a_log() -> None:
    packets = tuple(packet for packet in LIFE.packets if not packet.sent)
    advice = [verdict(replace(LIFE.capture, packets=packets, format=form)).advice for form in ("btsnoop (H4)", "log")]

    assert ["HCI snoop log" in one for (one,) in advice] == [False, True]


def test_a_battery_that_speaks_unasked_needs_no_request() -> None:
    switch_on = Packet(at=0.0, kind="write", value=b"\1\0", handle=15)
    packets = (switch_on, *(packet for packet in LIFE.packets if not packet.sent))

    assert verdict(replace(LIFE.capture, packets=packets)).usable == "yes"


def test_a_log_without_times_is_not_called_brief() -> None:
    packets = tuple(replace(packet, at=0.0) for packet in LIFE.packets)

    assert "only" not in verdict(replace(LIFE.capture, packets=packets)).words


def test_cut_packets_are_the_phones_filter() -> None:
    packets = tuple(replace(packet, truncated=not packet.sent) for packet in LIFE.packets)
    found = verdict(replace(LIFE.capture, packets=packets))

    assert found.usable == "no"
    assert "`full`" in found.advice[0]


def test_what_a_battery_says_may_be_cut_although_what_it_is_asked_is_short() -> None:
    packets = tuple(replace(packet, truncated=not packet.sent and n % 3 != 0) for n, packet in enumerate(LIFE.packets))

    assert verdict(replace(LIFE.capture, packets=packets)).usable == "no"


@pytest.mark.parametrize(("form", "advice"), [("pcapng (HCI)", "snap length"), ("PacketLogger text", ".pklg")])
def test_packets_that_no_phone_cut_are_not_blamed_on_one(form: str, advice: str) -> None:
    packets = tuple(replace(packet, truncated=not packet.sent) for packet in LIFE.packets)

    assert advice in verdict(replace(LIFE.capture, packets=packets, format=form)).advice[0]


def test_silence_is_not_usable() -> None:
    packets = tuple(packet for packet in LIFE.packets if packet.sent)
    found = verdict(replace(LIFE.capture, packets=packets))

    assert (found.usable, found.words.partition(";")[0]) == ("no", "the battery sent nothing")


def test_encryption_is_named() -> None:
    capture = replace(
        LIFE.capture,
        packets=tuple(packet for packet in LIFE.packets if packet.sent),
        connections=(replace(LIFE.capture.connections[0], encrypted=True),),
    )

    assert "encrypted" in verdict(capture).words


def test_a_battery_at_rest_is_too_still() -> None:
    first = [packet for packet in LIFE.packets if packet.at < 3]
    packets = tuple(replace(packet, at=packet.at + 3 * n) for n in range(30) for packet in first)

    assert "nothing moves" in verdict(replace(LIFE.capture, packets=packets)).words


def test_a_short_capture_is_said_to_be_short() -> None:
    packets = tuple(packet for packet in LIFE.packets if packet.at < 9)

    assert "only 3 answers" in verdict(replace(LIFE.capture, packets=packets)).words


def test_what_another_characteristic_says_is_named() -> None:
    more = [Packet(at=at + 0.4, kind="notification", value=bytes([3, at]), handle=99) for at in range(12)]
    found = verdict(replace(LIFE.capture, packets=(*LIFE.packets, *more)))

    assert "12 notifications came from another characteristic" in found.words
