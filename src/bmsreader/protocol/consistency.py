"""What must hold between the parts of a description, beyond the shape of each part."""

from collections.abc import Iterator
from typing import NamedTuple

from bmsreader.protocol.checksum import ALGORITHMS
from bmsreader.protocol.description import Description, Field, Framing, Message, Request
from bmsreader.protocol.numbers import ALL_NUMBERS, BOOL, BYTES, NUMBERS, REALS, width
from bmsreader.protocol.rules import CHECKS
from bmsreader.protocol.shape import suggestion
from bmsreader.protocol.stuffing import Stuffing, stuffing_problems
from bmsreader.protocol.unpacking import Unpacking, xor_table
from bmsreader.protocol.vocabulary import FIELD_NAMES, SEVERAL, SWITCHES, TIME_TO_GO, list_of
from bmsreader.protocol.wording import description_problems, framing_problems
from bmsreader.protocol.writes import known_write


class Problem(NamedTuple):
    """What is wrong, and at which key below the part that was looked at."""

    path: tuple[str | int, ...]
    words: str


def field_problem(field: Field) -> Problem | None:
    """Return what makes a field impossible, or None."""
    return next(_field_problems(field), None)


def message_problem(message: Message) -> Problem | None:
    """Return what makes a message impossible, or None."""
    return next(_message_problems(message), None)


def description_problem(description: Description) -> Problem | None:
    """Return what does not fit together in a description, or None."""
    return next(_description_problems(description), None)


# ---- one field


def _field_problems(field: Field) -> Iterator[Problem]:
    if field.raw and field.name in FIELD_NAMES:
        yield Problem(("raw",), f"{field.name!r} is a value of a reading; a raw field needs a name of its own")
    unsigned = field.type.startswith("u") or field.type in REALS
    if field.minus is not None and (not unsigned or field.count > 1):
        yield Problem(("minus",), "only single unsigned numbers can be subtracted, and floats")
    if field.name in SWITCHES and field.type != BOOL:
        yield Problem(("type",), "a switch is `bool`, or a bit of a status word")
    if not field.raw and field.name not in SWITCHES and field.type not in ALL_NUMBERS:
        yield Problem(("type",), f"{field.name!r} is a number: {field.type!r} is none")
    if field.type == BOOL and (field.count > 1 or field.minus is not None):
        yield Problem(("type",), "a `bool` is one byte")
    if field.name in SEVERAL:
        yield from _several_problems(field)
    elif not field.raw and field.count > 1:
        yield Problem(("count",), f"{field.name!r} is one number")
    yield from _place_problems(field)
    if field.name == TIME_TO_GO and (not field.type.startswith("u") or field.valid or field.minus is not None):
        yield Problem(("type",), "time_to_go is one unsigned number with `unknown` marks at most")
    yield from _default_problems(field)
    yield from _bit_problems(field)


def _several_problems(field: Field) -> Iterator[Problem]:
    warm = list_of(field.name) == "temperatures"
    plain = field.type in ALL_NUMBERS and (warm or not field.type.startswith("sm"))
    if not plain or field.valid or (field.unknown and not warm):
        marks = "`valid`" if warm else "`unknown` and `valid`"
        yield Problem(("type",), f"{field.name} are plain numbers, without {marks}")


def _place_problems(field: Field) -> Iterator[Problem]:
    if field.sign and (not field.type.startswith("u") or field.count > 1 or field.minus is not None):
        yield Problem(("sign",), "only a single unsigned number has its sign elsewhere")
    if field.mask and (not field.type.startswith("u") or field.count > 1 or field.minus is not None or field.bits):
        yield Problem(("mask",), "is for a single unsigned number")
    if field.mask and field.type in NUMBERS and field.mask > NUMBERS[field.type].high:
        yield Problem(("mask",), f"has more bits than a {field.type}")
    if field.sign and field.sign.positive & field.sign.mask == field.sign.negative & field.sign.mask:
        yield Problem(("sign", "positive"), "must differ from `negative` in the bits of the mask")
    if field.step and (field.type not in ALL_NUMBERS or field.count == 1 or field.step < width(field.type)):
        yield Problem(("step",), "is for several numbers that do not overlap")
    if field.count_at is not None and field.name not in SEVERAL:
        yield Problem(("count_at",), "only cells and temperatures are counted")


