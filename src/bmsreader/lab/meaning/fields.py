"""Give the bytes of one kind of answer their meaning: cells first, since they decide the byte order, then the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import log2

from bmsreader.lab.evidence import SURE, Finding
from bmsreader.lab.labels import Label
from bmsreader.lab.meaning import orders, relations, thermometers
from bmsreader.lab.meaning.cellblock import FEWEST, Cells
from bmsreader.lab.meaning.cells import find_cells
from bmsreader.lab.meaning.currents import find_currents
from bmsreader.lab.meaning.degrees import Shown
from bmsreader.lab.meaning.flow import STRANGER, Flow, flowed, following, restless, torn, twins, with_flow
from bmsreader.lab.meaning.scalars import Match, Place, Table, matches
from bmsreader.lab.meaning.series import Series, Word
from bmsreader.lab.meaning.wider import with_sign
from bmsreader.protocol import vocabulary

LABELLED = ("soc", "remaining_capacity", "full_charge_capacity", "design_capacity", "cycle_count", "health")
FLOWING = ("soc", "remaining_capacity")
"""What rises and falls with the charge that flows."""
AT_SIGHT = 8.0
"""Bits from which a temperature that nobody typed is believed."""
FEW, GUESSED = 2, 0.5
"""Places that agree with a value that never moved, at most, and the bits that such a guess is given."""
DOUBTED = 19.0
"""Bits at most of what contradicts something typed, or jumps to and fro: not sure."""
WIDE = ("pack_voltage", "current")
"""What hardly any battery says in one byte: whole volts or amperes agree with much else."""
SUMMED = "pack voltage: no word carries it; what was typed is the sum of the cells"
NOWHERE_SEEN = (
    "nothing shows all that was typed: it is sent in a way that is not known here, or typed too late or wrong"
)
LEAST_BITS = 3.0
"""A finding with less is not worth telling."""


@dataclass(slots=True, kw_only=True)
class Meaning:
    """What is known of the bytes of one kind of answer."""

    fields: list[Finding[Place]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is known besides: that the pack voltage is the sum of the cells."""
    questions: list[str] = field(default_factory=list)
    """What the capture leaves open, and which label would decide it."""
    cells: Finding[Cells] | None = None
    """The block of cells, which is among the fields as well."""
    shown: dict[str, frozenset[Shown]] = field(default_factory=dict)
    """The typed temperatures that each group of sensors shows."""
    taken: frozenset[int] = frozenset()
    little: bool | None = None
    """Byte order; None while nothing tells."""

    def find(self, name: str) -> Finding[Place] | None:
        """Return what was found of a value."""
        return next((finding for finding in self.fields if finding.value.name == name), None)

    def put(self, finding: Finding[Place], *, ordered: bool = True) -> None:
        """Take a finding: its bytes are no longer free; ``ordered``: it tells the byte order."""
        self.fields.append(finding)
        self.taken |= finding.value.offsets
        if self.little is None and finding.value.word.width > 1 and ordered:
            self.little = finding.value.word.little


def find_fields(
    series: Series,
    labels: Sequence[Label] = (),
    *,
    cells: Finding[Cells] | bool = True,
    little: bool | None = None,
    flow: Flow | None = None,
) -> Meaning:
    """Return the meaning of the bytes of one kind of answer, as far as the answers and the labels tell it.

    With ``cells`` given they are these; with False there are none, because another answer has them. ``little`` is
    the byte order of others, ``flow`` what flowed as another answer tells it.
    """
    meaning = Meaning(taken=series.fixed, little=little)
    if not series.payloads or series.size < 1:
        return meaning
    series = series.thinned(label.at for label in labels)
    table = Table(series, labels)
    found = find_cells(series, labels) if cells is True else cells or None
    volts = _cells(series, found, meaning) if found else []
    _pack_voltage(table, meaning, volts)
    _current(table, meaning, [sum(one) for one in volts])
    for finding in meaning.fields:
        if finding.sure:
            table.settle(finding.value.word.type)
    current = meaning.find("current")
    charge = flow.at(series.times) if flow else []
    charge = flowed(series.times, current.value.values(series)) if current else charge
    _charge(table, meaning, charge)
    for name in LABELLED:
        if meaning.find(name) is None:
            _labelled(table, meaning, name, charge if name in FLOWING else ())
    _share(table, meaning, charge)
    _supported(table, meaning)
    _temperatures(table, meaning)
    if meaning.find("current") is None and volts and not table.seen("current"):
        _unlabelled_current(table, meaning, [sum(one) for one in volts])
    meaning.fields.sort(key=lambda finding: finding.value.word.at)
    return meaning


