"""Virtual machines take minutes: the longest boots with the suite and lives beside it; who waits for one comes last."""

import pytest

from tests.bluez import living


def _is_of_months(item: pytest.Item) -> bool:
    return "tests/bluez/test_months.py" in item.nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: 2 * _is_of_months(item) + ("tests/bluez/" in item.nodeid))


def pytest_collection_finish(session: pytest.Session) -> None:
    if any(map(_is_of_months, session.items)) and not session.config.option.collectonly:
        living.begin()


def pytest_unconfigure() -> None:
    living.end()
