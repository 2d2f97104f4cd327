"""The words of a description are those of a reading."""

import keyword
import re

from bmsreader.model import FIELDS
from bmsreader.protocol.vocabulary import FIELD_NAMES, NAME, RESERVED, TIME_TO_GO, list_of


def test_every_field_name_is_a_value_of_a_reading() -> None:
    assert {list_of(name) for name in FIELD_NAMES} - {TIME_TO_GO} <= set(FIELDS)


def test_a_list_may_stand_in_several_groups() -> None:
    assert [list_of(name) for name in ("temperatures_2", "cell_voltages_16", "temperatures", "soc")] == [
        "temperatures",
        "cell_voltages",
        "temperatures",
        "soc",
    ]
    assert "cell_voltages_17" not in FIELD_NAMES


def test_every_value_of_a_reading_can_be_described_or_comes_from_the_engine() -> None:
    from_the_engine = {"battery", "taken_at", "protocol", "variant", "alarms", "derived", "notes", "frames"}

    assert set(FIELDS) - set(FIELD_NAMES) == from_the_engine


def test_names_are_lower_case_words() -> None:
    assert all(re.fullmatch(NAME, name) for name in FIELD_NAMES)
    assert not any(
        re.fullmatch(NAME, name) for name in ("", "Soc", "_soc", "soc_", "so__c", "1soc", "söc", "soc\n", "a b")
    )


def test_what_the_decoder_uses_itself_is_reserved() -> None:
    assert not any(keyword.iskeyword(name) or name in FIELD_NAMES for name in RESERVED)
