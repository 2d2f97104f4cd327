"""A large capture tells how far it was read."""

from pathlib import Path

import pytest

from bmsreader.captures.reading import read_capture
from bmsreader.captures.watching import PIECE, watched
from tests.captures.samples import binary, packed


@pytest.mark.parametrize("name", ["1002.btsnoop", "201.pcapng", "big.pklg", "bugreport.zip", "capture.pcap.gz"])
def test_a_watched_file_holds_the_same_and_tells_its_size(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((binary() | packed())[name])
    told: list[tuple[float, float]] = []

    assert read_capture(path, tell=lambda done, whole: told.append((done, whole))) == read_capture(path)
    assert max(told) == (path.stat().st_size, path.stat().st_size)


def test_it_tells_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(3 * PIECE))
    told: list[float] = []
    with path.open("rb") as file:
        whole = watched(file, lambda done, _: told.append(done)).read(3 * PIECE)

    assert whole == bytes(3 * PIECE)
    assert told[-1] == 3 * PIECE
