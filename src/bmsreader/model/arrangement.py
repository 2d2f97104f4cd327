"""How packs are wired to a bank: ``series(parallel(a, b), parallel(c, d))``, nested to any depth.

Names may be written in quotes; those with a comma or a bracket have to be. Everything here is a flat list, in which the
parts of a joint stand before it, so that no depth of nesting is too much.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Any

from bmsreader.model.errors import ConfigurationError

SERIES, PARALLEL = "series", "parallel"
WORDS = (SERIES, PARALLEL)

ADVICE = "Write it like series(parallel(left, right), parallel(third, fourth)), with the names of your batteries."


@dataclass(frozen=True, slots=True)
class Joint:
    """Packs, or groups of them, that are wired together."""

    series: bool
    """In series, else in parallel."""
    parts: tuple[int, ...]
    """Numbers of what is wired, two at least: below the number of packs a pack, else a joint; the first joint follows
    the packs."""
    of: Callable[[Sequence[Any]], tuple[Any, ...]] = field(init=False, repr=False, compare=False)
    """Takes the parts out of a list that has something of each pack and joint."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", itemgetter(*self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How the packs of a bank are wired. The last joint is the bank itself."""

    packs: tuple[str, ...]
    """Slugs, in the order of writing."""
    joints: tuple[Joint, ...]
    """From the inside to the outside."""

    def __str__(self) -> str:
        """Return it as it is written, with slugs."""
        texts = [*self.packs]
        for joint in self.joints:
            parts = ", ".join(texts[part] for part in joint.parts)
            texts.append(f"{SERIES if joint.series else PARALLEL}({parts})")
        return texts[-1]


def parse_arrangement(text: str, known: Mapping[str, str]) -> Arrangement:
    """Return what the text describes; ``known`` has the slug of each battery under its name and under its slug.

    Raise ConfigurationError, which names the character at which something is wrong and the nearest known name.
    """
    return _Parser(
        known={name.casefold(): slug for name, slug in known.items()},
        names=tuple(name for name, slug in known.items() if name != slug or [*known.values()].count(slug) == 1),
        tokens=[*_tokens(text)][::-1],
    ).parsed()


def renamed(text: str, names: Collection[str], name: str) -> str:
    """Return the text with another name for one battery; ``names`` are those that it has had, in small letters.

    Raise ConfigurationError for a text in which no names can be told apart.
    """
    tokens = [*_tokens(text)]
    written = name if re.fullmatch(_BARE, name) else f"'{name}'" if '"' in name else f'"{name}"'
    for token, following in reversed([*pairwise(tokens)]):
        if token.kind in ("bare", "quoted") and following.text != "(" and token.text.casefold() in names:
            text = text[: token.at - 1] + written + text[token.end :]
    return text


_BARE = r"""[^(),\s"'][^(),]*"""
_TOKEN = re.compile(r"""\s*(?:(?P<mark>[(),])|(?P<quoted>"[^"]*"|'[^']*')|(?P<bare>""" + _BARE + "))")
FEW = 8
"""So many names are listed where none is near."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """``mark``, ``quoted``, ``bare`` or ``end``."""
    text: str
    at: int
    """Number of its first character, from 1."""
    end: int = 0
    """Number of its last character."""

    def __str__(self) -> str:
        """Return it as it is named in a message."""
        return "nothing more" if self.kind == "end" else repr(self.text)


@dataclass(slots=True)
class _Group:
    """A group that is still open."""

    word: str
    at: int
    parts: list[tuple[bool, int]] = field(default_factory=list)
    """Whether it is a joint, and its number among these or among the packs."""


@dataclass(slots=True, kw_only=True)
class _Parser:
    known: Mapping[str, str]
    """Slugs by names in small letters."""
    names: tuple[str, ...]
    tokens: list[_Token]
    """In reverse: the next one is the last."""
    packs: list[str] = field(default_factory=list)
    joints: list[tuple[bool, list[tuple[bool, int]]]] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)

    def parsed(self) -> Arrangement:
        """Return what the tokens describe."""
        while True:
            while self._opens():
                pass
            self._name()
            while self.groups and self._takes(")"):
                self._close()
            if not self.groups:
                break
            if not self._takes(","):
                raise _wrong(f"a comma or ) is expected, but there is {self._next}", self._next.at)
        if self._next.kind != "end":
            raise _wrong(f"it is complete already, but there is {self._next}", self._next.at)
        count = len(self.packs)
        joints = [Joint(series, tuple(count * up + number for up, number in parts)) for series, parts in self.joints]
        return Arrangement(packs=tuple(self.packs), joints=tuple(joints))

    @property
    def _next(self) -> _Token:
        return self.tokens[-1]

    def _takes(self, mark: str) -> bool:
        """Step over a mark, if that is what comes next."""
        if (self._next.kind, self._next.text) != ("mark", mark):
            return False
        self.tokens.pop()
        return True

    def _opens(self) -> bool:
        """Step over ``series(`` or ``parallel(``, if that is what comes next."""
        word = self._next
        if word.kind != "bare" or self.tokens[-2].kind != "mark" or self.tokens[-2].text != "(":
            return False
        if word.text.casefold() not in WORDS:
            hint = _near(word.text, WORDS) or "; a name with brackets has to stand in quotes"
            raise _wrong(f"{word} is neither series nor parallel{hint}", word.at)
        del self.tokens[-2:]
        self.groups.append(_Group(word.text.casefold(), word.at))
        return True

    def _name(self) -> None:
        """Step over the name of a pack."""
        name = self._next
        if name.kind not in ("bare", "quoted"):
            raise _wrong(f"the name of a battery, series( or parallel( is expected, but there is {name}", name.at)
        if not self.groups:
            raise _wrong(f"{name} alone is no bank: it needs series(...) or parallel(...)", name.at)
        slug = self.known.get(name.text.casefold())
        if slug is None:
            raise _wrong(f"there is no battery {name}{_near(name.text, self.names)}", name.at)
        if slug in self.packs:
            raise _wrong(f"{name} is in it twice: a pack has one place only", name.at)
        self.tokens.pop()
        self.groups[-1].parts.append((False, len(self.packs)))
        self.packs.append(slug)

    def _close(self) -> None:
        group = self.groups.pop()
        if len(group.parts) < 2:
            raise _wrong(f"{group.word} needs two parts at least, with a comma between them", group.at)
        self.joints.append((group.word == SERIES, group.parts))
        if self.groups:
            self.groups[-1].parts.append((True, len(self.joints) - 1))


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            begins = len(text) - len(text[at:].lstrip())
            raise _wrong("a quote begins here and does not end", begins + 1)
        kind = match.lastgroup or ""
        found = match[kind]
        called = found[1:-1] if kind == "quoted" else found
        start = match.start(kind)
        yield _Token(kind, " ".join(called.split()), start + 1, start + len(found.rstrip()))
        at = match.end()
    yield _Token("end", "", len(text) + 1)


def _near(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" where a known word is near, or the known words where they are few."""
    import difflib  # only an error needs it

    words = [*known]
    folded = {one.casefold(): one for one in words}
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    if near:
        return f"; did you mean {folded[near[0]]!r}?"
    if len(words) > FEW or known is WORDS:
        return ""
    return f"; known: {', '.join(words)}" if words else ""


def _wrong(words: str, at: int) -> ConfigurationError:
    return ConfigurationError(f"character {at}: {words}", advice=ADVICE)
