"""The soak takes minutes and disturbs nobody: it begins with the suite, and its test waits for the outcome."""

import pytest

from tests.gateway import soaking


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "test_soak" in item.nodeid)  # whoever waits for it comes last


def pytest_collection_finish(session: pytest.Session) -> None:
    if any("test_soak" in item.nodeid for item in session.items) and not session.config.option.collectonly:
        soaking.begin()


def pytest_unconfigure() -> None:
    soaking.end()
