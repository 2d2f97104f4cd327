"""Sessions begin with the password, end by themselves, and cannot be made up."""

from bmsreader.web.sessions import MOST, Sessions
from tests.clock import Clock

HOUR = 3600.0


def test_a_browser_that_logged_in_is_known_until_it_was_away_for_too_long() -> None:
    clock = Clock()
    sessions = Sessions(clock, lifetime=HOUR)
    name = sessions.begin()

    for _ in range(3):
        clock.advance(HOUR - 1)
        assert sessions.knows(name)
    clock.advance(HOUR + 1)
    assert not sessions.knows(name)
    assert len(sessions) == 0


def test_a_made_up_name_is_not_known() -> None:
    sessions = Sessions(Clock(), lifetime=HOUR)
    sessions.begin()

    assert not sessions.knows(sessions.anonymous())
    assert not sessions.knows(None)
    assert not sessions.knows("\ud800")


def test_each_login_has_a_name_of_its_own_and_a_logout_ends_one() -> None:
    sessions = Sessions(Clock(), lifetime=HOUR)
    one, other = sessions.begin(), sessions.begin()

    sessions.end(one)

    assert one != other
    assert (sessions.knows(one), sessions.knows(other)) == (False, True)


def test_the_token_belongs_to_one_browser() -> None:
    sessions = Sessions(Clock(), lifetime=HOUR)
    one, other = sessions.begin(), sessions.anonymous()

    assert sessions.is_token(one, sessions.token(one))
    assert not sessions.is_token(other, sessions.token(one))
    assert not sessions.is_token(one, "")
    assert not sessions.is_token(None, sessions.token(one))
    assert not sessions.is_token(one, "ä")


def test_another_password_ends_all_sessions_and_all_tokens() -> None:
    sessions = Sessions(Clock(), lifetime=HOUR)
    name = sessions.begin()
    token = sessions.token(name)

    sessions.end_all()

    assert not sessions.knows(name)
    assert not sessions.is_token(name, token)


def test_whoever_logs_in_again_and_again_fills_nothing() -> None:
    sessions = Sessions(Clock(), lifetime=HOUR)
    first = sessions.begin()

    for _ in range(MOST):
        sessions.begin()

    assert len(sessions) == MOST
    assert not sessions.knows(first)
