"""Which battery is meant."""

import io

import pytest

from bmsreader.captures.choosing import chosen, is_subscription, only, peers, requests
from bmsreader.captures.reading import read_open
from bmsreader.captures.traffic import Capture
from bmsreader.model import CaptureError
from tests.captures.making import Scene, btsnoop, host_packets, two_batteries

ONE, TWO = "02:00:07:00:15:44", "09:01:00:00:02:15"


def capture(scene: Scene) -> Capture:
    return read_open(io.BytesIO(btsnoop(host_packets(scene))), "test")


TWO_BATTERIES = capture(two_batteries())


def test_the_battery_with_the_most_notifications_comes_first() -> None:
    assert [peer.address for peer in peers(TWO_BATTERIES)] == [ONE, TWO]


def test_one_battery_that_connected_twice_is_one() -> None:
    scene = Scene()
    for _ in range(2):
        scene.connect(0x40, ONE)
        scene.notify(0x40, b"value")

    (peer,) = peers(capture(scene))

    assert (peer.connections, peer.notifications) == ((0, 1), 2)


@pytest.mark.parametrize("battery", [TWO, "02:15", "v-12v", "2"])
def test_a_battery_is_named_by_address_name_or_number(battery: str) -> None:
    assert chosen(TWO_BATTERIES, battery).address == TWO


def test_when_several_fit_they_are_named() -> None:
    with pytest.raises(CaptureError, match=f"several fit.*{ONE}.*{TWO}"):
        chosen(TWO_BATTERIES)


def test_a_watch_that_says_little_does_not_make_it_a_question() -> None:
    scene = two_batteries(polls=30)
    scene.connect(0x50, "02:00:00:00:00:99")
    scene.notify(0x50, b"ding")
    filtered = only(capture(scene), chosen(capture(scene), "1"))

    assert chosen(filtered).address == ONE


def test_a_capture_without_connections_says_what_to_do() -> None:
    with pytest.raises(CaptureError, match="nobody was connected") as refused:
        chosen(capture(Scene()))

    assert "open the battery's app" in refused.value.advice


def test_switching_notifications_on_is_no_request() -> None:
    asked = requests(TWO_BATTERIES)

    assert len(asked) == 5
    assert not any(is_subscription(packet, TWO_BATTERIES) for packet in asked)
