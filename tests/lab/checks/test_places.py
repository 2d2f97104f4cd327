"""Where check values stand."""

from bmsreader.lab.checks.places import Place, Summed, places


def test_numbers_are_read_in_both_orders_and_as_digits() -> None:
    frame = b"\x01\x02\x03" + b"1A2B" + b"\r"

    assert [Place(1, 2, notation).value(frame) for notation in ("little", "big", "hex")] == [0x4232, 0x3242, 0x1A2B]


def test_no_digits_are_no_number() -> None:
    assert Place(0, 1, "hex").value(b"\x01\x02\x03zz") is None


def test_a_place_must_leave_something_to_sum() -> None:
    assert Place(0, 1, "big").value(b"\x01\x02") is None


def test_all_places_differ() -> None:
    everywhere = list(places())

    assert len(set(everywhere)) == len(everywhere) == 40


def test_any_stretch_is_summed_by_a_subtraction() -> None:
    frame = Summed(b"\x01\x02\x04\x08")

    assert (frame.sums[3] - frame.sums[1], frame.xors[4] ^ frame.xors[2]) == (6, 12)
