"""Events speak in words."""

from bmsreader.session.event import Event, Kind, ignore


def test_an_event_says_what_happened_in_words() -> None:
    assert [str(kind) for kind in (Kind.LINK_LOST, Kind.DISCONNECT_HUNG)] == ["link lost", "disconnect hung"]


def test_nobody_has_to_listen() -> None:
    ignore(Event(at=0.0, kind=Kind.CONNECTED))
