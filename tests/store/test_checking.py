"""Looking through the whole file."""

import sqlite3
from pathlib import Path

import pytest

from bmsreader.model.errors import StoreError
from bmsreader.store import Store
from bmsreader.store.checking import check, silent
from tests.store.batteries import fill, readings

pytestmark = pytest.mark.slow


@pytest.fixture
def filled(path: Path) -> Path:
    with Store(path) as mine:
        fill(mine, readings(3700), every=3700)
    return path


def test_a_sound_file_is_sound(filled: Path) -> None:
    told: list[tuple[int, int]] = []
    checked = check(filled, lambda done, whole: told.append((done, whole)))

    assert checked.ok
    assert (checked.batteries, checked.segments, checked.readings) == (1, 1, 3700)
    assert checked.size == filled.stat().st_size
    assert told[-1][0] == told[-1][1]
    silent(1, 2)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "UPDATE segment SET data = CAST(data || x'00' AS BLOB)",
            "battery 1, the segment from reading 1 on: a segment is damaged",
        ),
        ("UPDATE segment SET count = 3599", "3600 readings where 3599 belong"),
        ("UPDATE journal SET data = x'01'", "journal 1: a segment of only 1 bytes"),
        ("UPDATE summary SET quarters = zeroblob(40)", "summary"),
    ],
)
def test_each_kind_of_damage_is_named(filled: Path, damage: str, said: str) -> None:
    with sqlite3.connect(filled) as file:
        file.execute(damage)
    file.close()
    checked = check(filled)

    assert not checked.ok
    assert said in checked.problems[0]


def test_a_damaged_page_is_named_too(filled: Path) -> None:
    with sqlite3.connect(filled) as file:
        (page,) = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'record'").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    file.close()
    with filled.open("rb+") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xff" * size)

    assert not check(filled).ok


def test_what_is_no_history_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        check(tmp_path / "absent")
