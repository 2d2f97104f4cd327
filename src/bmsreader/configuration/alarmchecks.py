"""What no single setting of the alarms can get wrong: limits, what is looked at, and which batteries."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from bmsreader.configuration.finding import Finding, Values
from bmsreader.configuration.slugs import slug_of
from bmsreader.model.quantity import AGE, QUANTITIES, quantity
from bmsreader.protocol.shape import suggestion

GROUPS = ("all", "batteries", "banks")
"""Words that stand for several batteries."""


def alarm_findings(tables: Mapping[str, Sequence[Values]]) -> Iterator[Finding]:
    """Yield all of them."""
    known = _names([*tables["battery"], *tables["bank"]])
    banks = {"all", "banks", *_names(tables["bank"])}
    found_too = bool(tables["gateway"][0].get("discover", True))
    seen: set[str] = set()
    for number, alarm in enumerate(tables["alarm"]):
        yield from _rule(number, alarm, banks)
        yield from _batteries("alarm", number, alarm, known, found_too)
        yield from _again("alarm", number, alarm, seen)
    seen = set()
    for number, notify in enumerate(tables["notify"]):
        if not notify.get("url") and "url" in notify and not notify.get("url_file"):
            words = "is missing; [[notify]] needs it, or url_file"
            yield Finding(section="notify", number=number, key="url", words=words)
        yield from _batteries("notify", number, notify, known, found_too)
        yield from _again("notify", number, notify, seen)


def _rule(number: int, alarm: Values, banks: Collection[str]) -> Iterator[Finding]:
    def wrong(key: str, words: str, *, is_warning: bool = False) -> Finding:
        return Finding(section="alarm", number=number, key=key, words=words, is_warning=is_warning)

    field = alarm.get("field")
    if "below" in alarm and "above" in alarm:
        limits = [key for key in ("below", "above") if alarm[key] is not None]
        if not limits:
            yield wrong("below", "is missing; a rule needs one limit: below or above")
        elif len(limits) == 2:
            yield wrong("above", "a rule has one limit: make two rules of it, one with below and one with above")
        elif field == AGE and limits == ["below"]:
            yield wrong("below", "values are never too young: age has an upper limit, above")
    if field is None or field == AGE:
        if field == AGE and alarm.get("only", "always") != "always":
            yield wrong("only", "is of no use here: without fresh values nobody knows whether current flows")
        return
    found = quantity(field)
    if found is None:
        yield wrong("field", f"no battery has {field!r}{suggestion(field, [*QUANTITIES, AGE, 'cell_1'])}")
    elif found.of_bank is not None and not any(name.casefold() in banks for name in alarm.get("batteries", ())):
        yield wrong("batteries", f'only banks have {field}: set batteries = ["banks"], or the name of one')


def _names(tables: Sequence[Values]) -> dict[str, str]:
    """Return under what batteries and banks may be named, in small letters, and how it is written."""
    found: dict[str, str] = {}
    for table in tables:
        called = [table.get(key) for key in ("name", "id", "address")]
        if table.get("name"):
            called.append(slug_of(table["name"]))
        found |= {name.casefold(): name for name in called if name}
    return found


def _batteries(
    section: str, number: int, table: Values, known: Mapping[str, str], found_too: bool
) -> Iterator[Finding]:
    """Yield the names that no battery has; one that is found may have any name, so then it is only odd."""
    for name in table.get("batteries", ()):
        if name.casefold() in {*known, *GROUPS}:
            continue
        near = suggestion(name, [*known.values(), *GROUPS])
        if "did you mean" in near:
            yield _unknown(section, number, f"there is no battery {name!r}{near}")
        elif found_too:
            words = f"no battery {name!r} is listed: this counts for one that is found under this name"
            yield _unknown(section, number, words, is_warning=True)
        else:
            yield _unknown(section, number, f"there is no battery {name!r}{_listed(known)}")


def _unknown(section: str, number: int, words: str, *, is_warning: bool = False) -> Finding:
    return Finding(section=section, number=number, key="batteries", words=words, is_warning=is_warning)


def _listed(known: Mapping[str, str]) -> str:
    return f"; there are: {', '.join(sorted(set(known.values())))}" if known else ""


def _again(section: str, number: int, table: Values, seen: set[str]) -> Iterator[Finding]:
    """Yield a name that another table has, too."""
    name = table.get("name")
    if name is None:
        return
    if name.casefold() in seen:
        words = f"{name!r} is the name of another [[{section}]] too: each needs its own"
        yield Finding(section=section, number=number, key="name", words=words)
    seen.add(name.casefold())
