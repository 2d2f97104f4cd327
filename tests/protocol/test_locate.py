"""An error in a description names the line where the owner wrote the mistake."""

import pytest

from bmsreader.protocol.locate import line_of

TEXT = """# a comment
id = "x"
brands = ["A", "B", "C"]
sources = [
    "one, with a comma", # and [a bracket] in a comment
    "two",

    'three',
]

[framing]
length = { at = 3, type = "u16" }

[[plausible]]
check = "cells"

[[plausible]] # the second
check = "soc"
within = 15

[blocks.pack."odd name"]
bits = [
    { bit = 0, name = "a" },
    { bit = 1, name = "b", },
    { bit = 2,
      name = "c" },
]

[blocks.pack]
soc = { at = 1 }
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param((), 1, id="the file"),
        pytest.param(("id",), 2, id="a key"),
        pytest.param(("brands", 2), 3, id="an item of a list on one line"),
        pytest.param(("sources", 0), 5, id="the first item of a list on several lines"),
        pytest.param(("sources", 1), 6, id="the second item"),
        pytest.param(("sources", 2), 8, id="the third item, behind an empty line"),
        pytest.param(("sources", 9), 4, id="an item that is not there"),
        pytest.param(("framing",), 11, id="a table"),
        pytest.param(("framing", "length", "type"), 12, id="a key of an inline table"),
        pytest.param(("framing", "limit"), 11, id="a missing key"),
        pytest.param(("plausible", 0), 14, id="the first of several tables"),
        pytest.param(("plausible", 1, "within"), 19, id="a key of the second of several tables"),
        pytest.param(("plausible", 1, "max"), 17, id="a missing key of the second"),
        pytest.param(("blocks", "pack", "odd name", "bits", 0), 23, id="the first bit"),
        pytest.param(("blocks", "pack", "odd name", "bits", 1, "name"), 24, id="a key of the second bit"),
        pytest.param(("blocks", "pack", "odd name", "bits", 2, "name"), 25, id="a bit on two lines"),
        pytest.param(("blocks", "pack", "soc", "at"), 30, id="a field in one line"),
        pytest.param(("nowhere", "at", "all"), 1, id="a key that is nowhere"),
    ],
)
def test_the_line_of_a_key_is_found(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, path) == line


def test_an_empty_file_has_a_first_line() -> None:
    assert line_of("", ("id",)) == 1
