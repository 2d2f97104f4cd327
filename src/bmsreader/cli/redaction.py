"""Take out of a text what belongs to the owner alone, and let the same thing always become the same pseudonym."""

import base64
import ipaddress
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bmsreader.configuration.slugs import slug_of

PRIVATE_KEYS = {
    "name": "NAME",
    "slug": "NAME",
    "ssid": "NAME",
    "client_id": "NAME",
    "id": "ADDRESS",
    "battery": "ADDRESS",
    "address": "ADDRESS",
    "serial": "SERIAL",
    "serial_number": "SERIAL",
    "host": "HOST",
    "hostname": "HOST",
    "user": "USER",
    "username": "USER",
    "password": "SECRET",
    "token": "SECRET",
    "secret": "SECRET",
}
"""Keys whose texts are private wherever they stand, and what their pseudonyms begin with."""

PUBLIC_WORDS = frozenset(
    (
        *(
            "battery",
            "bmsreader",
            "bridge",
            "default",
            "false",
            "gateway",
            "history",
            "homeassistant",
            "influx",
            "lines",
        ),
        *("localhost", "log", "mqtt", "none", "null", "prometheus", "proxy", "root", "simulated", "store", "true"),
        *("address", "host", "ip", "name", "password", "secret", "serial", "token", "user", "webhook"),
    )
)
"""Words of this program: an owner who uses one as a name is not known by it."""
PUBLIC_FORMS = re.compile(r"hci\d+|simulated:\d+|\*+|(?:NAME|ADDRESS|SERIAL|HOST|USER|SECRET|IP)-\d+", re.ASCII)

SHORT = 4
"""A word shorter than this is taken out only where it stands alone."""

GATT = re.compile(r"(?i)0000[0-9a-f]{4}-0000-1000-8000-00805f9b34fb|6e40000[0-9]-b5a3-f393-e0a9-e50e24dcca9e")
MAC = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?:([:_.-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Fa-f])")
BARE_MAC = re.compile(r"(?<![0-9A-Za-z-])(?=\d*[A-Fa-f])[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
UUID = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])")
MACHINE_ID = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])")
LOCAL_HOST = re.compile(r"(?i)(?<![\w.-])(?:[\w-]+\.)+(?:local|lan|home|internal|box|fritz\.box|home\.arpa)(?![\w-])")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HOME = re.compile(r"(?:(?<=/home/)|(?<=/Users/)|(?<=\\Users\\))[^/\\\s\"':,;]+")
BY_ID = re.compile(r"(?<=/dev/serial/by-id/)[^\s\"',;]+")
USERINFO = re.compile(r"(?<=://)[^\s/@\"']+(?=@)")
BEARER = re.compile(r"(?i)(?<=\bBearer )\S+|(?<=\bBasic )\S{6,}|(?<=\bToken )\S{6,}")
ASSIGNED = re.compile(
    r"""(?i)(?P<key>\b[\w-]*(?:password|passwd|passphrase|token|secret|api[_-]?key|authorization|cookie)["']?\s*[:=]\s*)
    (?!(?:Bearer|Basic|Token)\b)(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,;&"'}\]]+)""",
    re.VERBOSE,
)
SERIAL_WORD = re.compile(r"(?i)(?P<key>\bserial(?:[ _-]?(?:number|no\.?|nr\.?))?\s*[:=#]\s*)(?P<value>[\w.-]+)")


