"""One row of the table of the API."""

import pytest

from bmsreader.web.endpoint import Endpoint, Parameter


async def answer(*_: object) -> None:
    """Nobody asks it."""


@pytest.mark.parametrize(("method", "unsafe"), [("GET", False), ("POST", True), ("PUT", True), ("DELETE", True)])
def test_whatever_is_not_looking_changes_something(method: str, unsafe: bool) -> None:
    one = Endpoint(method=method, path="/x", name="x", text="X.", handler=answer, group="X")  # type: ignore[arg-type]

    assert one.is_unsafe is unsafe


def test_what_stands_in_the_path_has_to_be_said() -> None:
    assert Parameter(name="slug", text="Which.", where="path").required
    assert not Parameter(name="limit", text="How many.").required
