"""`bmsreader read`: everything a battery reports, once."""

from tests.cli.surroundings import Air, invoke, lines_of


def test_a_battery_is_read_and_shown_in_words() -> None:
    result = invoke("read", "simulated")

    assert result.exit_code == 0
    for words in ("LT-12V-1544", "State of charge", "62 %", "charging", "Ah of 198 Ah", "Alarms", "none"):
        assert words in result.stdout


def test_json_is_one_object_and_nothing_else() -> None:
    (reading,) = lines_of(invoke("read", "simulated:2", "--json", "-v"))

    assert (reading["battery"], reading["variant"]) == ("09:01:00:00:02:15", "short_status+capacity")
    assert reading["health"] is None


def test_without_a_name_each_battery_in_range_is_read() -> None:
    result = invoke("read", "--json", machine=Air())

    assert [reading["battery"] for reading in lines_of(result)] == ["02:00:07:00:15:44", "09:01:00:00:02:15"]


def test_no_battery_in_range_is_nothing_found() -> None:
    result = invoke("read", machine=Air(empty=True))

    assert result.exit_code == 3
    assert "no battery was heard within 10 s" in result.stderr


def test_a_machine_without_bluetooth_says_so() -> None:
    result = invoke("read", machine=Air(bluetooth=False))

    assert (result.exit_code, result.stdout) == (5, "")
    assert "doctor" in result.stderr


def test_verbose_tells_every_radio_action_on_standard_error() -> None:
    result = invoke("read", "simulated", "--verbose")

    assert "connected (0.30 s)" in result.stderr
    assert "disconnected" in result.stderr