def _cells(series: Series, found: Finding[Cells], meaning: Meaning) -> list[list[float]]:
    meaning.cells = found
    rivals = tuple(Finding(value=cells_place(r.value), bits=r.bits, why=r.why) for r in found.rivals)
    place = cells_place(found.value)
    meaning.put(Finding(value=place, bits=found.bits, why=found.why, rivals=rivals))
    if rivals and rivals[0].bits > found.bits - 4:
        meaning.questions.append("cell voltages can be read in two ways: type one cell, such as cell1=3.312V")
    return [found.value.volts(payload) for payload in series.payloads]


def cells_place(cells: Cells) -> Place:
    """Return a block of cells as a place."""
    step = cells.step if cells.step != cells.word.width else 0
    scale = 1.0 if cells.word.floating else cells.unit / 1000
    return Place(
        name="cell_voltages", word=cells.word, scale=scale, offset=cells.base / 1000, count=cells.count, step=step
    )


def _pack_voltage(table: Table, meaning: Meaning, volts: Sequence[Sequence[float]]) -> None:
    """Take the word that is the sum of the cells, else the one that labels show; else say that it is the sum."""
    coarse = meaning.cells is not None and meaning.cells.value.word.width == 1
    if coarse and table.seen("pack_voltage"):
        _labelled(table, meaning, "pack_voltage")  # a word that says it is finer than the sum
        if meaning.find("pack_voltage") is None:
            meaning.questions.clear()
            meaning.notes.append(SUMMED)
        return
    if volts and len(volts[0]) >= FEWEST:
        sums = [sum(one) for one in volts]
        found = [f for f in relations.sum_of_cells(table, sums, len(volts[0]), meaning.taken) if f.bits > LEAST_BITS]
        if found:
            best = max(found, key=lambda f: (round(f.bits), f.value.word.little == meaning.little))
            bits = best.bits + sum(4.0 for match in _agreeing(table, meaning, best.value))
            others = (f for f in found if not f.value.offsets & best.value.offsets)
            rivals = tuple(f for f in others if not twins(table, best.value, f.value))
            meaning.put(Finding(value=best.value, bits=bits, why=best.why, rivals=rivals[:3]))
            return
        if _shown_by_sum(table, sums):
            meaning.notes.append(SUMMED)
            return
    if table.seen("pack_voltage"):
        _labelled(table, meaning, "pack_voltage")
    elif volts:
        meaning.notes.append("pack voltage: no word is the sum of the cells, so it is taken to be their sum")


def _agreeing(table: Table, meaning: Meaning, place: Place) -> list[Match]:
    return [m for m in matches(table, place.name, meaning.taken, little=meaning.little) if m.place == place][:1]


def _shown_by_sum(table: Table, sums: Sequence[float]) -> bool:
    typed = table.seen("pack_voltage")
    return bool(typed) and all(
        any(abs(sums[i] - seen.value) <= seen.step * 0.55 + 0.005 for i in table.near[label.at])
        for label, seen in typed
    )


def _labelled(table: Table, meaning: Meaning, name: str, flow: Sequence[float] = ()) -> None:
    """Take the best place for what was typed of a value; ``flow`` is the charge that it should follow, if known."""
    found = matches(table, name, meaning.taken, little=meaning.little)
    _take(table, meaning, name, with_flow(table, found, flow))


def _current(table: Table, meaning: Meaning, volts: Sequence[float]) -> None:
    """Take the best place for the typed currents; ``volts`` is the sum of the cells, where they are here."""
    voltage = meaning.find("pack_voltage")
    volts = volts or (voltage.value.values(table.series) if voltage else ())
    found = find_currents(table, meaning.taken, volts, little=meaning.little)
    if found.note:
        meaning.notes.append(found.note)
    _take(table, meaning, "current", found.matches)


def _take(table: Table, meaning: Meaning, name: str, found: Sequence[Match]) -> None:
    """Take the best of the places that show a typed value, with its rivals, and ask where several are as good."""
    if not found:
        if table.seen(name):
            meaning.questions.append(f"{_spoken(name)}: {NOWHERE_SEEN}")
        return
    best = with_sign(table, _preferred(table, found), meaning.taken)
    if best.bits < 0:  # it never moved, say; where hardly anything else agrees it is still the best guess
        meaning.questions.append(f"{_spoken(name)}: what agrees with what was typed may be chance; type more of it")
        if len({match.place.word.offsets.stop for match in found}) > FEW or not _all_shown(best):
            return
        best = replace(best, bits=GUESSED)
    for label, seen in best.missed:
        meaning.questions.append(
            f"{_spoken(name)}: {seen.value:g} typed at {label.at:g} s fits nothing; was it a slip?"
        )
    meaning.questions += [best.doubt] if best.doubt else []
    rivals = _rivals(table, best, found)
    either = meaning.little is None and orders.either(table, best.place, meaning.taken)
    meaning.put(_finding(table, best, rivals, torn=either or torn(best, found)), ordered=not either)
    if rivals and rivals[0].bits >= best.bits - 0.5:
        places = ", ".join(str(one.place.word.at) for one in rivals[:4])
        meaning.questions.append(
            f"{_spoken(name)}: byte {best.place.word.at} is taken, but {places} would do as well; "
            "label a moment at which it is different"
        )