def _default_problems(field: Field) -> Iterator[Problem]:
    if field.type in ALL_NUMBERS:
        kind = ALL_NUMBERS[field.type]
        low = -kind.high if field.minus is not None else kind.low
        if not low <= field.default <= kind.high:
            yield Problem(("default",), f"{field.default} does not fit the type: {low} to {kind.high}")
    elif field.default and field.type == BYTES:
        yield Problem(("default",), "a run of bytes has no default number")


def _bit_problems(field: Field) -> Iterator[Problem]:
    if field.bits and not (field.raw and field.type.startswith("u") and field.count == 1 and field.minus is None):
        yield Problem(("bits",), "only one raw, unsigned number has bits")
    for number, bit in enumerate(field.bits):
        if bit.bit >= 8 * width(field.type):
            yield Problem(("bits", number, "bit"), f"a {field.type} has bits 0 to {8 * width(field.type) - 1}")


# ---- one message


def _message_problems(message: Message) -> Iterator[Problem]:
    offsets = [at for at, _ in message.when]
    if len(set(offsets)) < len(offsets):
        yield Problem(("when",), "two conditions are on one byte")
    names = [field.name for field in message.fields]
    for name in names:
        if names.count(name) > 1:
            yield Problem(("blocks",), f"field {name!r} is there twice")
    begin, end = check_bytes(message)
    if begin < max(offsets, default=-1) + 1:
        yield Problem(("size",), "no room for the conditions and the checksum")
    for field in message.fields:
        yield from _room_problems(field, message, begin, end)
    yield from _overlaps(message)


def check_bytes(message: Message) -> tuple[int, int]:
    """Return the offsets where the check value begins and ends; both are the size where there is none."""
    rule = message.checksum
    if rule is None or any(field.paths for field in message.fields):  # of text it is no part
        return message.size, message.size
    return message.size - rule.tail - rule.width, message.size - rule.tail


def _room_problems(field: Field, message: Message, begin: int, end: int) -> Iterator[Problem]:
    words = _words(field)
    words += [(field.sign.at, 1)] if field.sign else []
    words += [(field.count_at, 1)] if field.count_at is not None else []
    for at, size in words:
        if at + size > message.size or (at < end and at + size > begin):
            what = f"the checksum begins at byte {begin}" if begin < message.size else f"the message has {message.size}"
            yield Problem(("size",), f"field {field.name!r} ends at byte {at + size}, {what}")


def _words(field: Field) -> list[tuple[int, int]]:
    """Return (offset, bytes) of each word that the field takes."""
    size = width(field.type)
    step = field.step or size
    words = [(field.at + number * step, size) for number in range(field.count)]
    return words if field.minus is None else [*words, (field.minus, size)]


def _overlaps(message: Message) -> Iterator[Problem]:
    """A raw number may be a second view of the same word; a run of bytes may lie over anything."""
    owner: dict[int, tuple[str, int, Field]] = {}
    for field in message.fields:
        if field.type == BYTES:
            continue
        code = "B" if field.type == BOOL else ALL_NUMBERS[field.type].code or field.type
        for at, size in _words(field):
            for byte in range(at, at + size):
                other = owner.setdefault(byte, (code, at, field))
                if other[:2] != (code, at) or not (other[2] is field or other[2].raw or field.raw):
                    yield Problem(("blocks",), f"fields {other[2].name!r} and {field.name!r} overlap at byte {byte}")


# ---- the whole description


def _description_problems(description: Description) -> Iterator[Problem]:
    spoken = description.framing.spoken
    for path, words in framing_problems(description.framing):
        yield Problem(path, words)
    yield from _framing_problems(description.framing) if not spoken else ()
    yield from _part_problems(description) if description.framing.parts else ()
    for request in description.requests.values():
        yield from _request_problems(request, description)
    for message in description.messages.values():
        path = ("messages", message.name)
        sized = () if spoken else _size_problems(message, description.framing)
        for problem in (*_link_problems(message, description), *sized):
            yield Problem((*path, *problem.path), problem.words)
    for where, words in description_problems(description):
        yield Problem(where, words)
    yield from _twins(description) if not spoken else ()
    for number, rule in enumerate(description.rules):
        known = _judgeable(description, rule.check)
        for key, name in CHECKS[rule.check].names(rule.parameters):
            if name not in known:
                yield Problem(
                    ("plausible", number, key), f"no single number is called {name!r}{suggestion(name, known)}"
                )


