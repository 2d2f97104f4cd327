"""A description of text that cannot work is refused, with the key that is wrong."""

import pytest

from bmsreader.model import DescriptionError
from bmsreader.protocol import parse
from tests.protocol.written import ALL, BLOCKS, COMMA, DIGITS, JSON, LINES, PAIRS


@pytest.mark.parametrize("text", ALL)
def test_the_examples_are_sound(text: str) -> None:
    assert parse(text).framing.spoken


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (JSON, 'encoding = "json"', 'encoding = "json", cut = "size"', "framing.cut: is not for json"),
        (JSON, 'encoding = "json"', 'encoding = "json", end = "}"', "framing.end: is not for JSON"),
        (JSON, 'encoding = "json"', 'encoding = "json", start = "x"', "framing.start: JSON begins with"),
        (JSON, '"Batt[1][0]"', '"Batt[0][0]"', "are the same number"),
        (JSON, '"Batt[1][0]"', '"Batt.x"', "cannot be a number and hold others"),
        (JSON, '"Batt[1][0]"', '"Batt[1"', "blocks.all.current.path: must be a path"),
        (JSON, 'path = "Fault"', "at = 3", "blocks.all.fault.at: unknown key"),
        (JSON, 'type = "u16"', 'type = "decimal"', "only one raw, unsigned number has bits"),
        (LINES, 'separator = ","', 'separator = "."', "framing.separator: must not be part of a number"),
        (LINES, 'end = "\\r\\n",', "", "framing.end: must say what ends a line"),
        (LINES, "columns = 9", "columns = 8", "'[8]' is not among 8 values"),
        (LINES, '"[6]"', '"[6].x"', "is no place in a line"),
        (LINES, 'columns = 3, when = [{ path = "[0]", equals = "&" }]', "columns = 9", "cannot be told from message"),
        (LINES, 'path = "[7]", type', 'path = "[7]", base = 16, type', "written in hex digits"),
        (DIGITS, "base = 16, scale = 0.1 }", "scale = 0.1 }", "is no number in hex digits"),
        (COMMA, 'separator = ";/"', 'separator = ",;"', "framing.point: must differ"),
        (JSON, 'encoding = "json"', 'encoding = "json", point = ","', "framing.point: is not for JSON"),
        (BLOCKS, "behind = 1", "behind = 2", "stands in the bytes `behind` the end"),
        (BLOCKS, 'end = "Checksum\\t"', 'start = "V"', "framing.behind: is for text that has an `end`"),
        (BLOCKS, "behind = 1, ", "", "needs a `mark`"),
        (PAIRS, ', mark = "*"', "", "needs a `mark`"),
        (PAIRS, 'over = "characters"', 'over = "bytes"', "in a line it is over all characters"),
        (PAIRS, 'pair = "="', 'pair = ";"', "framing.pair: must differ from the separator"),
        (PAIRS, 'encoding = "text"', 'encoding = "binary"', "messages.status.blocks: must be a table"),
    ],
)
def test_what_cannot_work_is_refused(text: str, old: str, new: str, words: str) -> None:
    assert old in text
    with pytest.raises(DescriptionError) as caught:
        parse(text.replace(old, new))

    assert words in str(caught.value)
