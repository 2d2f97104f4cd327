"""What must hold in a description of text, beyond what must hold in any."""

from collections.abc import Iterator

from bmsreader.protocol.description import Description, Field, Framing, Message
from bmsreader.protocol.numbers import IN_HEX
from bmsreader.protocol.paths import LINE, Steps, contradiction, place_of

Found = tuple[tuple[str | int, ...], str]
"""A key, and what is wrong with it."""

IN_NUMBERS = "0123456789.+-eE"
"""Characters of numbers, which cannot part them."""
MOST_BYTES = 8192
"""Of the payload that the numbers of a message make up, at most."""


def framing_problems(framing: Framing) -> Iterator[Found]:
    """Yield what is wrong with the framing of text, or of bytes as far as keys of text are in it."""
    if not framing.spoken:
        for key in _OF_LINES:
            if getattr(framing, key):
                yield ("framing", key.removesuffix("s")), "is for `encoding` = text"
        return
    for key, needless in (
        ("cut", framing.cut != "marks"),
        ("ignore", framing.ignore),
        ("escape", framing.escape),
        ("xor", framing.xor_key or framing.xor_key_at is not None),
        ("length", framing.length),
    ):
        if needless:
            yield ("framing", key), f"is not for {framing.encoding}: it is cut by its {_CUT[framing.encoding]}"
    yield from _json_problems(framing) if framing.encoding == "json" else _line_problems(framing)


_OF_LINES = ("separators", "pair", "point", "behind", "ahead")
_CUT = {"json": "brackets", "text": "end mark"}


def _json_problems(framing: Framing) -> Iterator[Found]:
    if framing.start[:1] not in (b"", b"{", b"["):
        yield ("framing", "start"), "JSON begins with { or ["
    for key in ("end", *_OF_LINES):
        if getattr(framing, key):
            yield ("framing", key.removesuffix("s")), "is not for JSON"


def _line_problems(framing: Framing) -> Iterator[Found]:
    if not framing.end and not framing.start:
        yield ("framing", "end"), "must say what ends a line, such as CR LF, unless `start` tells where the next begins"
    if framing.point and framing.point in framing.separators + framing.pair:
        yield ("framing", "point"), "must differ from what parts values"
    if framing.behind and not framing.end:
        yield ("framing", "behind"), "is for text that has an `end`"
    if framing.ahead and (framing.behind or not framing.end):
        yield ("framing", "ahead"), "is for text that has an `end`, and nothing `behind` it"
    if not framing.separators:
        yield ("framing", "separator"), "must say what parts the values"
    if any(character in IN_NUMBERS for character in framing.separators):
        yield ("framing", "separator"), "must not be part of a number"
    if framing.pair and (framing.pair in framing.separators or framing.pair in IN_NUMBERS):
        yield ("framing", "pair"), "must differ from the separator, and must not be part of a number"
    if framing.start and framing.start == framing.end:
        yield ("framing", "end"), "must differ from `start`"


def description_problems(description: Description) -> Iterator[Found]:
    """Yield what does not fit together in the messages of text."""
    messages = list(description.messages.values())
    if not description.framing.spoken:
        yield from (((*_at(one), "checksum"), "`mark` is for text") for one in messages if _mark(one))
        return
    for number, message in enumerate(messages):
        for key, words in _message_problems(message, description.framing):
            yield (*_at(message), *key), words
        for other in messages[:number]:
            if _hides(other, message, in_line=description.framing.encoding == "text"):
                yield (*_at(message), "when"), f"cannot be told from message {other.name!r}"
    if len({message.checksum for message in messages}) > 1:
        yield (*_at(messages[-1]), "checksum"), "all lines have the same check value, or none"


def _at(message: Message) -> tuple[str, str]:
    return "messages", message.name


def _mark(message: Message) -> str:
    return message.checksum.mark if message.checksum else ""


def _message_problems(message: Message, framing: Framing) -> Iterator[Found]:
    in_line = framing.encoding == "text"
    if message.columns and not in_line:
        yield ("columns",), "JSON has none"
    if message.size > MOST_BYTES:
        yield ("blocks",), "too many numbers"
    places: list[Steps] = []
    for path in (*_paths(message), *(path for path, _ in message.told)):
        place = place_of(path, in_line=in_line)
        if place is None:
            yield ("blocks",), f"{path!r} is no place in a line: [3], key or key[3]"
            return
        places.append(place)
        if message.columns and place[0] == LINE and isinstance(place[1], int) and place[1] >= message.columns:
            yield ("columns",), f"{path!r} is not among {message.columns} values"
    wrong = contradiction(places)
    if wrong:
        yield ("blocks",), f"{'.'.join(map(str, wrong)).lstrip('.')} cannot be a number and hold others"
    for field in message.fields:
        yield from _field_problems(field, message)
    yield from _checksum_problems(message, framing)


def _paths(message: Message) -> Iterator[str]:
    for field in message.fields:
        yield from field.paths


def _field_problems(field: Field, message: Message) -> Iterator[Found]:
    if len(set(field.paths)) < len(field.paths):
        yield ("blocks",), f"field {field.name!r} has a path twice"
    if field.base == 16 and field.type not in (*IN_HEX, "u8", "u16", "u32"):
        yield ("blocks",), f"field {field.name!r} is written in hex digits: it must be u8, u16, u32, i8, i16 or i32"
    if field.base == 10 and field.type in IN_HEX:
        yield ("blocks",), f"field {field.name!r} is no number in hex digits (`base = 16`): it must be decimal"
    for other in message.fields:
        if other is not field and not other.raw and not field.raw and set(other.paths) & set(field.paths):
            yield ("blocks",), f"fields {other.name!r} and {field.name!r} are the same number"


def _checksum_problems(message: Message, framing: Framing) -> Iterator[Found]:
    rule = message.checksum
    if rule is None:
        return
    if framing.encoding == "json":
        yield ("checksum",), "JSON has none"
    elif beside := framing.behind or framing.ahead:
        if rule.mark or rule.width != beside:
            yield ("checksum",), "stands in the bytes `behind` the end, or `ahead` of it: in all, and without a `mark`"
    elif not rule.mark:
        yield ("checksum",), "in a line it needs a `mark`, behind which its hex digits stand"
    if rule.gap or rule.tail or rule.tolerate or rule.over not in ("frame", "characters"):
        yield ("checksum",), "in a line it is over all characters, or those of the frame, from `skip` to the mark"


def _hides(one: Message, other: Message, *, in_line: bool) -> bool:
    """Return whether every text that is the other message would be taken for the first one, which is tried before."""
    if one.columns and one.columns != other.columns:
        return False
    told = {place_of(path, in_line=in_line): text for path, text in other.told}
    for path, text in one.told:
        if told.get(place_of(path, in_line=in_line)) != text:
            return False
    needed = {field.paths[0] for field in one.fields} | {f.paths[1] for f in one.fields if f.minus is not None}
    there = {*_paths(other), *(path for path, _ in other.told)}
    positional = other.columns and all(path.startswith("[") for path in needed)
    return bool(positional) or needed <= there
