"""`bmsreader watch`: batteries live."""

import pytest

from tests.cli.surroundings import Air, invoke, lines_of


def test_a_pipe_gets_one_line_for_each_reading() -> None:
    result = invoke("watch", "simulated", "--count", "3")

    assert len(result.stdout.splitlines()) == 3
    assert "LT-12V-1544  62 % · 13.3" in result.stdout


def test_two_batteries_are_read_side_by_side() -> None:
    readings = lines_of(invoke("watch", "simulated:1", "simulated:2", "--count", "2", "--json"))

    assert sorted(reading["battery"] for reading in readings) == ["02:00:07:00:15:44"] * 2 + ["09:01:00:00:02:15"] * 2


def test_a_reading_comes_every_so_many_seconds() -> None:
    readings = lines_of(invoke("watch", "simulated", "--every", "30", "--seconds", "299", "--json"))

    assert len(readings) == 10


def test_without_an_adapter_it_says_so_in_one_line_and_shows_two_simulated_batteries() -> None:
    result = invoke("watch", "--count", "1", machine=Air(bluetooth=False))

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "bmsreader: no Bluetooth here (there is no adapter): showing two simulated batteries"
    ]
    assert len(result.stdout.splitlines()) == 2


def test_without_a_name_all_batteries_in_range_are_shown() -> None:
    readings = lines_of(invoke("watch", "--count", "1", "--json", machine=Air()))

    assert {reading["battery"] for reading in readings} == {"02:00:07:00:15:44", "09:01:00:00:02:15"}


@pytest.mark.slow
def test_on_a_terminal_it_draws_a_table() -> None:
    result = invoke("watch", "simulated:1", "simulated:2", "--count", "2", FORCE_COLOR="1", COLUMNS="100")

    assert "State of charge" in result.stdout
    assert "V-12V100Ah-0215" in result.stdout
    assert "\x1b[" in result.stdout


def test_time_that_is_over_without_a_reading_is_no_valid_answer() -> None:
    result = invoke("watch", "simulated", "--seconds", "0.1")

    assert result.exit_code == 4
    assert "not a single reading" in result.stderr
