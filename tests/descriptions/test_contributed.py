"""Each contributed recording becomes the reading that its battery meant, or is rejected for the right reason."""

import pytest

from bmsreader.descriptions import shipped, shipped_ids
from tests.contributed import CONTRIBUTED, READABLE, REAL_FRAMES, Contribution, reading, rejection

FEWEST_RECORDINGS = 17
FEWEST_REAL_FRAMES = 13
readable = pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in READABLE])
refused = [one for one in CONTRIBUTED.values() if one.rejected is not None]


def as_hex(raw: object) -> str:
    """Return raw numbers and bytes as the recordings write them, without leading zeros."""
    if isinstance(raw, tuple):
        raw = bytes(raw)
    return (raw.hex() if isinstance(raw, bytes) else f"{raw:x}").upper().lstrip("0")


def test_the_recordings_are_there() -> None:
    assert len(CONTRIBUTED) >= FEWEST_RECORDINGS
    assert len(REAL_FRAMES) >= FEWEST_REAL_FRAMES
    assert {one.description for one in READABLE if one.kind == "real"} == set(shipped_ids())


@readable
def test_a_recording_becomes_its_reading(one: Contribution) -> None:
    found = reading(one.codec, *one.frames, cells=0).as_dict()
    wanted = one.reading or {}

    assert {name: plain(found[name]) for name in wanted} == wanted


def plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@readable
def test_the_raw_values_of_a_recording_stay_reachable(one: Contribution) -> None:
    raws = {field.name: field.raw for frame in reversed(one.frames) for field in one.codec.explain(frame)}

    assert {name: as_hex(raws[name]) for name in one.raw} == {k: v.lstrip("0") for k, v in one.raw.items()}


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in refused])
def test_a_recording_that_cannot_be_read_says_why(one: Contribution) -> None:
    assert rejection(one.codec, *one.frames) == one.rejected


@readable
def test_no_other_description_takes_the_recording_for_its_own(one: Contribution) -> None:
    others = [codec for codec in shipped() if codec.id != one.description]

    assert all(rejection(other, *one.frames) for other in others)
