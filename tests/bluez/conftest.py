"""Virtual machines take minutes: they come last, so that whatever is wrong is known before."""

import pytest

from tests.bluez import living


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "tests/bluez/" in item.nodeid)


def pytest_unconfigure() -> None:
    living.end()
