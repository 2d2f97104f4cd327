"""Which service and characteristics to use."""

from bmsreader.lab.output.profiles import USUAL, profiles, service_of

FFF1, FFF2 = "0000fff1-0000-1000-8000-00805f9b34fb", "0000fff2-0000-1000-8000-00805f9b34fb"


def test_uuids_of_the_capture_are_taken() -> None:
    (profile,), proven = profiles({14: FFF1, 17: FFF2}, 14, 17)

    assert (profile.service[:8], profile.notify, profile.write, proven) == ("0000fff0", FFF1, FFF2, True)


def test_a_capture_may_hold_uuids_as_four_digits() -> None:
    assert profiles({14: "FFF1", 17: "fff2"}, 14, 17) == profiles({14: FFF1, 17: FFF2}, 14, 17)


def test_without_uuids_the_usual_ones_are_tried() -> None:
    assert profiles({}, 14, 17) == (USUAL, False)


def test_the_service_has_the_number_below() -> None:
    assert service_of("00008002-0000-1000-8000-57616c6b697a") == "00008000-0000-1000-8000-57616c6b697a"


def test_a_service_that_was_discovered_is_taken_before_any_guess() -> None:
    (profile,), proven = profiles({14: FFF1, 17: FFF2}, 14, 17, [(1, 9, "1800"), (12, 20, "abcd")])

    assert (profile.service, proven) == ("0000abcd-0000-1000-8000-00805f9b34fb", True)
