"""Connections for reading."""

from pathlib import Path

import pytest

from bmsreader.model.errors import StoreError
from bmsreader.store import database
from bmsreader.store.database import open_for_reading
from bmsreader.store.pool import Pool


@pytest.fixture
def pool(path: Path) -> Pool:
    database.open_for_writing(path).close()
    return Pool(path, open_for_reading)


def ask(pool: Pool, query: str) -> object:
    with pool.connection() as connection:
        return connection.execute(query).fetchone()


def test_a_connection_is_used_again(pool: Pool) -> None:
    with pool.connection() as first:
        pass
    with pool.connection() as second:
        assert second is first
        with pool.connection() as third:
            assert third is not second
    pool.close()


def test_what_fails_becomes_a_store_error_and_the_next_question_works(pool: Pool) -> None:
    with pytest.raises(StoreError):
        ask(pool, "SELECT * FROM nothing")

    assert ask(pool, "SELECT count(*) FROM battery") == (0,)
    pool.close()


def test_a_connection_that_is_in_use_while_the_pool_closes_is_not_kept(pool: Pool) -> None:
    with pool.connection():
        pool.close()

    assert pool._idle == []
