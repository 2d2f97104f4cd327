"""Batteries that are read again and again, also while they misbehave."""

import pytest

from tests.cli.surroundings import invoke, lines_of


def test_a_battery_that_loses_chunks_is_still_read() -> None:
    result = invoke("simulate", "--faults", "lost-chunk:0.3", "--count", "20", "--json", "-v")

    assert len(lines_of(result)) == 20
    assert "rejected: " in result.stderr


def test_a_battery_that_drops_the_link_is_connected_again() -> None:
    result = invoke("simulate", "--faults", "drop:3@0.3", "--count", "20", "--json", "-v")

    assert len(lines_of(result)) == 20
    assert result.stderr.count("connected (") > 1


def test_the_last_trouble_is_named_when_nothing_was_read() -> None:
    result = invoke("simulate", "--faults", "bad-checksum", "--seconds", "60")

    assert result.exit_code == 4
    assert "checksum" in result.stderr
    assert "doctor" in result.stderr


@pytest.mark.slow
def test_why_a_battery_was_never_read_is_told_once_and_not_only_at_the_end() -> None:
    result = invoke("simulate", "--faults", "bad-checksum", "--seconds", "20", "--speed", "10")

    assert result.stderr.count("LT-12V-1544  not identified: ") == 1
