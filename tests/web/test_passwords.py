"""Passwords and tokens are kept as hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import UsageError
from bmsreader.web.passwords import checked, hashed, hashed_token, is_hash, is_token, matches, new_token


@pytest.mark.slow
def test_a_password_matches_its_hash_and_no_other_does() -> None:
    known = hashed("open sesame")

    assert is_hash(known)
    assert matches(known, "open sesame")
    assert not matches(known, "open sesame ")
    assert hashed("open sesame") != known


def test_a_password_from_a_file_may_stand_there_as_it_is() -> None:
    assert matches("open sesame", "open sesame")
    assert not matches("open sesame", "Open sesame")


@pytest.mark.parametrize("password", ["", "short", "x" * 201, "eight\n chars", "tab\tinside it"])
def test_a_password_that_is_none_is_refused(password: str) -> None:
    with pytest.raises(UsageError):
        checked(password)


def test_a_damaged_hash_lets_nobody_in() -> None:
    assert not matches("$argon2id$v=19$broken", "open sesame")


@given(st.text(max_size=300))
def test_no_password_makes_trouble(password: str) -> None:
    assert matches("open sesame", password) == (password == "open sesame")


def test_a_token_is_long_shown_once_and_known_by_its_hash() -> None:
    token = new_token()

    assert len(token) > 40
    assert is_token(hashed_token(token), token)
    assert not is_token(hashed_token(token), token[:-1])
    assert not is_token(None, token)


def test_an_empty_password_is_none_and_lets_nobody_in() -> None:
    assert not matches("", "")
