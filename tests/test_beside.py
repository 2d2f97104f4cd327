"""Programs beside the tests, as owners of the slowest tests know them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.beside import Beside, Turn, begin

Begin = Callable[..., Beside]


@pytest.fixture
def program() -> Iterator[Begin]:
    """A shell command beside the test, with its folder as its first argument."""
    with ExitStack() as stack:

        def program(command: str, *, turn: Turn = Turn.WHENEVER) -> Beside:
            found = Beside(lambda folder: ["sh", "-c", command, "sh", folder], turn=turn)
            stack.callback(found.end)
            return found

        yield program


def test_what_it_told_and_left_is_judged_at_its_end(program: Begin) -> None:
    came = program("echo told; echo left >$1/left; exit 3").outcome()

    assert (came.status, came.told, (came.folder / "left").read_text()) == (3, "told\n", "left\n")


def test_it_begins_once(program: Begin) -> None:
    once = program("echo begun >>$1/times")
    begin([once])
    begin([once])

    assert (once.outcome().folder / "times").read_text() == "begun\n"


def test_the_next_one_waits_for_the_end_of_the_first(program: Begin, tmp_path: Path) -> None:
    order = tmp_path / "order"
    following = program(f"echo next >>{order}", turn=Turn.NEXT)
    first = program(f"sleep 0.02; echo first >>{order}", turn=Turn.FIRST)
    begin([following, first])
    following.outcome()

    assert order.read_text() == "first\nnext\n"


def test_it_ends_with_the_tests_and_leaves_nothing(program: Begin) -> None:
    endless = program("sleep 600 & sleep 600")
    endless.begin()
    folder = endless.folder
    endless.end()

    assert not folder.exists()
