"""What a segment says in short."""

from bmsreader.store import fine
from bmsreader.store.fields import InMemory
from bmsreader.store.strip import Strip


def test_only_batteries_that_are_read_often_need_it() -> None:
    assert [fine.width_at(pace) for pace in (1000, 1500, 2000, 5000, 10_000, None)] == [
        90_000,
        90_000,
        180_000,
        270_000,
        None,
        None,
    ]


def test_a_row_knows_what_was_in_it() -> None:
    source = InMemory({"taken_at": [0, 1000, 89_999, 90_000], "soc": [60, 61, 58, 50]}, 4)
    data = fine.pack(source, 90_000)
    assert data is not None
    strip = Strip(data)

    assert strip.starts == [0, 90_000]
    assert strip.columns("soc") == ([58.0, 50.0], [179.0, 50.0], [61.0, 50.0], [58.0, 50.0], [3, 1])


def test_fields_that_not_all_readings_have_are_left_to_the_readings() -> None:
    source = InMemory({"taken_at": [0, 1], "soc": [60, None], "time_to_empty": [60, 60], "heater": [True, False]}, 2)
    data = fine.pack(source, 90_000)
    assert data is not None

    assert Strip(data).names == ["heater"]
    assert fine.pack(InMemory({"taken_at": [0]}, 1), 90_000) is None
