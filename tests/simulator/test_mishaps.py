"""An answer is damaged where it was asked to be, and nowhere else."""

from random import Random

import pytest

from bmsreader.simulator.mishaps import AT, glitched, mangled, with_noise, with_wrong_checksum

CHUNKS = [b"one", b"two", b"three", b"four", b"five"]


def damaged(chunks: list[bytes], **how: bool) -> set[tuple[bytes, ...]]:
    """Return everything that can happen."""
    none = {"lost": False, "doubled": False, "swapped": False}
    return {tuple(mangled(chunks, Random(seed), **{**none, **how})) for seed in range(200)}


def test_nothing_happens_unasked() -> None:
    assert damaged(CHUNKS) == {tuple(CHUNKS)}
    assert with_noise(Random(1), at=False, nul=False, size=20)[0].glued == b""


def test_start_and_end_keep_their_place() -> None:
    for how in ("lost", "doubled", "swapped"):
        assert {(chunks[0], chunks[-1]) for chunks in damaged(CHUNKS, **{how: True})} == {(b"one", b"five")}


def test_neighbours_change_places() -> None:
    assert damaged(CHUNKS, swapped=True) == {
        (b"one", b"three", b"two", b"four", b"five"),
        (b"one", b"two", b"four", b"three", b"five"),
    }


def test_where_there_is_no_middle_the_ends_are_hit() -> None:
    assert damaged([b"a", b"b"], lost=True) == {(b"a",), (b"b",)}
    assert damaged([b"a", b"b"], swapped=True) == {(b"b", b"a")}
    assert damaged([b"a"], lost=True) == {()}
    assert damaged([b"a"], swapped=True, doubled=True) == {(b"a", b"a")}


def test_the_notifications_handed_in_stay_as_they_are() -> None:
    chunks = list(CHUNKS)
    mangled(chunks, Random(1), lost=True, doubled=True, swapped=True)

    assert chunks == CHUNKS


@pytest.mark.parametrize(
    ("frame", "wrong"),
    [(b":00B6~", b":00B7~"), (b":00BF~", b":00BE~"), (b":\x00\x81~", b":\x00\x80~")],
    ids=["even", "odd", "binary"],
)
def test_a_wrong_checksum_is_off_by_one_bit(frame: bytes, wrong: bytes) -> None:
    assert with_wrong_checksum(frame) == wrong


def test_at_noise_is_glued_or_alone_before_or_after() -> None:
    seen = set()
    for seed in range(50):
        before, after = with_noise(Random(seed), at=True, nul=False, size=20)
        seen.add((before.glued, before.alone, after.glued, after.alone))

    assert seen == {(AT, (), b"", ()), (b"", (AT,), b"", ()), (b"", (), AT, ()), (b"", (), b"", (AT,))}


def test_a_glitch_changes_the_status_and_nothing_else() -> None:
    values = glitched({"current": 6.8, "alarms": ("short_circuit",), "charge_switch": True})

    assert (values["current"], values["alarms"], values["charge_switch"]) == (6.8, (), False)