class Redactor:
    """Knows what is private, learns more from what it is shown, and takes it out."""

    def __init__(self, *, name_beginnings: tuple[str, ...] = ()) -> None:
        """``name_beginnings``: how the names begin that batteries advertise; they hold serial numbers."""
        self._pseudonyms: dict[str, str] = {}
        self._spellings: set[str] = set()
        self._counts: dict[str, int] = {}
        self._canon: dict[tuple[str, str], str] = {}
        self._pattern: re.Pattern[str] | None = None
        starts = "|".join(re.escape(start) for start in sorted(name_beginnings, key=len, reverse=True))
        self._advertised = re.compile(rf"(?i)(?<![\w-])(?:{starts})[\w-]+") if starts else None

    def learn(self, kind: str, word: str, *, surely: bool = False) -> None:
        """Take a word out from now on, in every way in which it may be written; ``surely`` also a word of ours."""
        word = word.strip()
        known = word.lower() in self._pseudonyms or PUBLIC_FORMS.fullmatch(word)
        if not word or known or (word.lower() in PUBLIC_WORDS and not surely):
            return
        pseudonym = self._pseudonym(kind, word)
        for spelling in spellings(kind, word):
            self._pseudonyms.setdefault(spelling.lower(), pseudonym)
            self._spellings.add(spelling)
        self._pattern = None

    def _pseudonym(self, kind: str, word: str) -> str:
        canon = slug_of(word) if kind == "NAME" else re.sub(r"[:_.-]", "", word).casefold()
        if (kind, canon) not in self._canon:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._canon[kind, canon] = f"{kind}-{self._counts[kind]}"
        return self._canon[kind, canon]

    def learn_from(self, data: Any) -> None:
        """Learn from anything that JSON can hold, or a text."""
        if isinstance(data, str):
            for kind, word in self._found_in(data):
                self.learn(kind, word)
        elif isinstance(data, Mapping):
            for key, value in data.items():
                private = PRIVATE_KEYS.get(str(key).lower())
                if private and isinstance(value, str):
                    self.learn(private, value)
                self.learn_from(value)
        elif isinstance(data, (list, tuple)):
            for item in data:
                self.learn_from(item)

    def _found_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield what looks private by its form."""
        patterns = (
            ("SECRET", USERINFO),
            ("SECRET", BEARER),
            ("ADDRESS", MAC),
            ("ADDRESS", BARE_MAC),
            ("SERIAL", BY_ID),
            ("SERIAL", MACHINE_ID),
            ("USER", HOME),
            ("USER", EMAIL),
            ("HOST", LOCAL_HOST),
        )
        for kind, pattern in patterns:
            yield from ((kind, match.group()) for match in pattern.finditer(text))
        yield from (("SECRET", match["value"].strip("\"'")) for match in ASSIGNED.finditer(text))
        yield from (("SERIAL", match["value"]) for match in SERIAL_WORD.finditer(text))
        yield from (("ADDRESS", match.group()) for match in UUID.finditer(text) if not GATT.fullmatch(match.group()))
        yield from (("IP", word) for pattern in (IPV4, IPV6) for word in _addresses(pattern, text))
        if self._advertised:
            yield from (("NAME", match.group()) for match in self._advertised.finditer(text))

    def text(self, text: str) -> str:
        """Return a text without anything private."""
        self.learn_from(text)
        if self._pattern is None:
            self._pattern = self._compiled()
        text = UUID.sub(lambda match: match.group() if GATT.fullmatch(match.group()) else self._known(match), text)
        return self._pattern.sub(self._known, text) if self._pseudonyms else text

    def _known(self, match: re.Match[str]) -> str:
        return self._pseudonyms.get(match.group().lower(), "PRIVATE")

    def data(self, data: Any) -> Any:
        """Return anything that JSON can hold without what is private; keys that are texts of the owner's too."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, Mapping):
            return {str(key): self.data(value) for key, value in data.items()}
        if isinstance(data, (list, tuple)):
            return [self.data(item) for item in data]
        return data

    def _compiled(self) -> re.Pattern[str]:
        """Return a pattern that finds every spelling, the longest first."""
        words = sorted(self._spellings, key=len, reverse=True)
        return re.compile("|".join(map(_standing, words)), re.IGNORECASE)


def _standing(word: str) -> str:
    escaped = re.escape(word)
    return escaped if len(word) >= SHORT else rf"(?<![0-9A-Za-z]){escaped}(?![0-9A-Za-z])"


def _addresses(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield what is an IP address of somebody: not of this computer, and not "all"."""
    for match in pattern.finditer(text):
        try:
            address = ipaddress.ip_address(match.group())
        except ValueError:
            continue
        if not (address.is_loopback or address.is_unspecified):
            yield match.group()


def spellings(kind: str, word: str) -> Iterator[str]:
    """Yield the ways in which a word may be written: as it is, in JSON, in a URL, as Base64, in hex digits."""
    yield from {word, unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)}
    for encoded in (json.dumps(word), json.dumps(word, ensure_ascii=False), repr(word)):
        yield encoded[1:-1]
    yield quote(word)
    yield quote(word, safe="")
    if kind == "NAME":
        yield slug_of(word)
        yield slug_of(word).replace("-", "_")
    if kind == "ADDRESS" and (MAC.fullmatch(word) or BARE_MAC.fullmatch(word)):
        yield from _mac_spellings(re.sub(r"[^0-9A-Fa-f]", "", word))
    raw = word.encode("utf-8", "surrogatepass")
    if len(raw) >= SHORT:
        yield base64.b64encode(raw).decode().rstrip("=")
        yield raw.hex()
        yield raw.hex(" ")


def _mac_spellings(digits: str) -> Iterator[str]:
    pairs = [digits[index : index + 2] for index in range(0, 12, 2)]
    for order in (pairs, pairs[::-1]):
        for joint in ("", ":", "-", "_", ".", " "):
            yield joint.join(order)
