"""The second half of the table: what changes something says so."""

import pytest

from tests.web.serving import Served

pytestmark = pytest.mark.slow


def test_settings_are_added_changed_and_removed_by_the_usual_methods(house: Served) -> None:
    methods = {(one.method, one.path.removeprefix("/api/v1")) for one in house.page.endpoints}

    assert {
        ("PUT", "/settings/{section}"),
        ("PUT", "/settings/{section}/{number}"),
        ("POST", "/settings/{section}"),
        ("DELETE", "/settings/{section}/{number}"),
        ("POST", "/settings/{section}/test"),
        ("POST", "/alarms/{id}/acknowledge"),
        ("POST", "/alarms/acknowledge-all"),
    } <= methods


def test_what_is_added_is_answered_with_created(house: Served) -> None:
    created = {one.name for one in house.page.endpoints if one.status == 201}

    assert created == {"add_settings", "keep"}
