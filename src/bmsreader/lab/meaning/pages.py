"""Put the cells of a pack together where several answers carry them: pages of a few cells, or one answer per cell."""

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bmsreader.lab.evidence import Finding
from bmsreader.lab.meaning.cellblock import FEWEST, Cells, numbers
from bmsreader.lab.meaning.cellproof import HIGH, LOW, UNUSED
from bmsreader.lab.meaning.cells import MOST, TYPES, UNDECIDED
from bmsreader.lab.meaning.series import NEAR, Series, Word

ALIKE = 0.3
"""Share of a cell by which the sum of the cells may be off from the pack voltage: their number is right then."""
CLOSE = 0.003
"""V for each cell by which it may be off when it proves more: cells move between two answers."""
APART = 400
"""mV that a cell of another page may be away from those of the first."""
SOON = 0.6
"""Part of the way round from one page to another that the way back takes, where pages are heard backwards."""
SAME = 0.0012
"""V that two blocks differ by at most, on average, which are the same cells sent twice."""
PAGED = 12.0
"""Bits of cells that are so few in each answer that only their sum tells them."""

Page = tuple[int, Finding[Cells]]
"""Which answer, and the cells in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of answer and the block of cells that was found in it alone."""

    series: Series
    found: Finding[Cells] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A pack voltage that was typed, or that a word says."""

    volts: float
    at: float | None = None
    """When, s; None for the mean of the whole capture."""


def pack_of(sources: Sequence[Source], known: Sequence[Known]) -> list[Page]:
    """Return the blocks that are the cells of the pack, in their order."""
    own = [(number, source.found) for number, source in enumerate(sources) if source.found]
    best = max(own, key=lambda page: page[1].bits, default=None)
    if best and (not known or _fits(sources, [best], known)):
        return _several_packs(sources, own, best, known) if known else _numbered(sources, own, best)
    fitting = [
        (_in_order(sources, part)[0], part is pages)
        for several in sorted(_candidates(sources, own), key=lambda one: -_merit(one))
        for pages in _of_one_pack(sources, several)
        for part in (pages, pages[1:], pages[:-1])
        if len(part) > 1 and _fits(sources, part, known)
    ]
    if fitting:
        proofs = [_proof(sources, pages, known) for pages, _ in fitting]
        best_ones = [one for one, proof in zip(fitting, proofs, strict=True) if proof == max(proofs)]
        pages, whole = best_ones[0]
        sole = all(_same_bytes(pages, others) for others, _ in best_ones)
        return _weighed(sources, pages, known, whole=whole and sole)
    return [_unproved(best)] if best else []


def _same_bytes(pages: Sequence[Page], others: Sequence[Page]) -> bool:
    return {(n, finding.value) for n, finding in pages} == {(n, finding.value) for n, finding in others}


def _of_one_pack(sources: Sequence[Source], pages: Sequence[Page]) -> Iterator[list[Page]]:
    """Yield pages, and those that have a byte of their head in common: it may tell one pack from another."""
    yield [*pages]
    heads = [_head(sources[number].series, finding.value) for number, finding in pages]
    for bytes_ in zip(*heads, strict=False):
        for byte, often in Counter(bytes_).items():
            if 1 < often < len(pages):
                yield [page for page, other in zip(pages, bytes_, strict=True) if other == byte]


def _merit(pages: Sequence[Page]) -> float:
    return sum(finding.bits for _, finding in pages)


def _unproved(page: Page) -> Page:
    """Return a page that nobody can be sure of."""
    number, finding = page
    return number, replace(finding, bits=min(finding.bits, UNDECIDED + min(finding.bits, 900.0) / 1000))


def _weighed(sources: Sequence[Source], pages: Sequence[Page], known: Sequence[Known], *, whole: bool) -> list[Page]:
    """Return pages with what their sum proves: sure only when it is close at several voltages and they are numbered."""
    in_turn, close = _proof(sources, pages, known)
    proved = whole and close == len(known) and len({one.volts for one in known}) > 1
    why = f"with those of {len(pages) - 1} other answers their sum is the pack voltage"
    found: list[Page] = []
    for number, finding in pages:
        bits = max(finding.bits, PAGED) + (12.0 if proved else 0.0)
        page = number, replace(finding, bits=bits, why=f"{finding.why}; {why}", rivals=())
        found.append(page if proved and in_turn else _unproved(page))
    return found


def _proof(sources: Sequence[Source], pages: Sequence[Page], known: Sequence[Known]) -> tuple[bool, int]:
    """Return whether pages are numbered, and to how many of the known pack voltages their sum is close."""
    close = sum(abs(_total(sources, pages, one.at) - one.volts) <= _slack(pages) for one in known)
    return _in_order(sources, pages)[1], close


def _slack(pages: Sequence[Page]) -> float:
    return 0.03 + CLOSE * sum(finding.value.count for _, finding in pages)


def _several_packs(sources: Sequence[Source], own: Sequence[Page], best: Page, known: Sequence[Known]) -> list[Page]:
    """Return the best block, and those of other packs that answer in the same form and have the same voltage.

    Where blocks in another form have this sum as well, nobody can be sure which of them is the cells.
    """
    others = [page for page in own if page[0] != best[0] and _fits(sources, [page], known)]
    others = [page for page in others if not _same(sources, best, page)]
    alike = [page for page in others if _form(sources, page) == _form(sources, best)]
    if alike and any(one.at is None for one in known):  # else the sum of all would pass for the pack voltage
        return [_unproved(page) for page in _in_order(sources, [best, *alike])[0]]
    return [_unproved(best) if others else best]


def _same(sources: Sequence[Source], one: Page, other: Page) -> bool:
    """Return whether two blocks are the same cells, sent in two answers."""
    means = [_means(sources[number].series, finding.value) for number, finding in (one, other)]
    return len(means[0]) == len(means[1]) and all(abs(a - b) <= SAME for a, b in zip(*means, strict=True))


def _means(series: Series, cells: Cells) -> list[float]:
    rows = [cells.volts(payload) for payload in series.payloads]
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def _form(sources: Sequence[Source], page: Page) -> tuple[object, ...]:
    cells = page[1].value
    return *_place(cells), cells.count, sources[page[0]].series.size


def _numbered(sources: Sequence[Source], own: Sequence[Page], best: Page) -> list[Page]:
    """Return the pages that are counted up, when no pack voltage is known: likely, not sure."""
    for pages in sorted(_found_forms(sources, own), key=lambda one: -_merit(one)):
        full = max(finding.value.count for _, finding in pages)
        whole = all(finding.value.count == full for _, finding in pages[:-1])
        if len(pages) > 1 and whole and _in_order(sources, pages)[1]:
            return [_unproved(page) for page in pages]
    return [best]


# ---- which answers are pages


def _found_forms(sources: Sequence[Source], own: Sequence[Page]) -> Iterator[list[Page]]:
    """Yield the pages in the form of each block that was found."""
    forms = {(*_place(finding.value), sources[number].series.size): finding.value for number, finding in own}
    for (*_, size), cells in forms.items():
        yield _in_order(sources, _pages(sources, cells, size))[0]


def _candidates(sources: Sequence[Source], own: Sequence[Page]) -> Iterator[list[Page]]:
    """Yield the pages that may make up a pack: those in the form of a block that was found, or any words alike."""
    yield from _found_forms(sources, own)
    sizes = Counter(source.series.size for source in sources)
    for size in (size for size, often in sizes.items() if often > 1):
        for kind in TYPES:
            for at in range(size - 1):
                pages = _pages(sources, Cells(word=Word(at=at, type=kind), count=min(MOST, (size - at) // 2)), size)
                if len(pages) > 1 and sum(page[1].value.count for page in pages) >= FEWEST:
                    yield _in_order(sources, pages)[0]


def _pages(sources: Sequence[Source], cells: Cells, size: int) -> list[Page]:
    """Return the answers that have cells at the place of a block; the last ones may have fewer of them."""
    found: list[tuple[Page, float]] = []
    sized = [source for source in sources if source.series.size == size]
    alike = [one.found.value.count for one in sized if one.found and _place(one.found.value) == _place(cells)]
    cells = replace(cells, count=max([cells.count, *alike]))
    for number, source in enumerate(sources):
        if source.series.size != size:
            continue
        own = source.found if source.found and _place(source.found.value) == _place(cells) else None
        count = max(_leading(source.series, cells), own.value.count if own else 0)
        if not count:
            continue
        page = replace(cells, count=count)
        why = own.why if own else f"{count} word{'s' if count > 1 else ''} like the cells of other answers"
        finding = Finding(value=page, bits=own.bits if own else 0.0, why=why)
        same = own if own and own.value == page else finding
        found.append(((number, same), _middle(source.series, page)))
    full = [middle for page, middle in found if page[1].bits > 0] or [middle for _, middle in found]
    usual = sorted(full)[len(full) // 2] if full else 0.0
    return [page for page, middle in found if abs(middle - usual) <= APART]


def _place(cells: Cells) -> tuple[Word, int, float, float]:
    return cells.word, cells.step, cells.unit, cells.base


def _middle(series: Series, cells: Cells) -> float:
    """Return the mean of the cells, mV."""
    means = _means(series, cells)
    return 1000 * sum(means) / len(means)


def _leading(series: Series, cells: Cells) -> int:
    """Return how many cells an answer has at the place of a block; 0 where what follows them is no unused place."""
    count, first = 0, 0.0
    words = [word for word in cells.words[:MOST] if word.offsets.stop <= series.size]
    for word in words:
        values = [value * cells.unit + cells.base for value in numbers(series, word)]
        middle = sum(values) / len(values)
        free = series.fixed.isdisjoint(word.offsets)
        if not free or not all(LOW <= value <= HIGH for value in values) or (count and abs(middle - first) > APART):
            break
        first, count = first or middle, count + 1
    behind = {value for word in words[count:] for value in series.values(word)}
    return count if count and behind <= set(UNUSED) else 0


# ---- their order and their sum


def _in_order(sources: Sequence[Source], pages: Sequence[Page]) -> tuple[list[Page], bool]:
    """Return pages by the number that their heads or their requests carry, and whether it counts them evenly.

    Numbers that are always heard from the highest to the lowest count the cells down.
    """
    heads = [_head(sources[number].series, finding.value) for number, finding in pages]
    asked = [sources[number].series.request or b"" for number, _ in pages]
    best: list[Page] | None = None
    for texts in (heads, asked):
        if len(set(map(len, texts))) != 1:
            continue
        for width in (1, 2):
            for at in range(len(texts[0]) - width + 1):
                turns = [int.from_bytes(text[at : at + width]) for text in texts]
                if len(set(turns)) < len(turns):
                    continue
                ordered = [page for _, page in sorted(zip(turns, pages, strict=True), key=lambda pair: pair[0])]
                best = best or ordered
                turns.sort()
                if len({b - a for a, b in itertools.pairwise(turns)}) == 1:
                    heard = [sources[page[0]].series.times for page in ordered]
                    down = all(_pause(b, a) < SOON * _pause(a, b) for a, b in itertools.pairwise(heard))
                    return (ordered[::-1] if down else ordered), True
    return best or [*pages], False


def _pause(times: Sequence[float], others: Sequence[float]) -> float:
    """Return how long it usually takes from one answer to the next one of another kind, s."""
    following = [bisect_right(others, at) for at in times]
    pauses = [others[next_] - at for at, next_ in zip(times, following, strict=True) if next_ < len(others)]
    return median(pauses) if pauses else 0.0


def _head(series: Series, cells: Cells) -> bytes:
    """Return what stands before the cells and never moves; what moves is left out as 0."""
    columns = zip(*(payload[: cells.word.at] for payload in series.payloads), strict=True)
    return bytes(column[0] if len(set(column)) == 1 else 0 for column in columns)


def _total(sources: Sequence[Source], pages: Sequence[Page], at: float | None) -> float:
    """Return the sum of the cells of pages around a moment, or on average."""
    total = 0.0
    for number, finding in pages:
        series = sources[number].series
        near = range(len(series.payloads)) if at is None else series.near(at, NEAR)
        total += sum(sum(finding.value.volts(series.payloads[index])) for index in near) / len(near)
    return total


def _fits(sources: Sequence[Source], pages: Sequence[Page], known: Sequence[Known]) -> bool:
    """Return whether cells are as many as the known pack voltages tell: at nearly every moment their sum is near."""
    count = sum(finding.value.count for _, finding in pages)
    good = 0
    for one in known:
        total = _total(sources, pages, one.at)
        good += abs(total - one.volts) <= max(0.06, ALIKE * total / count)
    return bool(known) and good >= 0.75 * len(known)