def _framing_problems(framing: Framing) -> Iterator[Problem]:
    if framing.escape:
        yield from (Problem(path, words) for path, words in stuffing_problems(framing))
    elif framing.cut == "marks" and not len(framing.start) == len(framing.end) == 1:
        key = "start" if len(framing.start) != 1 else "end"
        yield Problem(("framing", key), "must be one character, unless `cut` says how frames are cut otherwise")
    if framing.cut == "marks" and framing.start == framing.end and not framing.escape:
        yield Problem(("framing", "end"), "must differ from `start`")
    if framing.cut == "length" and (framing.length is None or framing.length.plus is None):
        yield Problem(("framing", "cut"), "needs a `length` with `plus`")
    if framing.encoding == "ascii-hex":
        yield from _digit_problems(framing)
    if framing.ignore and framing.cut != "marks":
        yield Problem(("framing", "ignore"), "is for frames that are cut by marks")
    if any(byte in framing.ignore for byte in framing.start + framing.end):
        yield Problem(("framing", "ignore"), "must not hold the start or the end character")
    length = framing.length
    if length and length.lenid and (length.type != "u16" or length.plus is None):
        yield Problem(("framing", "length", "lenid"), "is for a u16 with `plus`")


def _part_problems(description: Description) -> Iterator[Problem]:
    parts = description.framing.parts
    assert parts  # noqa: S101 - the caller looked
    if description.baudrate:
        yield Problem(("framing", "parts"), "is for notifications: a serial port knows none")
    taken: set[tuple[int, int]] = set()
    for key, bits in (("number", parts.number), ("total", parts.total), ("length", parts.length)):
        if bits is None:
            continue
        own = {(bits.at, bit) for bit in range(8) if bits.mask >> bit & 1}
        if bits.at >= parts.head:
            yield Problem(("framing", "parts", key), f"byte {bits.at} is none of the {parts.head} bytes of the head")
        if own & taken:
            yield Problem(("framing", "parts", key), "two numbers stand in the same bits")
        taken |= own


def _digit_problems(framing: Framing) -> Iterator[Problem]:
    digits = Unpacking(framing).plain(b"0123456789abcdefABCDEF")
    for key, characters in (("start", framing.start[:1]), ("end", framing.end[:1]), ("ignore", framing.ignore)):
        if any(byte in digits for byte in characters):
            yield Problem(("framing", key), "must not be a hex digit")
    if not framing.start and framing.cut != "pause":
        yield Problem(("framing", "start"), "hex digits need a character before them, or `cut` = pause")


def _request_problems(request: Request, description: Description) -> Iterator[Problem]:
    path = ("requests", request.name)
    if request.safety == "write":
        return
    if change := next(filter(None, map(known_write, _looks(request.send, description.framing))), None):
        yield Problem((*path, "safety"), f"is no read: it is {change}")
    for other in description.requests.values():
        if other.safety == "write" and _matches(other.pattern, request.send.decode("latin-1")):
            yield Problem((*path, "safety"), f"is no read: it matches the known write command {other.name!r}")
    if (
        description.framing.encoding == "ascii-hex"
        and description.framing.cut == "marks"
        and not is_one_frame(request.send, description.framing)
    ):
        yield Problem((*path, "send"), "must be one whole frame: start, pairs of hex digits, end")


def _looks(send: bytes, framing: Framing) -> Iterator[bytes]:
    """Yield a request as it is, and as batteries see it that take off what this framing puts before and over frames."""
    for bare in (send, send[framing.parts.head :] if framing.parts else send):
        yield bare
        plain = bare
        if framing.escape:
            way = Stuffing(framing.escape, framing.start, framing.end)
            plain = way.unstuffed(bare.removeprefix(framing.start).removesuffix(framing.end)) or bare
        at = framing.xor_key_at
        key = plain[at] if at is not None and at < len(plain) else framing.xor_key
        for begin in (0, framing.xor_from):
            behind = plain[begin:].translate(xor_table(key))
            yield from (plain[:begin] + behind, behind)


def _matches(pattern: str, text: str) -> bool:
    """Return whether the text starts as the pattern says, in which '.' stands for any character."""
    return len(text) >= len(pattern) and all(p in (".", t) for p, t in zip(pattern.upper(), text.upper(), strict=False))


