import pytest

from bmsreader.banks.notes import named, words
from bmsreader.banks.pack import Pack
from tests.banks.packs import filled, said, told


@pytest.mark.parametrize(
    ("share", "text"), [(74.6, "3 of 4 packs seen, 75 % of capacity"), (None, "3 of 4 packs seen")]
)
def test_what_is_missing_is_told_in_packs_and_capacity(share: float | None, text: str) -> None:
    assert words(3, 4, share) == text


def test_packs_without_alarms_have_no_names_in_the_list() -> None:
    assert named([Pack(slug="a", reading=said()), Pack(slug="b")]) == ()


def test_packs_that_are_nearly_alike_are_not_worth_a_note() -> None:
    assert told("series(a, b)", a=filled(50.0), b=filled(54.0)).reading.notes == ()


def test_parallel_packs_lose_nothing_by_being_apart() -> None:
    assert told("parallel(a, b)", a=filled(20.0), b=filled(80.0)).reading.notes == ()
