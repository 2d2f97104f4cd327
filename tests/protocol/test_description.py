"""A description that was checked cannot change any more."""

from dataclasses import FrozenInstanceError

import pytest

from bmsreader.descriptions import load
from bmsreader.protocol import Field


def test_a_description_is_frozen() -> None:
    description = load("ej").description

    with pytest.raises(FrozenInstanceError):
        description.id = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        description.requests["status"].send = b":0005~"  # type: ignore[misc]


def test_a_field_is_one_unsigned_number_that_is_its_own_value_unless_it_says_otherwise() -> None:
    field = Field(name="soc", type="u8", at=0)

    assert (field.count, field.scale, field.offset, field.raw, field.evidence) == (1, 1, 0, False, "claimed")


def test_the_shipped_descriptions_grade_every_field() -> None:
    grades = {f.evidence for name in ("ej", "ej2") for m in load(name).description.messages.values() for f in m.fields}

    assert grades == {"vendor", "measured", "claimed", "disputed"}
