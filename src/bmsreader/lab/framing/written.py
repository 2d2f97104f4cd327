"""Batteries that write: whether it is JSON or lines of values, and where one answer ends."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bmsreader.lab.evidence import Frame
from bmsreader.lab.framing.bursts import Burst
from bmsreader.lab.framing.columns import Said, TakenApart, leaves_of, stuck
from bmsreader.lab.framing.markers import SIGNS
from bmsreader.protocol.assembler import Cutter
from bmsreader.protocol.braces import Braces
from bmsreader.protocol.description import Framing
from bmsreader.protocol.lines import Lines
from bmsreader.protocol.spoken import parted
from bmsreader.protocol.texts import Tree, Unreadable, json_tree, line_tree

TEXT = 0.9
"""Share of the bytes that are text."""
WHOLE = 0.5
"""Share of the bytes that must lie in whole answers."""
ENDS = (b"\r\n", b"\n\r", b"\n", b"\r")
SIGN_ENDS = tuple(bytes([sign]) for sign in b"\x03\x04;#!>)]}|~$")
"""Signs that may end an answer where no line ends; the first are control characters that are made for it."""
OPENING = (b"\x01", b"\x02")
"""Control characters that are made to begin one."""
PARTING = " ,;\t|/&#!_\n\r"
"""Signs that may part values."""
PAIRING = ":=>@~\t "
"""Signs that may stand between a key and its value."""
CHARACTERS = bytes((*b"\x02\x03\t\r\n", *range(32, 127), *range(128, 256)))
LOOKED_AT = 40
"""Lines from which the signs are learnt."""
NUMBERS, SHARE = 3, 0.5
"""Numbers that a line must have at least, and their share of its values, in at least every other line."""
_CHECKED = re.compile(rb"[*^#~!|]([0-9A-Fa-f]{2}){1,2}$")
"""The check value of a line, as NMEA 0183 has it."""
_WORD = re.compile(r"(?:[0-9A-F]{4}|[0-9a-f]{4}){1,2}")
_LAST_WORD = re.compile(rb"\x03$|[A-Za-z]\w{2,13}[\t :=*]?$")
"""What stands before a check value that is no text."""
_ITEM, _DECIMAL_COMMA = re.compile(rb"[\d,]+"), re.compile(rb"\d{1,6},\d{1,3}")
_QUOTES = " \"'"
SEALED, FEW = 16, 6
LIMIT = 65536
LONGEST_MARK = 8
ALIKE = 0.85
"""Share of the answers that begin alike."""
UNITS = frozenset(
    ("", "v", "a", "w", "c", "f", "%", "°c", "°f", "ah", "mah", "wh", "kwh", "mv", "ma", "k", "s", "h", "hz")
)
"""What may stand behind a number without making it a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How a battery writes, and its answers."""

    framing: Framing
    frames: tuple[Frame, ...]
    said: tuple[Said, ...]
    """What each answer says."""
    broken: tuple[Frame, ...]
    covered: float
    """Share of all bytes in answers."""


def writing_in(bursts: Sequence[Burst], handle: int | None = None) -> Writing | None:
    """Return how a battery writes; None for one that sends bytes, or text that is no numbers."""
    everything = b"".join(burst.data for burst in bursts)
    sealed = _sealed(everything, bursts) or _sealed_ahead(everything)
    if not sealed and (not everything or _readable(everything) < TEXT * len(everything)):
        return None
    for framing in [sealed] if sealed else _framings(everything, bursts):
        found = _cut(bursts, framing, handle)
        if found and found.covered >= WHOLE:
            return found
    return None


def _readable(data: bytes) -> int:
    """Return how many bytes are text; of hex digits without anything between them none."""
    return 0 if b"\0" in data else len(data) - len(data.translate(None, CHARACTERS))


def _sealed(everything: bytes, bursts: Sequence[Burst]) -> Framing | None:
    """Return the framing of text that ends with a word and a check value in bytes behind it, which is no text."""
    for behind in (1, 2):
        sent = [burst.data for burst in bursts if len(burst.data) > SEALED + behind]
        if len(sent) < FEW:
            return None
        values = Counter(data[-behind:] for data in sent)
        plain = sum(count for value, count in values.items() if value.isalnum() or value in ENDS)
        words = Counter(found[0] for data in sent if (found := _LAST_WORD.search(data[:-behind][-SEALED:])))
        word, often = words.most_common(1)[0] if words else (b"", 0)
        if len(values) < FEW or plain > ALIKE * len(sent) or often < ALIKE * len(sent):
            continue
        texts = re.split(re.escape(word) + b"[\\s\\S]{%d}" % behind, everything)
        whole = b"".join(texts)
        framing = _learnt([text for text in texts if text.strip()][:LOOKED_AT], end=word, behind=behind)
        if framing and _readable(whole) >= TEXT * len(whole):
            return framing
    return None


def _sealed_ahead(everything: bytes) -> Framing | None:
    """Return the framing of lines of text before whose end a check value stands in bytes, which is no text."""
    for end in ENDS:
        lines = [line for line in everything.split(end) if len(line) > SEALED]
        for ahead in (2, 1) if len(lines) >= FEW else ():
            texts = [line[:-ahead] for line in lines]
            checks = [line[-ahead:].strip(b"\r\n") for line in lines]  # CR before LF is no check value
            values = set(checks)
            strange = sum(not (check.isascii() and check.decode().isprintable()) for check in checks)
            plain = sum(text.isascii() and text.decode().isprintable() for text in texts)
            if len(values) < FEW or 2 * strange < len(lines) or plain < ALIKE * len(lines):
                continue
            framing = _learnt([text for text in texts if text.isascii()][:LOOKED_AT], end=end)
            if framing:
                return replace(framing, ahead=ahead)
    return None


def _framings(everything: bytes, bursts: Sequence[Burst]) -> Iterator[Framing]:
    """Yield the ways in which answers may be written and end, the most telling first."""
    lists = sum(burst.data.lstrip().startswith(b"[") for burst in bursts)
    for start in (b"[", b"{") if 2 * lists > len(bursts) else (b"{", b"["):
        if start in everything:
            yield Framing(encoding="json", limit=LIMIT, start=start)
    yield from _lines(everything, bursts)
    yield from _without_end(bursts)


def _lines(everything: bytes, bursts: Sequence[Burst]) -> Iterator[Framing]:
    for end in (*ENDS, *SIGN_ENDS):
        lines = [line for line in everything.split(end) if line.strip()]
        if everything.count(end) < max(2, len(bursts) // 4) or not lines:
            continue
        lines = lines[len(lines) // 4 :][:LOOKED_AT]  # the first one may be cut off
        if all(map(_CHECKED.search, lines)):
            lines = [_CHECKED.sub(b"", line) for line in lines]
        found = _learnt(lines, end=end)
        if found:
            yield found


def _without_end(bursts: Sequence[Burst]) -> Iterator[Framing]:
    """Yield the framing of answers of which only the beginning is marked: by a word, as the first of several lines."""
    answers = [burst.data.strip() for burst in bursts][:LOOKED_AT]
    start = _undisputed_start(answers)
    found = _learnt([answer.removeprefix(start) for answer in answers], start=start) if start else None
    if found:
        yield found


def _undisputed_start(answers: Sequence[bytes]) -> bytes:
    """Return the word that answers begin with and that stands nowhere else in them."""
    most = Counter(answer[:LONGEST_MARK] for answer in answers).most_common(1)[0][0]
    for length in range(len(most), 0, -1):
        start = most[:length]
        if any(byte in b"0123456789.+-" for byte in start) or not start.strip():
            continue
        alike = [answer for answer in answers if answer.startswith(start) and answer.count(start) == 1]
        if len(alike) >= ALIKE * len(answers) and len(answers) > 1:
            return start
    return b""


def _learnt(lines: Sequence[bytes], *, start: bytes = b"", end: bytes = b"", behind: int = 0) -> Framing | None:
    """Return the framing of lines: how they part values; None where they hold hardly any numbers."""
    opening, lines = (start, lines) if start else _opened(lines)
    point = _point(lines)
    lines = [line.replace(b",", b".") for line in lines] if point else lines
    signs = _signs(lines, b"" if behind else end)  # a word at the end may hold what parts values
    if signs is None:
        return None
    if end and not opening and not behind:
        opening = _common_sign([line for line in lines if _numbers(line, *signs)], signs)
    return Framing(
        encoding="text",
        limit=LIMIT,
        start=opening,
        end=end,
        behind=behind,
        separators=signs[0],
        pair=signs[1],
        point=point,
    )


def _point(lines: Sequence[bytes]) -> str:
    """Return the comma where it stands in numbers as a point does: one in at least every other, and nowhere else."""
    items = [item for line in lines for item in _ITEM.findall(line)]
    commas = [item for item in items if b"," in item]
    good = sum(_DECIMAL_COMMA.fullmatch(item) is not None for item in commas)
    told = good >= max(2 * len(lines), len(items) // 2, ALIKE * len(commas))  # some lost their middle
    return "," if told and not any(b"." in line for line in lines) else ""


def _opened(lines: Sequence[bytes]) -> tuple[bytes, Sequence[bytes]]:
    """Return the control character that lines begin with, and the lines without it."""
    for sign in OPENING:
        opened = [line[1:] for line in lines if line.startswith(sign)]
        if len(opened) >= ALIKE * len(lines):  # the others lost their beginning
            return sign, opened
    return b"", lines


def _common_sign(lines: Sequence[bytes], signs: tuple[str, str]) -> bytes:
    """Return the sign with which every line begins, if there is one that parts nothing."""
    first = {line[:1] for line in lines}
    sign = first.pop() if len(first) == 1 else b""
    inside = any(sign in line[1:] for line in lines) if sign else True
    return sign if sign in SIGNS and sign.decode() not in signs[0] + signs[1] and not inside else b""


def _signs(lines: Sequence[bytes], end: bytes) -> tuple[str, str] | None:
    """Return the signs that part values and keys from values, so that the most numbers come out."""
    usual = Counter(character for line in lines for character in set(line.decode("latin-1")))
    there = [c for c in PARTING if usual[c] >= max(2, len(lines) // 4) and c.encode() not in end]
    pairs = ["", *(c for c in PAIRING if usual[c] >= max(2, len(lines) // 4) and c.encode() not in end)]
    best: tuple[float, tuple[str, str]] | None = None
    for many in (1, 2, 3):
        for parting in combinations(there, many):
            for pair in pairs:
                signs = "".join(parting), pair
                merits = [_merit(line, *signs) for line in lines]
                good = sum(merit > 0 for merit in merits)
                score = sum(merits) - 0.6 * many * len(lines)
                if 2 * good >= len(lines) and (best is None or score > best[0]):
                    best = score, signs
    return best[1] if best else None


def _merit(line: bytes, separators: str, pair: str) -> float:
    """Return how many numbers come out of a line, words that are none counting against it; 0 for too few."""
    tree = line_tree(line, separators, pair)
    if isinstance(tree, Unreadable) or not isinstance(tree, dict):
        return 0.0
    values = [value for _, value in leaves_of(tree) if any(map(str.isalnum, str(value)))]
    numbers = sum(map(_is_number, values))
    keys = sum(bool(key) for key in tree)
    if numbers < NUMBERS or numbers < SHARE * len(values):
        return 0.0
    worded = sum(any(c.isdigit() for c in key) and not any(c.isalpha() for c in key) for key in tree)
    return numbers - 1.5 * (len(values) - numbers) + 0.5 * keys - worded


def _numbers(line: bytes, separators: str, pair: str) -> bool:
    return _merit(line, separators, pair) > 0


def _is_number(value: object) -> bool:
    """Return whether a value is a number, with a unit perhaps; of hex digits only those of a whole word are."""
    if isinstance(value, str) and _WORD.fullmatch(value.removeprefix("0x")):
        return True
    found = stuck(value)
    if found is None or found[2].strip(_QUOTES).lower() not in UNITS:
        return False
    word = found[0].strip(_QUOTES).lower()
    return not word or "." in found[1] or not set(word) <= set("abcdef0x")


def _cut(bursts: Sequence[Burst], framing: Framing, handle: int | None) -> Writing | None:
    frames: list[Frame] = []
    said: list[Said] = []
    broken: list[Frame] = []
    apart = TakenApart()
    for at, request, item in _items(bursts, framing):
        tree = tree_of(item, framing)
        frame = Frame(at=at, request=request, data=item, handle=handle)
        if isinstance(tree, Unreadable):
            broken.append(frame)
        else:
            frames.append(frame)
            said.append(apart.said(tree))
    if not frames:
        return None
    whole = sum(len(frame.data) for frame in frames)
    everything = sum(len(burst.data) for burst in bursts)
    return Writing(
        framing=framing, frames=tuple(frames), said=tuple(said), broken=tuple(broken), covered=whole / everything
    )


def tree_of(data: bytes, framing: Framing) -> Tree | Unreadable:
    """Return what an answer says."""
    if framing.encoding == "json":
        tree = json_tree(data)
        return tree if isinstance(tree, (dict, Unreadable)) else Unreadable("no object")
    body, _ = parted(data, framing)
    return line_tree(body.strip(b"\r\n\0"), framing.separators, framing.pair, framing.point)


def _items(bursts: Sequence[Burst], framing: Framing) -> Iterator[tuple[float, bytes | None, bytes]]:
    """Yield when each answer began, the request that it came to, and the answer; pieces are left out."""
    cutter: Cutter = Braces(framing) if framing.encoding == "json" else Lines(framing)
    begun: float = 0.0
    asked: bytes | None = None
    for burst in bursts:
        if burst.requests or (framing.encoding == "text" and not framing.end):
            yield from ((begun, asked, item) for item in cutter.flush() if isinstance(item, bytes))
        requests = list(burst.requests)
        for at, chunk in zip(burst.times, burst.chunks, strict=True):
            for piece in _pieces(chunk, framing.end):
                if not cutter.pending:
                    begun, asked = at, requests[0] if requests else None
                for item in cutter.feed(piece):
                    if isinstance(item, bytes):
                        yield begun, asked, item
                        requests = requests[1:] or requests
                        begun, asked = at, requests[0] if requests else None
    yield from ((begun, asked, item) for item in cutter.flush() if isinstance(item, bytes))


def _pieces(chunk: bytes, end: bytes) -> Iterable[bytes]:
    """Return a notification in pieces that end where an answer may end."""
    if not end or end not in chunk[: -len(end)]:
        return (chunk,)
    parts = chunk.split(end)
    return [*(part + end for part in parts[:-1]), *([parts[-1]] if parts[-1] else [])]
