"""Evidence is counted in bits, and a rival with as much evidence leaves nothing decided."""

from bmsreader.lab.evidence import Finding


def test_a_finding_is_sure_from_twenty_bits() -> None:
    assert [Finding(value=1, bits=bits, why="").sure for bits in (19.9, 20.0)] == [False, True]


def test_an_equal_rival_leaves_it_undecided() -> None:
    rival = Finding(value=2, bits=30, why="")

    assert not Finding(value=1, bits=30, why="", rivals=(rival,)).sure


def test_a_weaker_rival_does_not_matter() -> None:
    rival = Finding(value=2, bits=25, why="")

    assert Finding(value=1, bits=30, why="", rivals=(rival,)).sure
