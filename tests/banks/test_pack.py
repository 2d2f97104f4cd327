from bmsreader.banks.pack import Pack, capacity_of
from tests.banks.packs import said


def test_what_a_pack_holds_today_counts_before_its_label() -> None:
    assert capacity_of(said(full_charge_capacity=188.0, design_capacity=200.0)) == 188.0


def test_the_label_counts_where_a_pack_does_not_say_what_it_holds() -> None:
    assert capacity_of(said(full_charge_capacity=None, design_capacity=200.0)) == 200.0


def test_a_capacity_of_zero_is_none() -> None:
    assert capacity_of(said(full_charge_capacity=0.0, design_capacity=None)) is None


def test_a_pack_that_was_never_heard_is_not_seen() -> None:
    assert Pack(slug="left").reading is None
