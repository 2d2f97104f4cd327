"""Passwords cannot be tried for ever."""

import pytest

from bmsreader.web.patience import ALL, EACH, WITHIN, Patience, counted_as
from tests.clock import Clock


def test_after_some_wrong_passwords_an_address_has_to_wait_and_others_have_not() -> None:
    clock = Clock()
    patience = Patience(clock)

    for _ in range(EACH):
        assert patience.wait("192.168.1.7") == 0
        patience.failed("192.168.1.7")
        clock.advance(1)

    assert patience.wait("192.168.1.7") == WITHIN - EACH
    assert patience.wait("192.168.1.8") == 0
    clock.advance(WITHIN - EACH)
    assert patience.wait("192.168.1.7") == 0


def test_many_addresses_together_have_to_wait_too() -> None:
    patience = Patience(Clock())

    for number in range(ALL):
        patience.failed(f"192.168.2.{number}")

    assert patience.wait("192.168.1.8") == WITHIN


def test_who_tries_from_everywhere_does_not_keep_the_owner_out() -> None:
    patience = Patience(Clock())
    patience.succeeded("192.168.1.7")

    for number in range(ALL):
        patience.failed(f"192.168.2.{number}")

    assert patience.wait("192.168.1.7") == 0
    assert patience.wait("127.0.0.1") == 0
    assert patience.wait("192.168.1.8") == WITHIN


def test_a_known_address_may_not_try_for_ever_either() -> None:
    patience = Patience(Clock())
    patience.succeeded("192.168.1.7")

    for _ in range(EACH):
        patience.failed("192.168.1.7")

    assert patience.wait("192.168.1.7") == WITHIN


def test_the_many_addresses_of_one_visitor_count_as_one() -> None:
    patience = Patience(Clock())

    for number in range(EACH):
        patience.failed(f"2001:db8:0:1::{number:x}")

    assert patience.wait("2001:db8:0:1:ffff::1") == WITHIN
    assert patience.wait("2001:db8:0:2::1") == 0


def test_the_right_password_makes_up_for_the_wrong_ones_of_that_address() -> None:
    patience = Patience(Clock())
    for _ in range(EACH - 1):
        patience.failed("192.168.1.7")

    patience.succeeded("192.168.1.7")
    patience.failed("192.168.1.7")

    assert patience.wait("192.168.1.7") == 0


@pytest.mark.slow
def test_addresses_are_forgotten_before_they_fill_the_memory() -> None:
    patience = Patience(Clock())

    for number in range(1500):
        patience.failed(f"fd00:0:0:{number:x}::1")
        patience.succeeded(f"fd00:0:1:{number:x}::1")

    assert len(patience._known) == 1000
    assert len(patience._each) == 1000


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2001:db8::1:2", "2001:db8::/64"),
        ("no address", "no address"),
    ],
)
def test_what_an_address_counts_as(address: str, counts_as: str) -> None:
    assert counted_as(address) == counts_as