def _preferred(table: Table, found: Sequence[Match]) -> Match:
    """Return the best match; among those that are as good, one that moves, with the voltage, in the usual form."""
    top = [match for match in found if match.bits >= found[0].bits - 0.5]

    def merit(match: Match) -> tuple[bool, float, int, int, float]:
        alike = orders.alike(table, match.place, [one.place for one in top])
        return (len(set(table.raws(match.place))) > 1, round(match.moves, 1), alike, -match.rank, match.bits)

    return max(top, key=merit)


def _all_shown(match: Match) -> bool:
    return match.agreed == match.typed


def _rivals(table: Table, best: Match, found: Sequence[Match]) -> list[Match]:
    """Return other places that say something else; another way to read the same bytes is no rival."""
    others: dict[frozenset[int], Match] = {}
    for match in found:
        near = match.bits > best.bits - 6 and not match.place.offsets & best.place.offsets
        if near and match.place.offsets not in others and not twins(table, best.place, match.place):
            others[match.place.offsets] = match
    return list(others.values())[:4]


def _finding(table: Table, best: Match, rivals: Sequence[Match], *, torn: bool) -> Finding[Place]:
    others = tuple(Finding(value=one.place, bits=one.bits, why=_why(one)) for one in rivals)
    coarse = best.place.name in WIDE and best.place.word.width == 1
    doubted = best.missed or best.doubt or restless(table, best.place) or torn or coarse
    bits = min(best.bits, DOUBTED) if doubted else best.bits
    return Finding(value=best.place, bits=bits, why=_why(best), rivals=others)


def _why(match: Match) -> str:
    moves = f"; moves with the voltage (correlation {match.moves:.2f})" if match.moves else ""
    flows = f"; follows the charge that flowed (correlation {match.flows:.2f})" if match.flows else ""
    return f"agrees with {match.agreed} of {match.typed} typed values{moves}{flows}"


def _supported(table: Table, meaning: Meaning) -> None:
    """Add what it is worth that state of charge and remaining charge rise and fall together."""
    soc, remaining = meaning.find("soc"), meaning.find("remaining_capacity")
    if soc is None or remaining is None or meaning.find("full_charge_capacity"):
        return
    pairs = list(zip(soc.value.values(table.series), remaining.value.values(table.series), strict=True))
    ratios = [charge / percent for percent, charge in pairs if percent >= 5]
    steps = len({percent for percent, _ in pairs})
    if steps < 3 or len(ratios) < len(pairs) or max(ratios) > 1.06 * min(ratios):
        return
    for finding in (soc, remaining):
        why = f"{finding.why}; in step with each other in {steps} states"
        bits = finding.bits + 4.0 * min(steps - 1, 4)
        meaning.fields[meaning.fields.index(finding)] = Finding(
            value=finding.value, bits=bits, why=why, rivals=finding.rivals
        )


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _charge(table: Table, meaning: Meaning, flow: Sequence[float]) -> None:
    """Take state of charge, remaining and full charge together where their relation and the labels agree.

    A remaining charge that never moves, and that nobody typed, may be any number.
    """
    typed = {
        name: {match.place.word: match for match in matches(table, name, meaning.taken, little=meaning.little)}
        for name in ("remaining_capacity", "full_charge_capacity")
    }
    percents = matches(table, "soc", meaning.taken, little=meaning.little)
    typed["soc"] = {match.place.word: match for match in percents if match.place.scale == 1}  # as the relation has it
    known = {name: bool(table.seen(name)) for name in typed}

    def fits(name: str, word: Word) -> bool:
        return not known[name] or word in typed[name]

    best: tuple[float, relations.Charge] | None = None
    for bits, places in relations.parts_of_whole(table, meaning.taken, fits):
        bits += sum(typed[place.name][place.word].bits + 8 for place in places if place.word in typed[place.name])
        bits += sum(1.0 for place in places if place.word.width > 1 and place.word.little == meaning.little)
        bits += _form(table, places)
        if best is None or bits > best[0]:
            best = bits, places
    if best is None:
        return
    bits, (soc, part, whole) = best
    bits -= log2(8 * table.series.size**2)
    if bits < 4 or soc.offsets & (part.offsets | whole.offsets) or part.offsets & whole.offsets:
        return
    why = "state of charge = remaining / full charge in every frame"
    meaning.put(Finding(value=soc, bits=bits, why=why))
    scales = [typed[p.name][p.word].place.scale for p in (part, whole) if p.word in typed[p.name]]
    if scales or len(set(table.values(part.word))) > 1:
        _capacities(table, meaning, (part, whole), bits, scales, flow)


