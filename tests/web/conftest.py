"""One page for all tests that only look at it."""

from collections.abc import Iterator

import pytest

from tests.web.serving import PASSWORD, Browser, Served, served


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page that needs no password, over two batteries."""
    with served(tmp_path_factory.mktemp("page")) as found:
        yield found


@pytest.fixture
def browser(house: Served) -> Browser:
    """Somebody who has opened that page."""
    return house.known()


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page with a password and a token."""
    from bmsreader.web.passwords import hashed, hashed_token

    web = {"password": hashed(PASSWORD), "token": hashed_token("bms_token"), "hosts": ["pi.local"]}
    with served(tmp_path_factory.mktemp("locked"), web=web) as found:
        yield found
