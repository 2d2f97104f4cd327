"""Text as a program wrote it, whatever it passed through on its way here: an editor, a mail, a forum."""

import re

from bmsreader.captures.written import plain

BYTE_ORDER_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
WIDE = 0.4
"""Share of the bytes that are zero in text of two bytes a character, at least; nearly all are in English."""

_TYPESET = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f", " ")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff")
    | dict.fromkeys("\u2018\u2019", "'")
    | dict.fromkeys("\u201c\u201d", '"')
    | dict.fromkeys("\u2010\u2011\u2013\u2212", "-")
)
"""What word processors and web pages put in place of spaces, quotation marks and hyphens, or between characters."""
_QUOTED = re.compile(r"(?:[ \t]{0,8}[>|])+[ \t]?")
_FENCE = re.compile(r"[ \t]{0,8}(?:`{3,}|~{3,})\w{0,20}[ \t]*$")
_OPENED = re.compile(r"(?:[ \t]{0,8}(?:\[(?:code|quote|spoiler|plain)[^\]\n]{0,80}\]|<(?:pre|code)>))+", re.IGNORECASE)
_CLOSED = re.compile(r"(?:(?:\[/(?:code|quote|spoiler|plain)\]|</(?:pre|code)>)\s*)+$", re.IGNORECASE)


def encoding_of(start: bytes) -> str | None:
    """Return the encoding of a text that begins like this; None when it is no text."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" not in start:
        return "utf-8-sig"
    low, high = start[::2], start[1::2]
    for zeros, others, encoding in ((high, low, "utf-16-le"), (low, high, "utf-16-be")):
        if b"\0" not in others and zeros.count(0) >= 2 * WIDE * len(zeros):
            return encoding
    return None


def cleaned(line: str) -> str:
    """Return a line without quoting marks, the tags around code, colours and typographer's signs."""
    if not line.isascii():
        line = line.translate(_TYPESET)
    if "\x1b" in line:
        line = plain(line) + "\n"
    line = line[found.end() :] if (found := _QUOTED.match(line)) else line
    line = line[found.end() :] if (found := _OPENED.match(line)) else line
    if "[/" in line or "</" in line:
        line = _CLOSED.sub("\n", line)
    return "\n" if _FENCE.match(line) else line
