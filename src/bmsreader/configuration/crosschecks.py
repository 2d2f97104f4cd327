"""What no single setting can get wrong: the same battery twice, a half without the other, things without a base."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from bmsreader.configuration.alarmchecks import alarm_findings
from bmsreader.configuration.banks import known_names
from bmsreader.configuration.finding import Finding, Values
from bmsreader.configuration.slugs import slug_of
from bmsreader.model.arrangement import parse_arrangement
from bmsreader.model.errors import ConfigurationError
from bmsreader.protocol.shape import suggestion

ADDRESS = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)
NEARLY_ADDRESS = re.compile(r"[0-9A-Z]{1,2}([:-])[0-9A-Z]{1,2}(\1[0-9A-Z]{1,2}){2,6}", re.IGNORECASE)
PUBLISHERS = frozenset({"mqtt", "homeassistant", "prometheus", "lines", "log"})
"""Names that destinations of other kinds have."""


def findings(tables: Mapping[str, Sequence[Values]], *, protocols: Collection[str]) -> Iterator[Finding]:
    """Yield all of them; ``protocols`` are the ids of the descriptions that are known."""
    for number, battery in enumerate(tables["battery"]):
        yield from _battery(number, battery, protocols, tables["gateway"][0].get("adapters", ()))
    yield from _doubles(tables["battery"])
    yield from _banks(tables["bank"], tables["battery"])
    yield from _nothing_to_read(tables)
    for mqtt in tables["mqtt"]:
        yield from _mqtt(mqtt)
    yield from _listen(tables["prometheus"])
    for web in tables["web"]:
        if web.get("key_file") and not web.get("certificate_file"):
            yield Finding(section="web", number=0, key="key_file", words="a key needs its certificate: set it too")
    yield from _names([("influx", table) for table in tables["influx"]], [("webhook", t) for t in tables["webhook"]])
    yield from _without_history(tables)
    yield from alarm_findings(tables)


def _battery(number: int, battery: Values, protocols: Collection[str], adapters: Sequence[str]) -> Iterator[Finding]:
    protocol, adapter, address = (battery.get(key) for key in ("protocol", "adapter", "address"))
    if protocol is not None and protocol not in protocols:
        words = f"there is no protocol {protocol!r}{suggestion(protocol, protocols)}"
        yield Finding(section="battery", number=number, key="protocol", words=words)
    if adapter is not None and adapters and adapter not in adapters:
        words = f"{adapter!r} is not among gateway.adapters: {', '.join(adapters)}"
        yield Finding(section="battery", number=number, key="adapter", words=words)
    if address and not ADDRESS.fullmatch(address) and NEARLY_ADDRESS.fullmatch(address):
        words = f"{address!r} is no Bluetooth address: that is six pairs of 0-9 and A-F, such as C8:47:80:12:34:56"
        yield Finding(section="battery", number=number, key="address", words=words)


def _banks(banks: Sequence[Values], batteries: Sequence[Values]) -> Iterator[Finding]:
    listed = [battery for battery in batteries if "name" in battery]
    known = known_names(battery["name"] for battery in listed)
    off = {slug_of(battery["name"]) for battery in listed if not battery.get("enabled", True)}
    taken = dict.fromkeys(known.values(), "a battery")
    for number, bank in enumerate(banks):
        if "name" in bank:
            slug = slug_of(bank["name"])
            if slug in taken:
                words = (
                    f"{bank['name']!r} is the name of {taken[slug]} too: both would be {slug!r} in topics and labels"
                )
                yield Finding(section="bank", number=number, key="name", words=words)
            taken.setdefault(slug, "another bank")
        if "arrangement" in bank:
            yield from _arrangement(number, bank["arrangement"], known, off)


def _arrangement(number: int, text: str, known: Mapping[str, str], off: Collection[str]) -> Iterator[Finding]:
    try:
        found = parse_arrangement(text, known)
    except ConfigurationError as error:
        hint = "" if known else "; a bank is made of batteries that are listed in [[battery]]"
        yield Finding(section="bank", number=number, key="arrangement", words=f"{error}{hint}")
        return
    for slug in found.packs:
        if slug in off:
            words = f"{slug!r} is not read (enabled = false), so the bank will never see it"
            yield Finding(section="bank", number=number, key="arrangement", words=words, is_warning=True)


def _nothing_to_read(tables: Mapping[str, Sequence[Values]]) -> Iterator[Finding]:
    enabled = any(battery.get("enabled", True) for battery in tables["battery"])
    if not enabled and not tables["gateway"][0].get("discover", True):
        words = "no battery is listed and enabled, and none is looked for: nothing will be read"
        yield Finding(section="gateway", number=0, key="discover", words=words, is_warning=True)


def _doubles(batteries: Sequence[Values]) -> Iterator[Finding]:
    def same_name(one: Values, other: Values) -> str | None:
        return f"{one['name']!r} is the name of another battery too" if _folded(one, other, "name") else None

    def same_slug(one: Values, other: Values) -> str | None:
        if "name" not in one or "name" not in other or slug_of(one["name"]) != slug_of(other["name"]):
            return None
        words = f"{one['name']!r} and {other['name']!r} are both {slug_of(one['name'])!r} in topics and labels"
        return f"{words}: choose names that differ in more"

    def same_address(one: Values, other: Values) -> str | None:
        return f"{one['address']!r} is the address of another battery too" if _folded(one, other, "address") else None

    def same_id(one: Values, other: Values) -> str | None:
        mine, its = (table.get("id") or table.get("address") for table in (one, other))
        given = one.get("id") or other.get("id")
        if not given or not mine or not its or mine.casefold() != its.casefold():
            return None
        return f"{mine!r} is the key of another battery's history too"

    rules: tuple[tuple[str, Callable[[Values, Values], str | None]], ...] = (
        ("name", same_name),
        ("name", same_slug),
        ("address", same_address),
        ("id", same_id),
    )
    for number, battery in enumerate(batteries):
        said = set()
        for key, rule in rules:
            words = next((words for earlier in batteries[:number] if (words := rule(battery, earlier))), None)
            if words and key not in said:
                said.add(key)
                yield Finding(section="battery", number=number, key=key, words=words)


def _folded(one: Values, other: Values, key: str) -> bool:
    return key in one and key in other and one[key].casefold() == other[key].casefold()


def _mqtt(mqtt: Values) -> Iterator[Finding]:
    def finding(key: str, words: str, *, is_warning: bool = False) -> Finding:
        return Finding(section="mqtt", number=0, key=key, words=words, is_warning=is_warning)

    if mqtt.get("certificate_file") and not mqtt.get("key_file"):
        yield finding("certificate_file", "a certificate needs its key: set key_file too")
    if mqtt.get("key_file") and not mqtt.get("certificate_file"):
        yield finding("key_file", "a key needs its certificate: set certificate_file too")
    if not mqtt.get("tls"):
        for key in ("ca_file", "certificate_file", "key_file"):
            if mqtt.get(key):
                yield finding(key, "is of no use without tls = true")
    if mqtt.get("tls") and mqtt.get("port") == 1883:
        yield finding("port", "1883 is the port without encryption; with tls it is usually 8883", is_warning=True)
    if not mqtt.get("tls") and mqtt.get("port") == 8883:
        yield finding("port", "8883 is the port with encryption: it needs tls = true", is_warning=True)
    if mqtt.get("password") and not mqtt.get("username"):
        yield finding("password", "most brokers want a username with it", is_warning=True)


def _listen(tables: Sequence[Values]) -> Iterator[Finding]:
    for table in tables:
        port = table.get("listen", ":0").rpartition(":")[2]
        if int(port) > 65535:
            yield Finding(section="prometheus", number=0, key="listen", words=f"there is no port {port}")


def _names(*kinds: Sequence[tuple[str, Values]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for tables in kinds:
        for number, (section, table) in enumerate(tables):
            name = table.get("name")
            if name is None:
                continue
            if name.casefold() in seen | PUBLISHERS:
                words = f"{name!r} is the name of another destination too: each needs its own"
                yield Finding(section=section, number=number, key="name", words=words)
            seen.add(name.casefold())


def _without_history(tables: Mapping[str, Sequence[Values]]) -> Iterator[Finding]:
    if tables["store"][0].get("enabled", True):
        return
    words = "sends what the history keeps: it needs store.enabled = true"
    for section, key in (("influx", "url"), ("webhook", "url"), ("lines", "path")):
        for number in range(len(tables[section])):
            yield Finding(section=section, number=number, key=key, words=words)
    for mqtt in tables["mqtt"]:
        if mqtt.get("history"):
            yield Finding(section="mqtt", number=0, key="history", words=words)