def is_one_frame(send: bytes, framing: Framing) -> bool:
    """Return whether bytes are one whole frame of hex digits, with or without CR LF behind it."""
    inner = send.removesuffix(b"\r\n").removeprefix(framing.start).removesuffix(framing.end)
    digits = all(byte in b"0123456789abcdefABCDEF" for byte in inner) and len(inner) % 2 == 0
    return digits and bool(inner) and send.removesuffix(b"\r\n") == framing.start + inner + framing.end


def _link_problems(message: Message, description: Description) -> Iterator[Problem]:
    reads = [request.name for request in description.requests.values() if request.safety == "read"]
    if message.request is not None and message.request not in reads:
        words = f"no read request is called {message.request!r}{suggestion(message.request, reads)}"
        yield Problem(("request",), words)
    if message.by_request and message.request is None:
        yield Problem(("by_request",), "needs the `request` that tells it from others")
    seen, then = {message.name}, message.then
    while then is not None:
        if then not in description.messages:
            yield Problem(("then",), f"no message is called {then!r}{suggestion(then, description.messages)}")
            return
        if then in seen:
            yield Problem(("then",), f"{then!r} leads back to {message.name!r}")
            return
        seen.add(then)
        then = description.messages[then].then
    if message.xor_key and description.framing.xor_key_at is None:
        yield Problem(("xor_key",), "needs `framing.xor`")


def _size_problems(message: Message, framing: Framing) -> Iterator[Problem]:
    characters = framing.on_air(message.size)
    if characters > framing.limit:
        yield Problem(("size",), f"a frame of {characters} characters is longer than framing.limit, {framing.limit}")
    if framing.cut in ("length", "size") and not (framing.start or message.prefix or message.checksum):
        yield Problem(("when",), "nothing tells where this message begins: `cut` must be pause")
    yield from _checksum_problems(message, framing)
    length = framing.length
    if length is None:
        return
    kind = NUMBERS[length.type]
    begin, end = check_bytes(message)
    if length.at + kind.width > message.size or begin - kind.width < length.at < end:
        yield Problem(("size",), "no room for framing.length")
    if length.plus is None:
        if characters > kind.high:
            yield Problem(("size",), f"{characters} characters cannot be said in framing.length, a {length.type}")
        return
    number, rest = divmod(characters - length.plus, length.times)
    if rest or not 0 <= number <= (0xFFF if length.lenid else kind.high):
        yield Problem(("size",), f"a frame of {characters} bytes cannot be said in framing.length")


def _checksum_problems(message: Message, framing: Framing) -> Iterator[Problem]:
    rule = message.checksum
    if rule is None:
        return
    if rule.part and rule.width >= ALGORITHMS[rule.algorithm].width:
        yield Problem(("checksum",), f"{rule.algorithm} has no part {rule.part}")
    if framing.escape and rule.over not in ("bytes", "masked"):
        yield Problem(("checksum",), "is taken over `bytes` or `masked` where `framing.escape` is")
    if rule.over == "masked" and framing.xor_key_at is None and not framing.xor_key:
        yield Problem(("checksum",), "a checksum over `masked` bytes needs `framing.xor`")


def _twins(description: Description) -> Iterator[Problem]:
    """Two messages of one size must begin differently, or the second would never be recognised."""
    messages = list(description.messages.values())
    for number, message in enumerate(messages):
        for other in messages[:number]:
            shared = dict(other.when)
            if message.by_request and other.by_request and message.request != other.request:
                continue
            if other.size == message.size and all(shared.get(at, value) == value for at, value in message.when):
                yield Problem(("messages", message.name, "when"), f"cannot be told from message {other.name!r}")


def _judgeable(description: Description, check: str) -> set[str]:
    """Return the names of the values that a rule may be about: single numbers, for ``range`` temperatures too."""
    fields = [field for message in description.messages.values() for field in message.fields]
    present = {field.name for field in fields}
    names = present - {field.name for field in fields if field.type not in ALL_NUMBERS or field.count > 1}
    names -= {*SEVERAL, TIME_TO_GO}
    if "cell_voltages" in set(map(list_of, present)):
        names.add("pack_voltage")
    if {"remaining_capacity", "full_charge_capacity"} <= present:
        names.add("soc")
    if check == "one-direction":
        names &= {field.name for field in fields if field.minus is not None}
    return names | ({"temperatures"} & set(map(list_of, present)) if check == "range" else set())
