"""The short names of batteries."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.configuration.slugs import LONGEST, RESERVED, slug_of, unique_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Garage left", "garage-left"),
        ("  LT-12V-1544 ", "lt-12v-1544"),
        ("Bücherbus Süd", "bucherbus-sud"),
        ("Große Straße", "grosse-strasse"),
        ("Bodø øst", "bodo-ost"),
        ("100 Ah / 12 V", "100-ah-12-v"),
    ],
)
def test_a_name_becomes_what_fits_into_a_topic(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_battery_called_bridge_does_not_take_the_topic_of_the_gateway() -> None:
    assert slug_of("Bridge") == "battery-bridge"


def test_a_name_in_another_alphabet_still_has_a_slug_of_its_own() -> None:
    assert slug_of("電池") != slug_of("蓄電池")
    assert slug_of("電池") == slug_of("電池")


def test_two_batteries_of_one_name_are_told_apart_by_a_number() -> None:
    assert unique_slug("Garage", {"garage", "garage-2"}) == "garage-3"


@given(name=st.text(min_size=1, max_size=80))
def test_every_name_has_a_slug_that_topics_labels_and_files_take(name: str) -> None:
    slug = slug_of(name)

    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", slug)
    assert len(slug) <= LONGEST + len("battery-")
    assert slug not in RESERVED
