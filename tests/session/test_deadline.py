"""A conversation's deadlines are those of the links."""

from bmsreader.links import deadline as of_links
from bmsreader.session import deadline as of_sessions


def test_sessions_and_links_share_one_deadline() -> None:
    assert of_sessions.within is of_links.within