def _share(table: Table, meaning: Meaning, flow: Sequence[float]) -> None:
    """Where no byte says the typed state of charge, take two words of which it is the share."""
    typed = {seen.value for _, seen in table.seen("soc")}
    soc = meaning.find("soc")
    doubted = soc is None or (soc.bits < SURE and bool(flow) and following(table, soc.value, flow) < STRANGER)
    if not typed or (len(typed) < 3 and not flow) or meaning.find("remaining_capacity") or not doubted:
        return
    free = meaning.taken - (soc.value.offsets if soc else frozenset())
    found = max(relations.typed_share(table, free, meaning.little, flow), key=lambda one: one[0], default=None)
    if found is None or found[0] < max(LEAST_BITS, soc.bits if soc else 0.0):
        return
    if soc:
        meaning.fields.remove(soc)
        meaning.taken = free
    bits, part, whole = found
    known = [match.place.scale for match in matches(table, "remaining_capacity", meaning.taken, little=meaning.little)]
    meaning.notes.append("soc: no byte says it; what was typed is remaining / full charge")
    _capacities(table, meaning, (part, whole), bits, known[:1], flow)


def _form(table: Table, places: relations.Charge) -> float:
    """Prefer a byte to a word for percent, and of two words that overlap the one whose last byte moves too."""
    soc, part, _ = places
    last = part.word.at if part.word.little else part.word.offsets[-1]
    moves = last in table.moving
    return (0.0 if soc.word.width > 1 else 1.0) + (1.5 if moves else 0.0) + (0.5 if part.word.width > 2 else 0.0)


def _capacities(
    table: Table,
    meaning: Meaning,
    places: tuple[Place, Place],
    bits: float,
    known: Sequence[float],
    flow: Sequence[float],
) -> None:
    """Take remaining and full charge with their scale: as typed, by the charge that flowed, or the likeliest."""
    part, whole = places
    scales = list(known) or relations.likely_scales(whole.word, table.values(whole.word)[0])
    told = "remaining / full charge is the state of charge"
    why = f"{told}; scale as typed"
    if not known and (by_flow := relations.charge_scale(table, part, flow)):
        current = meaning.find("current")
        scales, why = [by_flow.value], f"{told}; {by_flow.why}"
        bits = min(bits, current.bits if current else DOUBTED, DOUBTED)
    elif not known:
        why = f"{told}; the scale is a guess"
        meaning.questions.append("capacities: their scale is a guess; type one, such as remaining=170Ah")
        bits = min(bits, 10.0)
    for place in places if scales else ():
        options = [Place(name=place.name, word=place.word, scale=scale) for scale in scales]
        rivals = tuple(Finding(value=one, bits=bits, why=why) for one in options[1:3])
        meaning.put(Finding(value=options[0], bits=bits, why=why, rivals=rivals if not known else ()))


def _temperatures(table: Table, meaning: Meaning) -> None:
    cells = cells_place(meaning.cells.value) if meaning.cells else None
    groups = thermometers.by_labels(table, meaning.taken, little=meaning.little, cells=cells)
    if groups:
        meaning.notes += thermometers.spare(groups)
        for number, group in enumerate(groups[: vocabulary.MOST_GROUPS], 1):
            name = "temperatures" if number == 1 else f"temperatures_{number}"
            if group.finding.bits > 0:
                meaning.put(replace(group.finding, value=replace(group.finding.value, name=name)))
                meaning.shown[name] = group.shown
        return
    if table.seen("temperatures"):
        return
    sight = thermometers.by_sight(table, meaning.taken)
    if sight and sight.bits > AT_SIGHT:
        meaning.put(sight)


def _unlabelled_current(table: Table, meaning: Meaning, volts: Sequence[float]) -> None:
    """Take the word that moves with the voltage; its scale is a guess until a current is typed."""
    found = [one for one in relations.follows_voltage(table, volts, meaning.taken) if one.bits > LEAST_BITS]
    if not found:
        meaning.questions.append("current: nothing tells it; switch a load or charger and type what the app shows")
        return
    same = [one for one in found if one.bits >= found[0].bits - 2]
    best = next((one for one in same if one.value.word.little == meaning.little), found[0])
    bits = min(best.bits, 10.0)
    sign = 1 if best.value.scale > 0 else -1
    others = tuple(
        Finding(value=Place(name="current", word=best.value.word, scale=sign * scale), bits=bits, why="another scale")
        for scale in (0.1, 0.001)
    )
    meaning.put(Finding(value=best.value, bits=bits, why=f"{best.why}; the scale is a guess", rivals=others))
    meaning.questions.append("current: its scale is a guess; type one that is not 0, such as -3.2A")
